/** What happens to a machine after its launch. Its disk stays until it is terminated. */
import { removeContainer, restartContainer, resumeContainer, stopContainer } from "../docker/containers.js";
import { removeImage } from "../docker/images.js";
import { inspectContainer } from "../docker/inspect.js";
import { logOf } from "../docker/log.js";
import { attach } from "../docker/networks.js";
import { fail, isFailure, reasonOf } from "../errors/catalogue.js";
import { waitUntil } from "../../src/ground/wait.js";
import { endAppRole } from "../../src/host/end-identity.js";
import { entryMetadataOf } from "../../src/host/host.js";
import { openVaultApi } from "../../src/vault/api.js";
import type { Lab } from "../lab.js";
import { withdraw } from "../object-store/server.js";
import { addressIn } from "./addresses.js";
import { changeLedger, readLedger } from "./ledger.js";
import { booting } from "./booting.js";
import { withAddress } from "./hand-out.js";
import { diskOf } from "./kinds.js";
import { findMachine, type Machine } from "./machines.js";
import { containerOf, hostNameOf } from "./naming.js";
import { task } from "../errors/task.js";
import { domain } from "../story.js";

/** Boots again: the same disk, the same address. @throws MACHINE_UNKNOWN, MACHINE_WRONG_STATE */
export async function reboot(lab: Lab, name: string): Promise<void> {
  const { address } = await inState(lab, name, "running", "reboot");
  const engine = await lab.engine();
  await lab.progress.during(`rebooting ${name}`, () =>
    restartContainer(engine, containerOf(lab.names, name), booting(lab, name, task("cloud", `reboot ${name}`))),
  );
  lab.progress.say(`${name} rebooted: the same disk, the same address ${address ?? ""}`.trim());
}

/** Ends it; the disk stays, the address goes back to the cloud. @throws MACHINE_UNKNOWN, MACHINE_WRONG_STATE */
export async function stop(lab: Lab, name: string): Promise<void> {
  const { address } = await inState(lab, name, "running", "stop");
  const engine = await lab.engine();
  await lab.progress.during(`stopping ${name}`, () => stopContainer(engine, containerOf(lab.names, name)));
  lab.progress.say(`${name} stopped: its disk stays, its address ${address ?? ""} goes back to the cloud`);
}

/**
 * Starts a stopped machine: the same disk, another address.
 * @throws MACHINE_UNKNOWN, MACHINE_WRONG_STATE, ADDRESS_INVALID, ADDRESS_IN_USE
 */
export async function start(lab: Lab, name: string, asked?: string): Promise<void> {
  const { hostName } = await inState(lab, name, "stopped", "start");
  const engine = await lab.engine();
  const container = containerOf(lab.names, name);
  const old = (await inspectContainer(engine, container))?.places[lab.names.cloud.name]?.address;
  const wanted = asked === undefined ? undefined : addressIn(lab.names.cloud.pool, asked);
  const address = await lab.progress.during(`starting ${name}`, () =>
    withAddress(
      lab,
      wanted,
      async (candidate) => {
        await attach(engine, container, { network: lab.names.cloud.name, address: candidate, aliases: [hostName] });
        await resumeContainer(engine, container, candidate, booting(lab, name, task("cloud", `start ${name}`)));
      },
      old === undefined ? [] : [old],
    ),
  );
  lab.progress.say(`${name} started: the same disk, the new address ${address}`);
}

/**
 * Ends machines for good: their disks and identities go. Unless all of them are there, none is ended.
 * @throws MACHINE_UNKNOWN, MACHINE_WRONG_STATE
 */
export async function terminate(lab: Lab, machines: readonly string[]): Promise<void> {
  await readLedger(lab.settings); // a damaged one is told before anything is ended
  const found: Machine[] = [];
  for (const name of new Set(machines)) found.push(await findMachine(lab, name, `terminate "${name}"`));
  for (const machine of found) {
    await endMachine(lab, machine);
    const at = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    await changeLedger(lab.settings, (before) => ({ ...before, terminated: { ...before.terminated, [machine.name]: at } }));
    lab.progress.say(`${machine.name} terminated: its disk is gone, and its host keys with it`);
    if (machine.elastic !== undefined) {
      const { name } = machine.elastic;
      const next = lab.names.task("cloud", `associate ${name} <machine>`);
      lab.progress.say(`${hostNameOf(name)} leads nowhere; give it to a machine: ${next}`);
    }
  }
}

/** Takes away what there is of a machine. Its container goes last: a run that is killed before that can be repeated. */
export async function endMachine(lab: Lab, { name, vault }: Machine): Promise<void> {
  const steps: readonly (readonly [what: string, run: () => Promise<void>])[] = [
    [`the identity of ${name} stays in the Vault at ${vault ?? ""}`, () => endIdentity(lab, name, vault)],
    [`what ${name} published could not be withdrawn`, () => withdraw(lab, name)],
  ];
  await lab.progress.during(`terminating ${name}`, async () => {
    for (const [what, run] of steps) {
      await run().catch((error: unknown) => {
        lab.progress.say(`${what}: ${reasonOf(error)}`);
      });
    }
    await removeContainer(await lab.engine(), containerOf(lab.names, name));
    await removeImage(await lab.engine(), diskOf(lab.names, name));
  });
}

/** What it may do ends, and what it said of itself goes. Where that cannot be done, both stay: its host can be removed there. */
async function endIdentity(lab: Lab, name: string, vault: string | undefined): Promise<void> {
  if (vault === undefined) return;
  if (vault !== lab.vault.address) throw new Error(`this is ${lab.vault.address}`);
  const api = openVaultApi(lab.settings.vault);
  const end = async () => {
    await endAppRole(api, hostNameOf(name), domain); // whatever the fleet file has become meanwhile
    await api.delete(entryMetadataOf(hostNameOf(name)));
  };
  // Many at once are more than the fleet's limit lets through in a second.
  const ended = () =>
    end().then(
      () => true,
      (error: unknown) => {
        if (isFailure(error, "VAULT_BUSY")) return false;
        throw error;
      },
    );
  if (!(await waitUntil(ended, { seconds: 5, every: 300, signal: lab.signal })))
    throw fail("VAULT_BUSY", { address: lab.vault.address, status: "429" });
}

/** What the machine wrote to its console, from its first boot on. @throws MACHINE_UNKNOWN, MACHINE_WRONG_STATE */
export async function consoleLog(lab: Lab, name: string): Promise<string> {
  await findMachine(lab, name, `show the console of "${name}"`);
  return logOf(await lab.engine(), containerOf(lab.names, name));
}

async function inState(lab: Lab, name: string, state: Machine["state"], verb: "reboot" | "stop" | "start"): Promise<Machine> {
  const doing = `${verb} "${name}"`;
  const machine = await findMachine(lab, name, doing);
  if (machine.state === state) return machine;
  const how = {
    reboot: [{ say: "start it", run: task("cloud", `start ${name}`) }],
    stop: [
      { say: "start it again", run: task("cloud", `start ${name}`) },
      { say: "or end it for good", run: task("cloud", `terminate ${name}`) },
    ],
    start: [{ say: "there is nothing to do; to boot it again", run: task("cloud", `reboot ${name}`) }],
  }[verb];
  throw fail("MACHINE_WRONG_STATE", { doing, state: machine.state, how });
}
