/** The machines of the small cloud, as their containers say it. */
import { inspectContainer, type ContainerState } from "../../docker/inspect.js";
import { fail } from "../../errors.js";
import { lab as names } from "../../settings.js";
import type { Lab } from "../lab.js";
import { readLedger } from "./ledger.js";

/** Says that a container is a machine, and which one. */
export const machineLabel = "io.ssh-trust.machine";

export interface Machine {
  readonly name: string;
  /** The name that leads to it, such as "web.lab.test". */
  readonly hostName: string;
  readonly state: "running" | "stopped";
  /** Undefined while it is stopped. */
  readonly address: string | undefined;
  readonly elastic: { readonly name: string; readonly address: string } | undefined;
  /** Whether Vault signs its host keys. */
  readonly signed: boolean;
  /** The service that its certificate stands for too, such as "www.lab.test". */
  readonly service: string | undefined;
}

export const containerOf = (machine: string) => `cloud-${machine}`;
/** The machine's entity in Vault. */
export const identityOf = (machine: string) => `ssh-trust-${containerOf(machine)}`;
export const hostNameOf = (machine: string) => `${machine}.${names.cloud.domain}`;

/** A name that DNS, Docker and people can live with. @throws MACHINE_NAME_INVALID */
export function machineName(text: string): string {
  const reserved = text === names.objectStore.hostName.split(".")[0] || text === "localhost";
  if (reserved || !/^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(text)) throw fail("MACHINE_NAME_INVALID", { name: text });
  return text;
}

/** Every machine, by name. */
export async function listMachines(lab: Lab): Promise<Machine[]> {
  const engine = await lab.engine();
  const found = await engine.listContainers({ all: true, filters: { label: [machineLabel] } });
  const states = await Promise.all(found.map(({ Id }) => inspectContainer(engine, Id)));
  return states
    .flatMap((state) => (state?.ours === true ? [machineFrom(state)] : []))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** One machine. @throws MACHINE_UNKNOWN; MACHINE_WRONG_STATE for one that was terminated */
export async function findMachine(lab: Lab, name: string, doing: string): Promise<Machine> {
  machineName(name);
  const machines = await listMachines(lab);
  const machine = machines.find((each) => each.name === name);
  if (machine !== undefined) return machine;
  const { terminated } = await readLedger(lab.settings);
  const when = Object.hasOwn(terminated, name) ? terminated[name] : undefined;
  if (when !== undefined) {
    const how = `launch another under the same name: npm run cloud -- launch ${name}`;
    throw fail("MACHINE_WRONG_STATE", { name, state: `terminated since ${when}, and its disk is gone`, doing, how });
  }
  throw fail("MACHINE_UNKNOWN", { name, known: machines.map((each) => each.name).join(", ") || "none" });
}

function machineFrom(state: ContainerState): Machine {
  const name = state.labels[machineLabel] ?? "";
  const elastic = state.places[names.cloud.elastic.name];
  const ending = `.${names.cloud.domain}`;
  const service = elastic?.aliases.find((alias) => alias.endsWith(ending))?.slice(0, -ending.length);
  return {
    name,
    hostName: hostNameOf(name),
    state: state.running ? "running" : "stopped",
    address: state.running ? state.places[names.cloud.network.name]?.address : undefined,
    elastic: elastic === undefined || service === undefined ? undefined : { name: service, address: elastic.address },
    signed: state.labels["io.ssh-trust.signed"] === "yes",
    service: state.labels["io.ssh-trust.service"],
  };
}
