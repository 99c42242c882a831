/** Elastic addresses: each has a name, keeps it, and leads to the machine that it was associated with last. */
import { inspectContainer } from "../../docker/inspect.js";
import { attach, detach } from "../../docker/networks.js";
import { fail } from "../../errors.js";
import { lab as names } from "../../settings.js";
import type { Lab } from "../lab.js";
import { nextAddress } from "./addresses.js";
import { changeLedger, readLedger } from "./ledger.js";
import { containerOf, findMachine, hostNameOf, listMachines, machineLabel, machineName } from "./machines.js";

const { elastic } = names.cloud;

/**
 * Lets an elastic address lead to a machine; whoever had it loses it. Its name, `<name>.lab.test`, leads there too.
 * @returns the address; it is allocated the first time that its name is used
 * @throws MACHINE_NAME_INVALID, MACHINE_UNKNOWN, MACHINE_WRONG_STATE
 */
export async function associate(lab: Lab, name: string, machine: string): Promise<string> {
  machineName(name);
  const { state, elastic: had } = await findMachine(lab, machine, "given an elastic address");
  if ((await listMachines(lab)).some((each) => each.name === name)) throw fail("NAME_TAKEN", { name, what: "a machine" });
  if (state !== "running") {
    const how = `start it: npm run cloud -- start ${machine}`;
    throw fail("MACHINE_WRONG_STATE", { name: machine, state, doing: "given an elastic address", how });
  }
  if (had !== undefined && had.name !== name) {
    const how = `take another machine, or move that address first: npm run cloud -- associate ${had.name} <machine>`;
    throw fail("MACHINE_WRONG_STATE", {
      name: machine,
      state: `at ${had.name} already`,
      doing: "given a second elastic address",
      how,
    });
  }
  const before = (await elasticHolders(lab)).find((each) => each.name === name);
  if (before !== undefined && before.machine === undefined) {
    throw fail("ADDRESS_IN_USE", { address: before.address, holder: `the container "${before.container}"` });
  }
  if (before?.machine === machine) {
    lab.progress.say(`${hostNameOf(name)}, ${before.address}, leads to ${machine} already`);
    return before.address;
  }
  const { eve } = await readLedger(lab.settings);
  if (eve?.victim === machine) throw fail("ADDRESS_IN_USE", { address: `${eve.address} of ${machine}`, holder: "Eve" });
  const address = before?.address ?? (await allocate(lab, name));
  const engine = await lab.engine();
  if (before !== undefined) await detach(engine, before.container, elastic.name);
  await attach(engine, containerOf(machine), { network: elastic.name, address, aliases: [hostNameOf(name)] });
  const from = before?.machine === undefined ? "" : ` (before: ${before.machine})`;
  lab.progress.say(`${hostNameOf(name)}, ${address}, leads to ${machine}${from}`);
  return address;
}

export interface ElasticHolder {
  /** The address's name, such as "www". */
  readonly name: string;
  readonly address: string;
  readonly container: string;
  /** Undefined where it is no machine, but Eve. */
  readonly machine: string | undefined;
}

/** Who has which elastic address. The containers say it, so that no ledger can be wrong about it. */
export async function elasticHolders(lab: Lab): Promise<ElasticHolder[]> {
  const engine = await lab.engine();
  const found = await engine.listContainers({ all: true, filters: { label: [`${names.label}=container`] } });
  const states = await Promise.all(found.map(({ Id }) => inspectContainer(engine, Id)));
  const ending = `.${names.cloud.domain}`;
  return states.flatMap((state) => {
    const place = state?.places[elastic.name];
    const alias = place?.aliases.find((each) => each.endsWith(ending));
    if (state === undefined || place === undefined || alias === undefined) return [];
    const name = alias.slice(0, -ending.length);
    return [{ name, address: place.address, container: state.container, machine: state.labels[machineLabel] }];
  });
}

async function allocate(lab: Lab, name: string): Promise<string> {
  const known = (await readLedger(lab.settings)).elastic;
  const there = Object.hasOwn(known, name) ? known[name] : undefined;
  if (there !== undefined) return there;
  const held = (await elasticHolders(lab)).map(({ address }) => address);
  const address = nextAddress(elastic.pool, [...Object.values(known), ...held]);
  await changeLedger(lab.settings, (before) => ({ ...before, elastic: { ...before.elastic, [name]: address } }));
  return address;
}
