/** Where the cases run: a container for each release, which is server and client, and one for each shell of the host script. */
import { fail } from "../errors/catalogue.js";
import { task } from "../errors/task.js";
import type { Lab } from "../lab.js";
import type { Suite } from "../toolchain/versions.js";
import type { Cell, Shell, Versions } from "./cell.js";
import { openDoors } from "./doorway.js";
import { makeKit } from "./kit.js";
import { startMachine, type Machine } from "./machine.js";
import { readVersion, since, type OpenSshVersion } from "./openssh-version.js";
import { ensureMatrixCa } from "./role.js";
import { startScriptHost } from "./script-host.js";
import { oldestTraced, putTracer } from "./tracer.js";

export interface Grounds extends AsyncDisposable {
  readonly lab: Lab;
  readonly versions: ReadonlyMap<Suite, OpenSshVersion>;
  readonly versionsOf: (cell: Cell) => Versions;
  /** A release's own container. */
  readonly machine: (suite: Suite) => Machine;
  /** The container in which the host script runs under a shell. It is started when it is asked for first. */
  readonly scriptHost: (suite: Suite, shell: Shell) => Promise<Machine>;
}

export interface GroundsOptions {
  readonly suites: readonly Suite[];
  /** The folder of the `ssh-trust` command, compiled. */
  readonly command: string;
}

/** @throws CONTAINER_NOT_READY, and what Vault and Docker refuse */
export async function openGrounds(lab: Lab, { suites, command }: GroundsOptions): Promise<Grounds> {
  const started = new Map<string, Promise<Machine>>();
  const once = (key: string, start: () => Promise<Machine>) => {
    lab.signal?.throwIfAborted();
    const machine = started.get(key) ?? start();
    started.set(key, machine);
    return machine;
  };
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= closeAll(started));
  // What runs in a container ends with it: nobody waits for a case that was interrupted.
  lab.signal?.addEventListener("abort", () => void close());
  const machines = new Map<Suite, Machine>();
  const versions = new Map<Suite, OpenSshVersion>();
  try {
    await ensureMatrixCa(lab);
    const kit = await makeKit(lab);
    const starting = suites.map(async (suite) => {
      const machine = await once(suite, () => startMachine(lab, suite, ""));
      const version = await versionOf(machine);
      machines.set(suite, machine);
      versions.set(suite, version);
      await machine.put(kit);
      await openDoors(machine, version.number);
      if (since(version.number, oldestTraced)) await putTracer(machine, command);
    });
    // All come to an end, so that none starts a container when the others are removed already.
    const failed = (await Promise.allSettled(starting)).find((each) => each.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  } catch (error) {
    await close();
    throw error;
  }
  const numberOf = (suite: Suite) => known(versions, suite).number;
  return {
    lab,
    versions: new Map(suites.map((suite) => [suite, known(versions, suite)])),
    versionsOf: ({ server, client = server }) => ({ server: numberOf(server), client: numberOf(client) }),
    machine: (suite) => known(machines, suite),
    scriptHost: (suite, shell) => once(`${suite} ${shell}`, () => startScriptHost(lab, suite, shell)),
    [Symbol.asyncDispose]: close,
  };
}

async function closeAll(started: ReadonlyMap<string, Promise<Machine>>): Promise<void> {
  const machines = (await Promise.allSettled(started.values())).flatMap((each) =>
    each.status === "fulfilled" ? [each.value] : [],
  );
  await Promise.all(machines.map((machine) => machine[Symbol.asyncDispose]()));
}

async function versionOf(machine: Machine): Promise<OpenSshVersion> {
  const { stderr } = await machine.run(["ssh", "-V"]);
  const version = readVersion(stderr);
  if (version !== undefined) return version;
  const waited = `ssh to say its version, and it said: ${stderr.trim()}`;
  throw fail("CONTAINER_NOT_READY", { name: machine.address, waited, log: "", again: task("matrix") });
}

function known<T>(map: ReadonlyMap<Suite, T>, suite: Suite): T {
  const value = map.get(suite);
  if (value === undefined) throw new Error(`${suite} was not asked for`);
  return value;
}
