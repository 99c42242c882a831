/** The arguments of a verb that passes most of them on: commander would take some of those for its own. */
import type { Command } from "commander";
import { splitArguments } from "../ssh/client/arguments.js";

/** Verbs whose arguments are ssh's, but for long options. */
const wrappers: readonly string[] = ["ssh"];

/**
 * The same arguments for commander: long options of ours, then `--`, then all that is ssh's, in its order.
 * @param args what follows `ssh-trust`
 * @param verbs those that were loaded for these arguments
 */
export function forCommander(args: readonly string[], verbs: readonly Command[]): readonly string[] {
  const at = args.findIndex((each) => !each.startsWith("-"));
  const verb = verbs.find((each) => each.name() === args[at]);
  if (verb === undefined || !wrappers.includes(verb.name())) return args;
  const hasValue = (long: string) => verb.options.some((option) => option.long === long && option.required);
  const { own, ssh } = splitArguments(args.slice(at + 1), hasValue);
  return [...args.slice(0, at + 1), ...own, ...(ssh.length === 0 ? [] : ["--", ...ssh])];
}
