/** Elastic addresses: each has a name, keeps it, and leads to the machine that it was associated with last. */
import { attach, detach, type Attachment } from "../docker/networks.js";
import { fail } from "../errors/catalogue.js";
import type { Lab } from "../lab.js";
import { nextAddress } from "./addresses.js";
import { changeLedger, readLedger } from "./ledger.js";
import { findMachine, listMachines, type Machine } from "./machines.js";
import { checkedName, containerOf, hostNameOf } from "./naming.js";
import { heldServices, listServices, type HeldService } from "./services.js";
import { task } from "../errors/task.js";

/**
 * Lets an elastic address lead to a machine; whoever had it loses it. Its name, `<name>.lab.test`, leads there too. It is
 * allocated the first time that its name is used.
 * @throws MACHINE_NAME_INVALID, MACHINE_UNKNOWN, MACHINE_WRONG_STATE, NAME_TAKEN, ADDRESS_IN_USE
 */
export async function associate(lab: Lab, name: string, machine: string): Promise<void> {
  checkedName(name, "service");
  await checkOrder(lab, name, machine);
  checkTaker(await findMachine(lab, machine, `give "${machine}" an elastic address`), name);
  const before = (await heldServices(lab)).find((each) => each.name === name);
  if (before?.machine === machine) {
    lab.progress.say(`${hostNameOf(name)}, ${before.address}, leads to ${machine} already`);
    return;
  }
  await checkEve(lab, machine, before);
  const address = before?.address ?? (await allocate(lab, name));
  await move(
    lab,
    { network: lab.names.elastic.name, address, aliases: [hostNameOf(name)] },
    before?.container,
    containerOf(lab.names, machine),
  );
  const from = before?.machine === undefined ? "" : ` (before: ${before.machine})`;
  lab.progress.say(`${hostNameOf(name)}, ${address}, leads to ${machine}${from}`);
}

/** The service comes first, then the machine; and no service has a machine's name. */
async function checkOrder(lab: Lab, name: string, machine: string): Promise<void> {
  const [machines, services] = await Promise.all([listMachines(lab), listServices(lab)]);
  if (!machines.some((each) => each.name === name)) return;
  if (!services.some((each) => each.name === machine)) throw fail("NAME_TAKEN", { name, what: "a machine" });
  const other = lab.names.task("cloud", `associate ${machine} ${name}`);
  const what = `"${machine}" is a service and "${name}" a machine; the other way round: ${other}`;
  throw fail("USAGE", { what, help: "npm run cloud -- associate --help" });
}

/** A machine has one elastic address at the most, and runs when it gets it. */
function checkTaker({ name, state, elastic: had }: Machine, wanted: string): void {
  if (state !== "running") {
    const how = { say: "start it", run: task("cloud", `start ${name}`) };
    throw fail("MACHINE_WRONG_STATE", { doing: `give "${name}" an elastic address`, state, how });
  }
  if (had !== undefined && had.name !== wanted) {
    const how = {
      say: "take another machine, or move that address first",
      run: task("cloud", `associate ${had.name} <machine>`),
    };
    const doing = `give "${name}" a second elastic address`;
    throw fail("MACHINE_WRONG_STATE", { doing, state: `at ${had.name} already`, how });
  }
}

/** Neither the address that Eve holds can be moved, nor may the machine that she stands before get another. */
async function checkEve(lab: Lab, machine: string, before: HeldService | undefined): Promise<void> {
  if (before !== undefined && before.machine === undefined)
    throw fail("ADDRESS_IN_USE", { address: before.address, holder: `the container "${before.container}"` });
  const { eve } = await readLedger(lab.settings);
  if (eve?.victim === machine) throw fail("ADDRESS_IN_USE", { address: `${eve.address} of ${machine}`, holder: "Eve" });
}

/** Where it cannot be given, whoever had it keeps it. */
async function move(lab: Lab, place: Attachment, from: string | undefined, to: string): Promise<void> {
  const engine = await lab.engine();
  if (from !== undefined) await detach(engine, from, place.network);
  try {
    await attach(engine, to, place);
  } catch (error) {
    if (from !== undefined) await attach(engine, from, place);
    throw error;
  }
}

async function allocate(lab: Lab, name: string): Promise<string> {
  const held = (await heldServices(lab)).map(({ address }) => address);
  const { elastic } = await changeLedger(lab.settings, (before) => {
    if (Object.hasOwn(before.elastic, name)) return before;
    // Chosen under the lock: two commands at once do not find the same one.
    const address = nextAddress(lab.names.elastic.pool, [...Object.values(before.elastic), ...held]);
    return { ...before, elastic: { ...before.elastic, [name]: address } };
  });
  return elastic[name] ?? "";
}
