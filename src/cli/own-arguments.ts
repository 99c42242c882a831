/** Arguments that are not read as commander would read them. */
import type { Command } from "commander";
import { splitArguments } from "../ssh/client/arguments.js";
import { verbs } from "./verbs.js";

/** `help login` as `login --help`, and `people help add` as `people add --help`. @param args what follows `ssh-trust` */
export function withHelpAsOption(args: readonly string[]): readonly string[] {
  const path: string[] = [];
  for (const [at, word] of args.entries()) {
    if (word.startsWith("-")) continue;
    if (word === "help") return [...args.slice(0, at), ...args.slice(at + 1), "--help"];
    const entry = verbs[[...path, word].join(" ")];
    if (entry === undefined || "load" in entry) return args;
    path.push(word);
  }
  return args;
}

/** Verbs whose arguments are ssh's, but for long options. */
const wrappers: readonly string[] = ["ssh"];

/**
 * The same arguments for commander: long options of ours, then `--`, then all that is ssh's, in its order.
 * @param args what follows `ssh-trust`
 * @param loaded the verbs that were loaded for these arguments
 */
export function forCommander(args: readonly string[], loaded: readonly Command[]): readonly string[] {
  const at = args.findIndex((each) => !each.startsWith("-"));
  const verb = loaded.find((each) => each.name() === args[at]);
  if (verb === undefined || !wrappers.includes(verb.name())) return args;
  const hasValue = (long: string) => verb.options.some((option) => option.long === long && option.required);
  const { own, ssh } = splitArguments(args.slice(at + 1), hasValue);
  return [...args.slice(0, at + 1), ...own, ...(ssh.length === 0 ? [] : ["--", ...ssh])];
}
