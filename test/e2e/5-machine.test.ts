/** Machines with the real systemd and the real cloud-init: that they boot as a cloud's do, so that others can be tested on them. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { ensureNetwork } from "../../lab/docker/networks.js";
import { ensureMachineImage } from "../../lab/machine/image.js";
import type { Machine } from "../../lab/machine/machine.js";
import { startMachine } from "../../lab/machine/start.js";
import { testedSuites } from "../../lab/matrix/images.js";
import { lab } from "../support/cloud.js";
import { docker, labNames, run, succeeds } from "../support/project.js";

jest.setTimeout(180_000);

/** A unit that is as closed as one can be, and says what it sees. */
const closed = `[Service]
Type=oneshot
RemainAfterExit=yes
DynamicUser=yes
StateDirectory=closed
LoadCredential=told:/etc/told
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
NoNewPrivileges=yes
SystemCallFilter=@system-service
ExecStart=/bin/sh -c 'touch /etc/closed || ls /root || cat "$CREDENTIALS_DIRECTORY/told" >/var/lib/closed/told'
`;

const userData = (key: string) =>
  [
    "#cloud-config",
    JSON.stringify({
      ssh_authorized_keys: [key],
      write_files: [
        { path: "/etc/told", content: "by user-data\n", permissions: "0600" },
        { path: "/etc/systemd/system/closed.service", content: closed },
      ],
      bootcmd: ["echo boot >>/var/lib/boots"],
      runcmd: ["echo instance >>/var/lib/instances", "systemctl start closed.service"],
    }),
  ].join("\n");

let folder = "";
let key: string;
/** The first has a sshd that the boot starts; the second's is started by ssh.socket. */
let plain: Machine;
let socket: Machine;

beforeAll(async () => {
  for (const suite of testedSuites) await ensureMachineImage(lab, suite);
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-machine-"));
  await succeeds(run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "tester", "-f", join(folder, "key")]));
  key = await readFile(join(folder, "key.pub"), "utf8");
  await ensureNetwork(await lab.engine(), labNames.network); // two at once would each make it
  [plain, socket] = await Promise.all([
    startMachine(lab, { name: "plain", userData: userData(key) }),
    startMachine(lab, { name: "socket", userData: userData(key), release: "trixie", socketActivation: true }),
  ]);
}, 600_000);

afterAll(async () => {
  for (const each of [plain, socket]) await (each as Machine | undefined)?.remove();
  if (folder !== "") await rm(folder, { recursive: true });
});

const on = (name: string): Machine => (name === "plain" ? plain : socket);
const printed = async (machine: Machine, script: string) => (await machine.sh(script)).stdout.trim();
const hostKeys = (machine: Machine) => printed(machine, "cat /etc/ssh/ssh_host_*_key.pub");

/** A login over the lab's network, by somebody who knows the host's key. */
const login = async (from: Machine, to: Machine) => {
  const known = (await printed(to, "cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub")).trim();
  await from.put([
    { path: "/root/key", content: await readFile(join(folder, "key")), mode: 0o600 },
    { path: "/root/known_hosts", content: `${to.hostName} ${known}\n`, mode: 0o600 },
  ]);
  const options = "-F none -o BatchMode=yes -o UserKnownHostsFile=/root/known_hosts -o StrictHostKeyChecking=yes";
  return from.sh(`ssh ${options} -i /root/key debian@${to.hostName} 'id -un; hostname -f'`);
};

describe.each([
  ["plain", "bookworm"],
  ["socket", "trixie"],
])("%s, of %s", (name, release) => {
  test("cloud-init comes to a good end, and so does every unit", async () => {
    const { exit, stdout } = await on(name).cloudInit();
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.stringContaining("DataSourceNoCloud") });
    expect(await printed(on(name), "systemctl is-system-running --wait; systemctl --failed --no-legend")).toBe("running");
  });

  test("the first process is systemd, of that release", async () => {
    expect(await printed(on(name), "cat /proc/1/comm; . /etc/os-release; echo $VERSION_CODENAME")).toBe(`systemd\n${release}`);
  });

  test("what user-data wrote and ran is there; only root reads the seed", async () => {
    expect(await printed(on(name), "cat /etc/told /var/lib/instances")).toBe("by user-data\ninstance");
    const seed = await on(name).exec(["cat", "/var/lib/cloud/seed/nocloud/user-data"], { user: "debian" });
    expect(seed).toMatchObject({ exit: 1, stdout: "" });
  });

  test("a unit's sandbox and credentials are in force", async () => {
    await on(name).active("closed.service");
    expect(await printed(on(name), "cat /var/lib/private/closed/told; ls /etc/closed 2>&1")).toMatch(
      /^by user-data\nls: .*\/etc\/closed/,
    );
    expect(await on(name).journal("closed.service")).toMatch(/Read-only file system[\s\S]*\/root.*Permission denied/);
  });

  test("it has its full name, and the engine's name server", async () => {
    expect(await printed(on(name), "hostname; hostname -f; grep -c 127.0.0.11 /etc/resolv.conf")).toBe(
      `${name}\n${name}.lab.test\n1`,
    );
  });

  test("the console tells the fingerprints of its host keys", async () => {
    const fingerprint = await printed(on(name), "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub | cut -d' ' -f2");
    expect(fingerprint).toMatch(/^SHA256:/);
    expect(await on(name).console()).toMatch(
      new RegExp(`BEGIN SSH HOST KEY FINGERPRINTS[\\s\\S]*${fingerprint.replaceAll(/[+/]/g, "\\$&")}`),
    );
  });

  test("it is not privileged, and nothing of the engine's machine is mounted into it", async () => {
    const { stdout } = await docker("inspect", "-f", "{{.HostConfig.Privileged}} {{json .HostConfig.Binds}}", on(name).container);
    expect(stdout).toBe("false null");
    expect(await printed(on(name), "cat /proc/1/cgroup | grep -v '/init.scope$' | grep -v ':/$'")).toBe("");
  });
});

