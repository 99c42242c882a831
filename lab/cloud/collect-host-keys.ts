/**
 * Known hosts the old way, done right: what the machines published at their first boot becomes known_hosts lines on the
 * laptop, before it has met any of them.
 */
import { putFiles } from "../docker/files.js";
import { fail } from "../errors/catalogue.js";
import { knownHostLine } from "../../src/ssh/known-hosts.js";
import { parsePublicKey } from "../../src/ssh/public-key.js";
import { readLines } from "../../src/ssh/read-lines.js";
import type { Lab } from "../lab.js";
import { objectStore } from "../object-store/server.js";
import { listMachines, type Machine } from "./machines.js";

/** The administrator's list, which every user's ssh reads: ssh_config(5), GlobalKnownHostsFile. */
const file = "/etc/ssh/ssh_known_hosts";

/**
 * Writes the laptop's list anew, from what the store holds of the machines that there are.
 * @throws OBJECT_STORE_DOWN, PUBLISHED_KEYS_INVALID; nothing is written then
 */
export async function collectHostKeys(lab: Lab): Promise<void> {
  const store = await objectStore(lab);
  const machines = await listMachines(lab);
  const published = await store.list();
  const lines: string[] = [];
  const silent: string[] = [];
  const leftOut: string[] = [];
  for (const machine of machines) {
    const text = published.includes(machine.name) ? await store.read(machine.name) : undefined;
    if (text === undefined) {
      silent.push(machine.name);
      continue;
    }
    const found = linesOf(machine, text);
    lines.push(...found.lines);
    leftOut.push(...found.unknown);
  }
  const content = lines.map((line) => `${line}\n`).join("");
  await putFiles(await lab.engine(), lab.names.container("laptop"), [{ path: file, content, mode: 0o644 }]);
  const omitted = leftOut.length === 0 ? "" : `; left out, of a type that ssh-trust does not know: ${leftOut.join(", ")}`;
  lab.progress.say(summary(lab, lines.length, machines.length - silent.length, silent) + omitted);
}

function summary({ names }: Lab, lines: number, hosts: number, silent: readonly string[]): string {
  const where = `${names.container("laptop")}:${file}`;
  const written = `${String(lines)} lines for ${String(hosts)} host${hosts === 1 ? "" : "s"} in ${where}`;
  const missing = silent.length === 0 ? "" : `; nothing was published by: ${silent.join(", ")}`;
  const next = hosts === 0 ? `; launch a machine that publishes: ${names.task("cloud", "launch web --publish")}` : "";
  return written + missing + next;
}

/**
 * What one machine published, as lines for it; the object's name says whose they are, not what stands in it. A key of a type that
 * only a newer OpenSSH knows is left out. A line that is no key at all is not of an honest machine: then none of it counts.
 */
function linesOf({ name, hostName, address }: Machine, text: string): { lines: string[]; unknown: string[] } {
  const { read: keys, leftOut } = readLines(text, (line) => parsePublicKey(line));
  const refuse = (what: string) => fail("PUBLISHED_KEYS_INVALID", { machine: name, what });
  const unreadable = leftOut.find(({ kind }) => kind === "unreadable");
  if (unreadable !== undefined) throw refuse(unreadable.problem);
  if (keys.length === 0) throw refuse(leftOut.length === 0 ? "there are none" : "there are none of a type that ssh-trust knows");
  if (new Set(keys.map(({ type }) => type)).size !== keys.length) throw refuse("there are several of one type");
  return {
    lines: keys.map((key) => knownHostLine([hostName, ...(address === undefined ? [] : [address])], key)),
    unknown: leftOut.map(({ type }) => `${name} ${type}`),
  };
}
