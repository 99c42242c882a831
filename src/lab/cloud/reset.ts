/** An empty cloud and a laptop that knows nobody: what a chapter of the lab begins with. */
import { removeContainer } from "../../docker/containers.js";
import { lab as names } from "../../settings.js";
import type { Lab } from "../lab.js";
import { startLaptop } from "./laptop.js";
import { changeLedger } from "./ledger.js";
import { containerOf, listMachines } from "./machines.js";

export async function resetCloud(lab: Lab): Promise<void> {
  const engine = await lab.engine();
  const machines = await listMachines(lab);
  const containers = [...machines.map(({ name }) => containerOf(name)), names.cloud.laptop.name, names.cloud.eve.name];
  await lab.progress.during("emptying the cloud", () => Promise.all(containers.map((each) => removeContainer(engine, each))));
  // Addresses are still handed out in turn: what a person's own client knows of them is not wrong at once.
  await changeLedger(lab.settings, ({ schema, handedOut }) => ({ schema, handedOut, elastic: {}, terminated: {} }));
  await startLaptop(lab);
}
