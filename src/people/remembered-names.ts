/**
 * Names that a shell can complete: of the fleets that somebody signed in to, and of hosts that they named. Nothing of it is a secret, and only
 * they can read it.
 */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod";
import type { StoredFleet } from "../fleet/stored.js";
import { hasWildcard } from "../fleet/patterns.js";
import { writeFileAtomically } from "../ground/atomic-file.js";
import { isHostName } from "../ground/host-name.js";
import { makeFolder } from "../ground/make-folder.js";
import { rulesOf, type Me } from "./me.js";

const words = z.array(z.string());
const schema = z.object({
  schema: z.literal(1),
  fleets: z.array(
    z.object({
      /** Vault's address and namespace. */
      server: z.string(),
      groups: z.array(z.object({ name: z.string(), names: words, also: words })),
      /** Those that let this person in. */
      rules: z.array(z.object({ name: z.string(), on: z.string(), as: words })),
    }),
  ),
  /** Of hosts, the last one first. */
  hosts: words,
});
export type RememberedNames = Omit<z.output<typeof schema>, "schema">;

const fileIn = (state: string) => join(state, "names.json");
const most = { fleets: 20, hosts: 2000 };

/** What cannot be read is not known. @param state a folder */
export async function recallNames(state: string): Promise<RememberedNames> {
  try {
    return schema.parse(JSON.parse(await readFile(fileIn(state), "utf8")));
  } catch {
    return { fleets: [], hosts: [] };
  }
}

/** Where it cannot be written, it is not remembered. */
async function remember(state: string, before: RememberedNames, { fleets, hosts }: RememberedNames): Promise<void> {
  const text = (names: RememberedNames) => `${JSON.stringify({ schema: 1, ...names })}\n`;
  const now = { fleets: fleets.slice(0, most.fleets), hosts: hosts.slice(0, most.hosts) };
  if (text(now) === text({ fleets: before.fleets, hosts: before.hosts })) return;
  try {
    await makeFolder(dirname(fileIn(state)), 0o700);
    await writeFileAtomically(fileIn(state), text(now), 0o600);
  } catch {
    return;
  }
}

/** @param server as `describeServer` has it */
export async function rememberFleet(state: string, { fleet }: StoredFleet, me: Me, server: string): Promise<void> {
  const before = await recallNames(state);
  const own = {
    server,
    groups: fleet.hosts.map(({ name, names, also }) => ({ name, names: [...names], also: [...also] })),
    rules: rulesOf(fleet, me).map(({ name, on, as }) => ({ name, on, as: [...as] })),
  };
  const others = before.fleets.filter((each) => each.server !== server);
  const certain = fleet.hosts.flatMap(({ names }) => names.filter((name) => !hasWildcard(name)));
  const hosts = [...before.hosts, ...certain.filter((name) => !before.hosts.includes(name))];
  await remember(state, before, { fleets: [own, ...others], hosts });
}

/** Hosts that somebody named, or that a list showed. Those that are remembered already stay where they are: nothing is written then. */
export async function rememberHosts(state: string, names: readonly string[]): Promise<void> {
  const before = await recallNames(state);
  const fresh = names.filter((name) => isHostName(name) && !before.hosts.includes(name));
  if (fresh.length > 0) await remember(state, before, { ...before, hosts: [...fresh, ...before.hosts] });
}
