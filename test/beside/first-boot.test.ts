/**
 * From `ssh-trust host add` to a host that people can trust: by the real cloud-init, under the real systemd, on Debian 12 with an
 * sshd that the boot starts, and on Debian 13 with one that ssh.socket starts.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { ensureNetwork } from "../../lab/docker/networks.js";
import { readLabFleet } from "../../lab/fleet/fleet.js";
import { ensureMachineImage } from "../../lab/machine/image.js";
import type { Machine } from "../../lab/machine/machine.js";
import { startMachine, type MachineOptions } from "../../lab/machine/start.js";
import { testedSuites } from "../../lab/matrix/images.js";
import { registrarPolicy } from "../../src/fleet/policies/registrar.js";
import { scanHost } from "../../src/ssh/scan.js";
import { lab } from "../support/cloud.js";
import { vault } from "../support/enrolled.js";
import { taskInHost as task } from "../support/in-host.js";
import { labNames, run, sshTrustFile, succeeds, until, type Ran } from "../support/project.js";

jest.setTimeout(240_000);

let folder = "";
let registrar = "";
const machines: Machine[] = [];

const sshTrust = (...args: string[]): Promise<Ran> =>
  run(process.execPath, [sshTrustFile, ...args], { cwd: folder, env: { VAULT_ADDR: lab.vault.address, VAULT_TOKEN: registrar } });

/** As `host add` wrote it; but Vault has another address for containers. */
async function handedOver(name: string): Promise<string> {
  const file = join(folder, name);
  await sshTrust("host", "remove", "--yes", `${name}.lab.test`); // of an earlier run
  await succeeds(sshTrust("host", "add", `${name}.lab.test`, "--out", file));
  const text = await readFile(file, "utf8");
  return text.replaceAll(
    `VAULT_ADDR=${new URL(lab.vault.address).origin}`,
    `VAULT_ADDR=http://${labNames.container("vault")}:8200`,
  );
}

async function boot(options: MachineOptions): Promise<Machine> {
  const machine = await startMachine(lab, options);
  machines.push(machine);
  return machine;
}

const wrappedIn = (userData: string) => /path: \/etc\/ssh-trust\/wrapped\n[^]*?content: \|\n\s*(\S+)/.exec(userData)?.[1] ?? "";
const enrolled = (machine: Machine, seconds = 30) =>
  until(`${machine.hostName} to be enrolled`, seconds, async () => (await listed(machine.hostName)) === "certified", 500);

interface Listed {
  readonly name: string;
  readonly state: { readonly kind: string };
}
const listed = async (name: string): Promise<string | undefined> => {
  const { stdout } = await sshTrust("host", "list", "--format", "json");
  return (JSON.parse(stdout) as Listed[]).find((each) => each.name === name)?.state.kind;
};
/** For how many of its keys it shows a certificate. */
const certificates = async (machine: Machine) =>
  (await scanHost({ host: await machine.address(), port: 22, timeoutSeconds: 5 })).certificates.length;
const version = async (name: string) =>
  Number((await vault(`ssh-trust/metadata/hosts/${name}.lab.test`)).data["current_version"] ?? 0);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-first-boot-"));
  await succeeds(task("apply-fleet"));
  for (const suite of testedSuites) await ensureMachineImage(lab, suite);
  await ensureNetwork(await lab.engine(), labNames.network);
  await vault("sys/policies/acl/registrar", { body: { policy: registrarPolicy(await readLabFleet(lab)) } });
  registrar = (await vault("auth/token/create-orphan", { body: { policies: ["registrar"], ttl: "1h" } })).data[
    "client_token"
  ] as string;
}, 600_000);
afterAll(async () => {
  for (const machine of machines) await machine.remove();
  await rm(folder, { recursive: true, force: true });
});

describe.each([
  ["web-71", "bookworm", false],
  ["web-72", "trixie", true],
] as const)("%s, %s, by ssh.socket: %p", (name, release, socketActivation) => {
  let machine: Machine;
  let userData: string;

  beforeAll(async () => {
    userData = await handedOver(name);
    machine = await boot({ name, userData, release, socketActivation });
  }, 300_000);

  test("cloud-init takes the user-data, without a complaint", async () => {
    expect(await machine.cloudInit()).toMatchObject({ exit: 0 });
    await machine.put([{ path: "/root/user-data", content: userData, mode: 0o600 }]);
    expect(await machine.exec(["cloud-init", "schema", "--config-file", "/root/user-data"])).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/Valid/i),
    });
    await machine.sh("rm /root/user-data");
  });

  test("its keys are certified, its entry says so, and what was handed over opens nothing any more", async () => {
    await enrolled(machine);
    expect(await certificates(machine)).toBe(3);
    expect(wrappedIn(userData)).not.toBe("");
    expect((await vault("sys/wrapping/unwrap", { method: "POST", body: {}, token: wrappedIn(userData) })).status).toBe(400);
    expect((await machine.sh("ls /etc/ssh-trust")).stdout).not.toContain("wrapped\n");
    const { data } = await vault(`ssh-trust/data/hosts/${machine.hostName}`);
    expect(data).toMatchObject({
      data: {
        script: expect.stringMatching(/^\d+\.\d+/),
        problem: "",
        conflict: false,
        addresses: expect.arrayContaining([await machine.address()]),
        machine: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    });
  });

  test("the units are right, and as closed as they can be", async () => {
    const units = "ssh-trust-host.service ssh-trust-host.timer";
    expect((await machine.sh(`systemd-analyze verify ${units} 2>&1 | grep ssh-trust`)).stdout).toBe("");
    const { stdout } = await machine.sh("systemd-analyze security --no-pager ssh-trust-host.service | tail -n 1");
    expect(Number(/: ([\d.]+)/.exec(stdout)?.[1])).toBeLessThanOrEqual(3);
    expect(
      (await machine.sh("systemctl show -P Result ssh-trust-host.service; systemctl is-active ssh-trust-host.timer")).stdout,
    ).toBe("success\nactive\n");
  });

  test("the timer renews what is due, with another identity", async () => {
    const [before, secret] = [await version(name), (await machine.sh("cat /etc/ssh-trust/secret-id")).stdout];
    await machine.sh(`rm /etc/ssh/ssh_host_ed25519_key-cert.pub
      mkdir -p /etc/systemd/system/ssh-trust-host.timer.d
      printf '[Timer]\\nOnActiveSec=1\\nRandomizedDelaySec=0\\nAccuracySec=1s\\n' >/etc/systemd/system/ssh-trust-host.timer.d/soon.conf
      systemctl daemon-reload; systemctl restart ssh-trust-host.timer`);
    await until("the timer to renew", 40, async () => (await version(name)) > before, 500);
    await until("the run to end", 20, async () => (await machine.sh("systemctl is-active ssh-trust-host.service")).exit !== 0);
    expect(await certificates(machine)).toBe(3);
    expect((await machine.sh("cat /etc/ssh-trust/secret-id")).stdout).not.toBe(secret);
  });

  test("after a reboot it is what it was, and Vault is not asked", async () => {
    const before = await version(name);
    await machine.reboot();
    await until("the run to end", 40, async () =>
      /proved|Finished|Deactivated/.test(await machine.journal("ssh-trust-host.service")),
    );
    expect(await certificates(machine)).toBe(3);
    expect(await version(name)).toBe(before);
  });
});