test("no two machines have a host key, a machine id or a boot id in common", async () => {
  const own = async (machine: Machine) => [
    ...(await hostKeys(machine)).split("\n"),
    await printed(machine, "cat /etc/machine-id"),
    await printed(machine, "cat /proc/sys/kernel/random/boot_id"),
  ];
  const all = [...(await own(plain)), ...(await own(socket))];
  expect(all.length).toBeGreaterThanOrEqual(10);
  expect(new Set(all).size).toBe(all.length);
});

test("ssh.socket: sshd is started by the first connection", async () => {
  expect(await printed(socket, "systemctl is-active ssh.socket ssh.service; pgrep -x sshd")).toBe("active\ninactive");
  expect(await login(plain, socket)).toMatchObject({ exit: 0, stdout: "debian\nsocket.lab.test\n" });
  expect(await printed(socket, "systemctl is-active ssh.service")).toBe("active");
  expect(await socket.journal("ssh.service")).toMatch(/Accepted publickey for debian/);
});

test("without it, the boot starts sshd", async () => {
  expect(await printed(plain, "systemctl is-active ssh.socket ssh.service")).toBe("inactive\nactive");
  expect(await login(socket, plain)).toMatchObject({ exit: 0, stdout: "debian\nplain.lab.test\n" });
});

describe("rebooted, and again after a power cut", () => {
  test("they are the same machines in other boots; what is done once is not done again", async () => {
    const inBoth = (look: (machine: Machine) => Promise<unknown>) => Promise.all([plain, socket].map(look));
    const same = async (machine: Machine) => [
      await hostKeys(machine),
      await printed(machine, "cat /etc/machine-id; hostname -f"),
    ];
    const done = (machine: Machine) => printed(machine, "cat /var/lib/boots /var/lib/instances");
    const before = await inBoth(same);
    await inBoth(async (machine) => {
      await machine.reboot();
      expect((await machine.cloudInit()).exit).toBe(0);
      expect(await done(machine)).toBe("boot\nboot\ninstance");
      await machine.powerOff();
      await machine.powerOn();
      expect((await machine.cloudInit()).exit).toBe(0);
      expect(await done(machine)).toBe("boot\nboot\nboot\ninstance");
      expect(await printed(machine, "systemctl is-system-running --wait")).toBe("running");
    });
    expect(await inBoth(same)).toEqual(before);
  });

  test.each(["plain", "socket"])("the journal of %s has each boot by itself, the first with an end in order", async (name) => {
    expect(await printed(on(name), "journalctl --list-boots --no-pager | grep -c '^ *-\\?[0-2] '")).toBe("3");
    expect(await on(name).journal("closed.service")).toBe("-- No entries --\n");
    expect(await printed(on(name), "journalctl --boot=-2 -u closed.service | grep -c Finished")).toBe("1");
    expect(await printed(on(name), "journalctl --boot=-2 -u ssh.service | grep -c Stopped")).toBe("1");
  });
});

describe("a copy of a disk", () => {
  const same = (machine: Machine) => printed(machine, "cat /etc/machine-id /etc/ssh/ssh_host_*_key.pub");

  test("is, by itself, the same machine; with another instance-id, it is a new one but for its machine id", async () => {
    const [copy, instance] = await Promise.all([
      socket.clone("copy"),
      socket.clone("instance", { userData: userData(key), metaData: { "instance-id": "i-another" } }),
    ]);
    try {
      await Promise.all([copy.cloudInit(), instance.cloudInit()]);
      expect(await same(copy)).toBe(await same(socket));
      expect(await printed(copy, "cat /var/lib/instances; hostname")).toBe("instance\ncopy");
      expect(await printed(instance, "cat /var/lib/instances; hostname")).toBe("instance\ninstance\ninstance");
      const [[id, ...keys], [otherId, ...otherKeys]] = [(await same(socket)).split("\n"), (await same(instance)).split("\n")];
      expect(otherId).toBe(id);
      expect(keys.filter((each) => otherKeys.includes(each))).toEqual([]);
    } finally {
      await Promise.all([copy.remove(), instance.remove()]);
    }
    expect((await docker("images", "-q", labNames.image("machine-disk-copy").split(":")[0] ?? "")).stdout).toBe("");
  });
});
