/** What happens to a machine after its launch. Its disk stays until it is terminated. */
import {
  logOf,
  removeContainer,
  restartContainer,
  resumeContainer,
  stopContainer,
  inspectContainer,
} from "../../docker/containers.js";
import { attach } from "../../docker/networks.js";
import { fail } from "../../errors.js";
import { lab as names } from "../../settings.js";
import { removeMachine } from "../../vault/machine-identity.js";
import type { Lab } from "../lab.js";
import { withdraw } from "../object-store/server.js";
import { addressIn } from "./addresses.js";
import { changeLedger } from "./ledger.js";
import { booting, withAddress } from "./launch.js";
import { containerOf, findMachine, type Machine } from "./machines.js";

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
        await attach(engine, container, { network: network.name, address: candidate, aliases: [hostName, name] });
        await resumeContainer(engine, container, candidate, booting(lab, name, `npm run cloud -- start ${name}`));
      },
      old === undefined ? [] : [old],
    ),
  );
  lab.progress.say(`${name} started: the same disk, the new address ${address}`);
}

/** Ends it for good: its disk and its identity go. @throws MACHINE_UNKNOWN, MACHINE_WRONG_STATE */
export async function terminate(lab: Lab, name: string): Promise<void> {
  const machine = await findMachine(lab, name, "terminated");
  await lab.progress.during(`terminating ${name}`, async () => {
    await removeContainer(await lab.engine(), containerOf(name));
    await withdraw(lab, name);
    // With Vault gone, the identity is gone too, or will end with its token's period.
    if (machine.signed) await removeMachine(lab.settings.vault, containerOf(name)).catch(() => undefined);
  });
  const at = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  await changeLedger(lab.settings, (before) => ({ ...before, terminated: { ...before.terminated, [name]: at } }));
  lab.progress.say(`${name} terminated: its disk is gone, and its host keys with it`);
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
