/** What happens to a machine after its launch. Its disk stays until it is terminated. */
import { removeContainer, restartContainer, resumeContainer, stopContainer } from "../../docker/containers.js";
import { inspectContainer } from "../../docker/inspect.js";
import { logOf } from "../../docker/log.js";
import { attach } from "../../docker/networks.js";
import { fail, reasonOf } from "../../errors.js";
import { lab as names } from "../../settings.js";
import { removeMachine } from "../../vault/machine-identity.js";
import type { Lab } from "../lab.js";
import { withdraw } from "../object-store/server.js";
import { addressIn } from "./addresses.js";
import { changeLedger } from "./ledger.js";
import { booting, withAddress } from "./launch.js";
import { containerOf, findMachine, identityOf, type Machine } from "./machines.js";

const { network } = names.cloud;

/** Boots again: the same disk, the same address. @throws MACHINE_UNKNOWN, MACHINE_WRONG_STATE */
export async function reboot(lab: Lab, name: string): Promise<void> {
  const { address } = await inState(lab, name, "running", "rebooted");
  const engine = await lab.engine();
  await lab.progress.during(`rebooting ${name}`, () =>
    restartContainer(engine, containerOf(name), booting(lab, name, `npm run cloud -- reboot ${name}`)),
  );
  lab.progress.say(`${name} rebooted: the same disk, the same address ${address ?? ""}`.trim());
}

/** Ends it; the disk stays, the address goes back to the cloud. @throws MACHINE_UNKNOWN, MACHINE_WRONG_STATE */
export async function stop(lab: Lab, name: string): Promise<void> {
  const { address } = await inState(lab, name, "running", "stopped");
  const engine = await lab.engine();
  await lab.progress.during(`stopping ${name}`, () => stopContainer(engine, containerOf(name)));
  lab.progress.say(`${name} stopped: its disk stays, its address ${address ?? ""} goes back to the cloud`);
}

/**
 * Starts a stopped machine: the same disk, another address.
 * @throws MACHINE_UNKNOWN, MACHINE_WRONG_STATE, ADDRESS_INVALID, ADDRESS_IN_USE
 */
export async function start(lab: Lab, name: string, asked?: string): Promise<void> {
  const { hostName } = await inState(lab, name, "stopped", "started");
  const engine = await lab.engine();
  const container = containerOf(name);
  const old = (await inspectContainer(engine, container))?.places[network.name]?.address;
  const wanted = asked === undefined ? undefined : addressIn(network.pool, asked);
  const address = await lab.progress.during(`starting ${name}`, () =>
    withAddress(
      lab,
      wanted,
      async (candidate) => {
        await attach(engine, container, { network: network.name, address: candidate, aliases: [hostName] });
        await resumeContainer(engine, container, candidate, booting(lab, name, `npm run cloud -- start ${name}`));
      },
      old === undefined ? [] : [old],
    ),
  );
  lab.progress.say(`${name} started: the same disk, the new address ${address}`);
}

/** Ends it for good: its disk and its identity go. @throws MACHINE_UNKNOWN, MACHINE_WRONG_STATE */
export async function terminate(lab: Lab, name: string): Promise<void> {
  await endMachine(lab, await findMachine(lab, name, "terminated"));
  const at = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  await changeLedger(lab.settings, (before) => ({ ...before, terminated: { ...before.terminated, [name]: at } }));
  lab.progress.say(`${name} terminated: its disk is gone, and its host keys with it`);
}

/** Takes away what there is of a machine. Its container goes last: while it is there, the same can be tried again. */
export async function endMachine(lab: Lab, { name, signed }: Machine): Promise<void> {
  await lab.progress.during(`terminating ${name}`, async () => {
    if (signed) {
      await removeMachine(lab.settings.vault, identityOf(name)).catch((error: unknown) => {
        // A Vault that is gone has taken the identity along; any other keeps it until its token's period is over.
        lab.progress.say(`the identity of ${name} could not be taken from Vault: ${reasonOf(error)}`);
      });
    }
    await withdraw(lab, name);
    await removeContainer(await lab.engine(), containerOf(name));
  });
}

/** What the machine wrote to its console, from its first boot on. @throws MACHINE_UNKNOWN, MACHINE_WRONG_STATE */
export async function consoleLog(lab: Lab, name: string): Promise<string> {
  await findMachine(lab, name, "looked at");
  return logOf(await lab.engine(), containerOf(name));
}

async function inState(lab: Lab, name: string, state: Machine["state"], doing: string): Promise<Machine> {
  const machine = await findMachine(lab, name, doing);
  if (machine.state === state) return machine;
  const how = machine.state === "stopped" ? `start it: npm run cloud -- start ${name}` : "it runs already: npm run cloud -- list";
  throw fail("MACHINE_WRONG_STATE", { name, state: machine.state, doing, how });
}
