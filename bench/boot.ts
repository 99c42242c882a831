/**
 * What certificates cost a machine: its boot until sshd listens, with an identity and without; how long it is until its keys are
 * signed; and what it does while nothing is due.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { finish } from "../lab/face/task.js";
import { ensureNetwork } from "../lab/docker/networks.js";
import { applyLabFleet } from "../lab/fleet/fleet.js";
import { openForFleet } from "../lab/fleet/open.js";
import { ensureMachineImage } from "../lab/machine/image.js";
import type { Machine } from "../lab/machine/machine.js";
import { startMachine } from "../lab/machine/start.js";
import type { Lab } from "../lab/lab.js";
import { waitUntil } from "../src/ground/wait.js";
import { print } from "../src/terminal/report.js";
import { median } from "./median.js";

const limits = { listening: 0.08, signed: 1 };
const release = "trixie";
const name = "web-99";

export async function boot(lab: Lab, rounds: number): Promise<void> {
  await applyLabFleet(lab);
  const registry = await openForFleet(lab);
  await ensureMachineImage(lab, release);
  await ensureNetwork(await lab.engine(), lab.names.network);
  const keys = await hostKeys();
  const took = { plain: [] as number[], enrolled: [] as number[], signed: [] as number[] };
  let idle = "";
  for (let round = 0; round < rounds; round++) {
    await using plain = await startMachine(lab, { name: "plain-99", release, userData: `#cloud-config\n${keys}` });
    took.plain.push(await listening(plain));
    await plain.remove();
    const userData = `${await registry.userDataFor(`${name}.lab.test`)}${keys}`;
    await using machine = await startMachine(lab, { name, release, userData });
    took.enrolled.push(await listening(machine));
    took.signed.push(await untilSigned(machine));
    if (round === rounds - 1) idle = await idleHour(machine);
  }
  const [plain, enrolled, signed] = [median(took.plain), median(took.enrolled), median(took.signed)];
  const more = enrolled - plain;
  if (more > limits.listening || signed > limits.signed) finish(1);
  print(
    `${(more * 1000).toFixed(0)} ms (limit ${String(limits.listening * 1000)} ms)  more until sshd listens, from ${plain.toFixed(2)} s ` +
      `(medians of ${String(rounds)})`,
  );
  print(
    `${signed.toFixed(2)} s (limit ${String(limits.signed)} s)  from the start of ssh-trust-host until three keys are signed and proved`,
  );
  print(idle);
}

/**
 * The same three host keys for all machines, as cloud-init takes them: to make an RSA key takes anything from a tenth of a second to
 * half of one.
 */
async function hostKeys(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ssh-trust-bench-"));
  try {
    const keys: Record<string, string> = {};
    for (const type of ["rsa", "ecdsa", "ed25519"]) {
      const file = join(folder, type);
      await execa("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", "", "-f", file]);
      keys[`${type}_private`] = await readFile(file, "utf8");
      keys[`${type}_public`] = await readFile(`${file}.pub`, "utf8");
    }
    return stringify({ ssh_keys: keys }, { version: "1.1", lineWidth: 0 });
  } finally {
    await rm(folder, { recursive: true });
  }
}

const seconds = (text: string) => Number(text.trim()) / 1e6;

/** Seconds from the start of systemd until sshd says that it listens. */
async function listening(machine: Machine): Promise<number> {
  await machine.active("ssh.service", { seconds: 60 });
  const { stdout } = await machine.sh(
    `since=$(systemctl show -P UserspaceTimestampMonotonic)
     at=$(journalctl -b -u ssh.service -o json --no-pager | jq -r 'select(.MESSAGE | startswith("Server listening")) | .__MONOTONIC_TIMESTAMP' | head -n 1)
     echo $((at - since))`,
  );
  return seconds(stdout);
}

/** Seconds from the first line of the service's run until it has said that the keys are signed. */
async function untilSigned(machine: Machine): Promise<number> {
  const ended = async () => (await machine.journal("ssh-trust-host.service")).includes("host keys signed");
  if (!(await waitUntil(ended, { seconds: 60, every: 500 }))) throw new Error(await machine.journal("ssh-trust-host.service"));
  const { stdout } = await machine.sh(
    `journalctl -b -u ssh-trust-host.service -o json --no-pager |
       jq -s '(map(select(.MESSAGE | contains("host keys signed"))) | .[0].__MONOTONIC_TIMESTAMP | tonumber) - (.[0].__MONOTONIC_TIMESTAMP | tonumber)'`,
  );
  return seconds(stdout);
}

/** What the timer costs in an hour in which nothing is due: two runs or three. */
async function idleHour(machine: Machine): Promise<string> {
  const { stdout } = await machine.sh(
    `before=$(journalctl -b -u ssh-trust-host.service --no-pager | wc -l)
     systemctl start ssh-trust-host.service
     after=$(journalctl -b -u ssh-trust-host.service --no-pager | wc -l)
     bash -c "TIMEFORMAT='%U %S'; time /usr/local/sbin/ssh-trust-host renew" 2>&1 | tail -n 1
     echo "$((after - before))"`,
    { seconds: 60 },
  );
  const [user = "", system = "", lines = ""] = stdout.trim().split(/\s+/);
  return `${(Number(user) + Number(system)).toFixed(2)} s of CPU, no request to Vault, ${lines} lines of journal  for a run in which nothing is due; the timer makes two an hour`;
}
