/** The three hosts: started, stopped, and asked what they really present. */
import { connect } from "node:net";
import { removeContainer, startContainer } from "../docker/containers.js";
import { inspectContainer } from "../docker/inspect.js";
import { ensureNetwork } from "../docker/networks.js";
import { fail } from "../../src/errors/catalogue.js";
import { hostRole, userRole, type SshRole } from "../../src/roles.js";
import { lab as names, type HostName } from "../../src/settings.js";
import type { Certificate } from "../../src/ssh/certificate.js";
import { isValidAt } from "../../src/ssh/certificate-validity.js";
import { parsePublicKey } from "../../src/ssh/public-key.js";
import { scanHostCertificates } from "../../src/ssh/scan.js";
import { requireToken } from "../../src/vault/token.js";
import { hostImage } from "../images.js";
import type { Lab } from "../lab.js";
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
  const { port, certified } = names.hosts[host];
  await ensureNetwork(engine, names.network);
  const outcome = await lab.progress.during(`starting ${host}`, async () =>
    startContainer(
      engine,
      {
        name: host,
        image: hostImage(host).tag,
        places: [{ network: names.network }],
        env: certified ? await certificateEnvironment(lab, host) : {},
        port: { inside: 22, outside: port },
        files: certified ? [{ path: "/run/secrets/vault-token", content: requireToken(lab.settings.vault), mode: 0o400 }] : [],
        capabilities,
      },
      {
        what: certified ? "sshd to present a certificate of the host CA for each of its keys" : "sshd to answer",
        seconds: 30,
        again: `npm run stop-${host} && npm run start-${host}`,
        check: () => isServing(lab, host),
      },
    ),
  );
  const state = outcome === "kept" ? "runs already" : "started";
  lab.progress.say(`${host} ${state} on 127.0.0.1:${String(port)}; stop it: npm run stop-${host}`);
}

export async function stopHost(lab: Lab, host: HostName): Promise<void> {
  const stopped = await removeContainer(await lab.engine(), host);
  lab.progress.say(stopped ? `${host} stopped` : `${host} was not running`);
}

/** Whether the host's container runs and its sshd does what it is there for. */
export async function isHostUp(lab: Lab, host: HostName): Promise<boolean> {
  const container = await inspectContainer(await lab.engine(), host);
  return container?.running === true && container.ours && (await isServing(lab, host));
}

/** What ssh-trust-host is told on one of the three hosts. */
async function certificateEnvironment(lab: Lab, host: HostName): Promise<Record<string, string>> {
  return {
    ...(await hostEnvironment(lab, hostRole, [names.hostName])),
    ...(!names.hosts[host].authorizedKeys
      ? { SSH_TRUST_USER_MOUNT: userRole.mount, SSH_TRUST_USER_CA: await caFingerprint(lab, userRole) }
      : {}),
  };
}

/** What ssh-trust-host is told to have host keys signed by a role; see its head. */
export async function hostEnvironment(lab: Lab, role: SshRole, principals: readonly string[]): Promise<Record<string, string>> {
  const address = await vaultForContainers(lab);
  const { namespace } = lab.settings.vault;
  return {
    VAULT_ADDR: address,
    ...(address.startsWith("http:") ? { SSH_TRUST_ALLOW_HTTP: "yes" } : {}),
    ...(namespace === undefined ? {} : { VAULT_NAMESPACE: namespace }),
    SSH_TRUST_HOST_SIGN: `${role.mount}/sign/${role.name}`,
    SSH_TRUST_HOST_CA: await caFingerprint(lab, role),
    SSH_TRUST_PRINCIPALS: principals.join(","),
    SSH_TRUST_RETRY_MAX: "5",
  };
}

async function caFingerprint(lab: Lab, role: SshRole): Promise<string> {
  const key = await lab.vault.caPublicKey(role.mount);
  if (key === undefined) throw fail("CA_NOT_GENERATED", { mount: role.mount, task: role.tasks.generate });
  return parsePublicKey(key).fingerprint;
}

async function isServing(lab: Lab, host: HostName): Promise<boolean> {
  const { port, certified } = names.hosts[host];
  if (!(await answersAsSsh(port))) return false;
  if (!certified) return true;
  const ca = await caFingerprint(lab, hostRole);
  const certificates = await scanHostCertificates({ host: "127.0.0.1", port, timeoutSeconds: 3 });
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
