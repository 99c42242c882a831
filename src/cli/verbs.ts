/** The verbs of the `ssh-trust` command. A verb is a file in `verbs/` and a line here; it is loaded when it is asked for. */
import type { Command } from "commander";

const verbs: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ["offline-ca", async () => (await import("./verbs/offline-ca/index.js")).offlineCa],
  ["trace", async () => (await import("./verbs/trace.js")).trace],
]);

export const verbNames = [...verbs.keys()];

/** The verb that these arguments ask for; all of them where that is none, to be listed. */
export async function loadVerbs(args: readonly string[]): Promise<Command[]> {
  const asked = verbs.get(args.find((word) => !word.startsWith("-")) ?? "");
  const loaded: Command[] = [];
  for (const load of asked === undefined ? verbs.values() : [asked]) loaded.push(await load());
  return loaded;
}
