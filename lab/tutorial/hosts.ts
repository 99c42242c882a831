/** The three hosts: started, stopped, and asked what they really present. */
import { connect } from "node:net";
import { removeContainer, startContainer } from "../docker/containers.js";
import { inspectContainer } from "../docker/inspect.js";
import { ensureNetwork } from "../docker/networks.js";
import { hostRole, userRole } from "../roles.js";
import type { SshRole } from "../../src/roles.js";
import { hostConfiguration, type HostConfiguration, type HostRequest } from "../../src/host/environment.js";
import { task } from "../errors/task.js";
import { hostName, hosts, type HostName } from "../story.js";
import type { Certificate } from "../../src/ssh/certificate.js";
import { isValidAt } from "../../src/ssh/certificate-validity.js";
import { parsePublicKey } from "../../src/ssh/public-key.js";
import { scanHost } from "../../src/ssh/scan.js";
import { requireToken } from "../../src/vault/token.js";
import type { Lab } from "../lab.js";
import { curlrc } from "./curlrc.js";
import { vaultForContainers } from "./vault-server.js";

/** What sshd needs: to become the user, to own the terminal, to chroot its unprivileged half. */
export const capabilities = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "SETUID",
  "SETGID",
  "SYS_CHROOT",
  "KILL",
  "NET_BIND_SERVICE",
  "AUDIT_WRITE",
];

export async function startHost(lab: Lab, host: HostName): Promise<void> {
  const engine = await lab.engine();
  const { certified } = hosts[host];
  const port = lab.names.ports[host];
  const name = lab.names.container(host);
  await ensureNetwork(engine, lab.names.network);
  const outcome = await lab.progress.during(`starting ${name}`, async () =>
    startContainer(
      engine,
      {
        name,
        image: lab.names.image(host),
        places: [{ network: lab.names.network }],
        ...(certified ? await configureStorysHost(lab, host) : { env: {}, files: [] }),
        port: { inside: 22, outside: port },
        capabilities,
      },
      {
        what: certified ? "sshd to present a certificate of the host CA for each of its keys" : "sshd to answer",
        seconds: 30,
        again: `${task(`stop-${host}`)} && ${task(`start-${host}`)}`,
        check: () => isServing(lab, host),
        signal: lab.signal,
      },
    ),
  );
  const state = outcome === "kept" ? "runs already" : "started";
  lab.progress.say(`${name} ${state} on 127.0.0.1:${String(port)}; stop it: ${task(`stop-${host}`)}`);
}

export async function stopHost(lab: Lab, host: HostName): Promise<void> {
  const name = lab.names.container(host);
  const stopped = await removeContainer(await lab.engine(), name);
  lab.progress.say(stopped ? `${name} stopped` : `${name} was not running`);
}

/** Whether the host's container runs and its sshd does what it is there for. */
export async function isHostUp(lab: Lab, host: HostName): Promise<boolean> {
  const container = await inspectContainer(await lab.engine(), lab.names.container(host));
  return container?.running === true && container.ours && (await isServing(lab, host));
}

/** What ssh-trust-host is told on one of the three hosts. */
async function configureStorysHost(lab: Lab, host: HostName): Promise<HostConfiguration> {
  const token = requireToken(lab.settings.vault);
  const asked = { role: hostRole, principals: [hostName], token };
  if (hosts[host].authorizedKeys) return configureHost(lab, asked);
  return configureHost(lab, { ...asked, userCa: { mount: userRole.mount, key: await caKeyOf(lab, userRole) } });
}

/** What a host of the lab is told to have its keys signed by a role. */
export async function configureHost(
  lab: Lab,
  asked: Pick<HostRequest, "role" | "principals" | "token" | "userCa">,
): Promise<HostConfiguration> {
  const vault = await vaultForContainers(lab);
  const { env, files } = await hostConfiguration({ ...asked, vault, hostCa: await caKeyOf(lab, asked.role), retryMax: 5 });
  const { VAULT_CACERT: caCert, VAULT_CLIENT_CERT: cert, VAULT_CLIENT_KEY: key } = env;
  const client = cert === undefined || key === undefined ? {} : { client: { cert, key } };
  const rc = curlrc({ ...(caCert === undefined ? {} : { caCert }), ...client });
  return { env, files: rc === "" ? files : [...files, { path: "/root/.curlrc", content: rc, mode: 0o400 }] };
}

const caKeyOf = async (lab: Lab, { mount }: Pick<SshRole, "mount">) => parsePublicKey(await lab.vault.requireCaPublicKey(mount));

async function isServing(lab: Lab, host: HostName): Promise<boolean> {
  const { certified } = hosts[host];
  const port = lab.names.ports[host];
  if (!(await answersAsSsh(port))) return false;
  if (!certified) return true;
  const ca = (await caKeyOf(lab, hostRole)).fingerprint;
  const { certificates, leftOut } = await scanHost({ host: "127.0.0.1", port, timeoutSeconds: 3 });
  if (leftOut.some(({ kind }) => kind === "unreadable")) return false;
  const good = (certificate: Certificate) => certificate.signatureKey.fingerprint === ca && isValidAt(certificate, new Date());
  return certificates.length === 3 && certificates.every(good);
}

/** Whether something on the port begins with SSH's banner (RFC 4253, 4.2). */
function answersAsSsh(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: 2000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("data", (data: Buffer) => {
      end(data.toString("latin1").startsWith("SSH-2.0-"));
    });
    for (const event of ["error", "timeout", "close"]) {
      socket.once(event, () => {
        end(false);
      });
    }
  });
}
