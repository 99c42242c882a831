/** From the table of verbs to the commands that a call needs. */
import type { Command } from "commander";
import { listedVerb, verbGroup } from "../terminal/command.js";
import { verbs } from "./verbs.js";

/**
 * The verbs below a word, of which the one that is asked for is loaded, and those below it in the same way; the others are
 * listed by name and summary.
 * @param args what follows the word
 * @param word "" for `ssh-trust` itself
 */
export function loadVerbs(args: readonly string[], word = ""): Promise<Command[]> {
  const at = args.findIndex((each) => !each.startsWith("-"));
  return Promise.all(
    pathsBelow(word).map(async ({ path, name, entry }) => {
      if (name !== args[at]) return listedVerb(path, entry.summary);
      if ("load" in entry) return (await entry.load()).description(entry.summary);
      return verbGroup(path, entry.summary, await loadVerbs(args.slice(at + 1), path), entry.examples);
    }),
  );
}

/**
 * The verbs for a call: for `completion --complete bash -- <words>`, those that the words name are loaded as well, so that what they
 * declare can be offered.
 */
export async function verbsForCall(args: readonly string[]): Promise<readonly Command[]> {
  const called = await loadVerbs(args);
  const [verb, option] = args;
  if (verb !== "completion" || option !== "--complete" || args[3] !== "--") return called;
  const words = args.slice(4, -1); // the last one is being typed
  const completion = called.find((each) => each.name() === verb);
  const asked = await loadVerbs(words);
  return asked.map((each) => (each.name() === verb && completion !== undefined ? completion : each));
}

const pathsBelow = (word: string) =>
  Object.entries(verbs).flatMap(([path, entry]) => {
    const words = path.split(" ");
    const name = words.pop() ?? "";
    return words.join(" ") === word ? [{ path, name, entry }] : [];
  });
