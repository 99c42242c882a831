/** An empty cloud and a laptop that knows nobody: what a chapter of the lab begins with. */
import { removeContainer } from "../docker/containers.js";
import type { Lab } from "../lab.js";
import { startLaptop } from "./laptop.js";
import { changeLedger, readLedger } from "./ledger.js";
import { endMachine } from "./life-cycle.js";
import { listMachines } from "./machines.js";

export async function resetCloud(lab: Lab): Promise<void> {
  const engine = await lab.engine();
  await readLedger(lab.settings); // a damaged one is told before anything is ended
  const machines = await listMachines(lab);
  await lab.progress.during("emptying the cloud", async () => {
    await removeContainer(engine, lab.names.container("eve"));
    await Promise.all(machines.map((machine) => endMachine(lab, machine)));
    await removeContainer(engine, lab.names.container("laptop"));
  });
  if (machines.length > 0) lab.progress.say(`terminated: ${machines.map(({ name }) => name).join(", ")}`);
  // Addresses are still handed out in turn: what a person's own client knows of them is not wrong at once.
  await changeLedger(lab.settings, ({ schema, handedOut }) => ({ schema, handedOut, elastic: {}, terminated: {} }));
  await startLaptop(lab);
}
