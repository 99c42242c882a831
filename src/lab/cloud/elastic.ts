/** Elastic addresses: each has a name, keeps it, and leads to the machine that it was associated with last. */
import { attach, detach } from "../../docker/networks.js";
import { fail } from "../../errors.js";
import { lab as names } from "../../settings.js";
import type { Lab } from "../lab.js";
import { nextAddress } from "./addresses.js";
import { changeLedger, readLedger } from "./ledger.js";
import { containerOf, findMachine, hostNameOf, listMachines, machineName } from "./machines.js";

const { elastic } = names.cloud;

/**
 * Lets an elastic address lead to a machine; whoever had it loses it. Its name, `<name>.lab.test`, leads there too.
 * @returns the address; it is allocated the first time that its name is used
 * @throws MACHINE_NAME_INVALID, MACHINE_UNKNOWN, MACHINE_WRONG_STATE
 */
export async function associate(lab: Lab, name: string, machine: string): Promise<string> {
  machineName(name);
  const { state, elastic: had } = await findMachine(lab, machine, "given an elastic address");
  if (state !== "running") {
    const how = `start it: npm run cloud -- start ${machine}`;
    throw fail("MACHINE_WRONG_STATE", { name: machine, state, doing: "given an elastic address", how });
  }
  if (had !== undefined && had.name !== name) {
    const how = `take another machine, or move that address first: npm run cloud -- associate ${had.name} <machine>`;
    throw fail("MACHINE_WRONG_STATE", { name: machine, state: `${had.name} already`, doing: "given a second one", how });
  }
  const address = await allocate(lab, name);
  const before = (await listMachines(lab)).find((each) => each.elastic?.name === name);
  const engine = await lab.engine();
  if (before !== undefined) await detach(engine, containerOf(before.name), elastic.name);
  await attach(engine, containerOf(machine), { network: elastic.name, address, aliases: [hostNameOf(name)] });
  const from = before === undefined || before.name === machine ? "" : ` (before: ${before.name})`;
  lab.progress.say(`${hostNameOf(name)}, ${address}, leads to ${machine}${from}`);
  return address;
}

async function allocate(lab: Lab, name: string): Promise<string> {
  const known = (await readLedger(lab.settings)).elastic;
  const held = (await listMachines(lab)).flatMap((each) => each.elastic ?? []);
  const there = known[name] ?? held.find((each) => each.name === name)?.address;
  if (there !== undefined) return there;
  const address = nextAddress(elastic.pool, [...Object.values(known), ...held.map((each) => each.address)]);
  await changeLedger(lab.settings, (before) => ({ ...before, elastic: { ...before.elastic, [name]: address } }));
  return address;
}
