/** A host of the lab's fleet in a plain container: an sshd, the script, and what `ssh-trust host add` hands over. */
import { makeHostKeys } from "../../lab/matrix/script-host.js";
import { settingLines } from "../../src/host/settings.js";
import { parsePublicKey } from "../../src/ssh/public-key.js";
import { lab } from "./cloud.js";
import { docker, labNames, run, succeeds, type Ran } from "./project.js";

const domain = "lab.test";
const rolesAt = `auth/ssh-trust/hosts/${domain}/role`;

export interface Answer {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Asks the lab's Vault. @param token root's where it is left out */
export async function vault(
  path: string,
  { body, method, token = "root-token", wrapped }: { body?: unknown; method?: string; token?: string; wrapped?: string } = {},
): Promise<Answer> {
  const answer = await fetch(`${lab.vault.address}/v1/${path}`, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: { "X-Vault-Token": token, ...(wrapped === undefined ? {} : { "X-Vault-Wrap-TTL": wrapped }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const { data, wrap_info: wrap, auth } = (text === "" ? {} : JSON.parse(text)) as Record<string, object | null>;
  return { status: answer.status, data: { ...data, ...wrap, ...auth } };
}

export interface Machine {
  readonly container: string;
  /** As root. */
  readonly sh: (script: string, env?: Readonly<Record<string, string>>) => Promise<Ran>;
  readonly printed: (script: string) => Promise<string>;
  /** Makes its identity anew and hands it over. @returns what was handed over */
  readonly handOver: () => Promise<string>;
  /** Its entry in the inventory. */
  readonly entry: () => Promise<Readonly<Record<string, unknown>> | undefined>;
}

export interface MachineOptions {
  readonly group?: string;
  /** What its settings say beside, or otherwise. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The lab's name of its image. */
  readonly image?: string;
}

/** @param name without the domain */
export async function startMachine(
  name: string,
  { group = "web", settings = {}, image = "sshd" }: MachineOptions = {},
): Promise<Machine> {
  const container = labNames.container(name);
  await docker("rm", "-f", container);
  const place = [
    "--name",
    container,
    "--hostname",
    name,
    "--network",
    labNames.network,
    "--tmpfs",
    "/run",
    "--tmpfs",
    "/small:size=16k",
    "--entrypoint",
    "tini",
  ];
  await succeeds(docker("run", "-d", ...place, labNames.image(image), "--", "sleep", "1200"));
  const sh: Machine["sh"] = (script, env = {}) =>
    docker("exec", ...Object.entries(env).flatMap(([key, value]) => ["-e", `${key}=${value}`]), container, "bash", "-c", script);
  const write = (path: string, text: string) =>
    succeeds(run("docker", ["exec", "-i", container, "sh", "-c", `umask 077; cat >'${path}'`], { input: text }));
  const key = async (mount: string) => parsePublicKey(await lab.vault.requireCaPublicKey(mount)).fingerprint;
  const [hostCa, userCa] = [await key("cloud-host-ssh"), await key("cloud-user-ssh")];
  await succeeds(sh(`mkdir -m 0700 /etc/ssh-trust; ${makeHostKeys}; mkdir -p /run/sshd; /usr/sbin/sshd -E /var/log/sshd`));
  await write(
    "/etc/ssh-trust/host.conf",
    settingLines({
      VAULT_ADDR: `http://${labNames.container("vault")}:8200`,
      SSH_TRUST_ALLOW_HTTP: "yes",
      SSH_TRUST_HOST_SIGN: `cloud-host-ssh/sign/${group}`,
      SSH_TRUST_HOST_CA: hostCa,
      SSH_TRUST_USER_MOUNT: "cloud-user-ssh",
      SSH_TRUST_USER_CA: userCa,
      SSH_TRUST_PRINCIPALS: `${name}.${domain}`,
      SSH_TRUST_GROUP: group,
      SSH_TRUST_LOGIN: `auth/ssh-trust/hosts/${domain}`,
      SSH_TRUST_ROLE: name,
      SSH_TRUST_ENTRY: `ssh-trust/data/hosts/${name}.${domain}`,
      SSH_TRUST_RENEW_AT: "33",
      SSH_TRUST_RETRY_MAX: "2",
      ...settings,
    }),
  );
  return {
    container,
    sh,
    printed: async (script) => (await sh(script)).stdout,
    async handOver() {
      await vault(`${rolesAt}/${name}`, { method: "DELETE" });
      await vault(`ssh-trust/metadata/hosts/${name}.${domain}`, { method: "DELETE" });
      await vault(`${rolesAt}/${name}`, {
        body: { token_policies: `ssh-trust-host-${group}`, secret_id_ttl: "840h", token_max_ttl: "24h" },
      });
      const { data: role } = await vault(`${rolesAt}/${name}/role-id`);
      const { data: secret } = await vault(`${rolesAt}/${name}/secret-id`, { body: {}, wrapped: "1h" });
      await write("/etc/ssh-trust/role-id", String(role["role_id"]));
      await write("/etc/ssh-trust/wrapped", String(secret["token"]));
      await write("/etc/ssh-trust/wrapped-until", String(Math.floor(Date.now() / 1000) + 3600));
      return String(secret["token"]);
    },
    entry: async () =>
      (await vault(`ssh-trust/data/hosts/${name}.${domain}`)).data["data"] as Record<string, unknown> | undefined,
  };
}
