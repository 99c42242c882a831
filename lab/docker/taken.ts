/** Whether the lab's names are another checkout's at the moment. */
import { fail } from "../errors/catalogue.js";
import type { Engine } from "./engine.js";
import { isOwn, ofKind, otherOwner } from "./owner.js";

/** Looked at before anything is made: images and networks have the same names too. @throws LAB_TAKEN */
export async function refuseTakenLab(engine: Engine): Promise<void> {
  for (const { Names, Labels } of await engine.listContainers({ all: true, filters: ofKind("container") })) {
    const other = otherOwner(Labels, "container");
    if (other?.lab !== engine.owner.lab || isOwn(Labels, engine.owner, "container")) continue;
    throw fail("LAB_TAKEN", { what: `the container "${(Names[0] ?? "").replace(/^\//, "")}"`, ...other });
  }
  for (const { Name, Labels = {} } of await engine.listNetworks({ filters: ofKind("network") })) {
    const other = otherOwner(Labels, "network");
    if (other?.lab !== engine.owner.lab || isOwn(Labels, engine.owner, "network")) continue;
    throw fail("LAB_TAKEN", { what: `the network "${Name}"`, ...other });
  }
}
