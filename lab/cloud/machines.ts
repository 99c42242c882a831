/** The machines of the small cloud, as their containers say it. */
import { readFileIn } from "../docker/files.js";
import { inspectContainer, type ContainerState } from "../docker/inspect.js";
import { fail } from "../errors/catalogue.js";
import type { Lab } from "../lab.js";
import { readLedger } from "./ledger.js";
import { checkedName, containerOf, hostNameOf, labels } from "./naming.js";
import { serviceAt, type Service } from "./services.js";
import type { LabNames } from "../names.js";
import { task } from "../errors/task.js";

export interface Machine {
  readonly name: string;
  /** The name that leads to it, such as "web.lab.test". */
  readonly hostName: string;
  readonly state: "running" | "stopped";
  /** Undefined while it is stopped. */
  readonly address: string | undefined;
  readonly elastic: Service | undefined;
  /** The address of the Vault that shall sign its host keys; undefined where none shall, or its user-data says which. */
  readonly vault: string | undefined;
  /** Whether it has systemd and cloud-init, and was told by user-data what it is. */
  readonly cloudInit: boolean;
}

/** The files of a machine's host key: Ed25519, which every machine has. */
export const hostKeyFiles = {
  private: "/etc/ssh/ssh_host_ed25519_key",
  public: "/etc/ssh/ssh_host_ed25519_key.pub",
  certificate: "/etc/ssh/ssh_host_ed25519_key-cert.pub",
} as const;

/** Every machine, by name. */
export async function listMachines(lab: Lab): Promise<Machine[]> {
  const engine = await lab.engine();
  const found = await engine.listContainers({ all: true, filters: { label: [labels.machine] } });
  const states = await Promise.all(found.map(({ Id }) => inspectContainer(engine, Id)));
  return states
    .flatMap((state) => (state?.ours === true ? [machineFrom(lab.names, state)] : []))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Whether a machine has a certificate for its host key: it may have been launched to have one, and Vault not there. */
export async function hasCertificate(
  lab: Lab,
  { name, vault, cloudInit }: Pick<Machine, "name" | "vault" | "cloudInit">,
): Promise<boolean> {
  return (
    (vault !== undefined || cloudInit) &&
    (await readFileIn(await lab.engine(), containerOf(lab.names, name), hostKeyFiles.certificate)) !== undefined
  );
}

/**
 * One machine.
 * @param doing what it is looked for, as in `stop "web"`
 * @throws MACHINE_UNKNOWN; MACHINE_WRONG_STATE for one that was terminated
 */
export async function findMachine(lab: Lab, name: string, doing: string): Promise<Machine> {
  checkedName(name, "machine");
  const machines = await listMachines(lab);
  const machine = machines.find((each) => each.name === name);
  if (machine !== undefined) return machine;
  const { terminated } = await readLedger(lab.settings);
  const when = Object.hasOwn(terminated, name) ? terminated[name] : undefined;
  if (when !== undefined) {
    const how = { say: "launch another under the same name", run: task("cloud", `launch ${name}`) };
    throw fail("MACHINE_WRONG_STATE", { doing, state: `terminated since ${when}, and its disk is gone`, how });
  }
  throw fail("MACHINE_UNKNOWN", { name, known: machines.map((each) => each.name).join(", ") || "none" });
}

function machineFrom(names: LabNames, state: ContainerState): Machine {
  const name = state.labels[labels.machine] ?? "";
  return {
    name,
    hostName: hostNameOf(name),
    state: state.running ? "running" : "stopped",
    address: state.running ? state.places[names.cloud.name]?.address : undefined,
    elastic: serviceAt(names, state),
    vault: state.labels[labels.vault],
    cloudInit: state.labels[labels.boots] !== undefined,
  };
}
