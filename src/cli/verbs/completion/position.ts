/** What a shell asks to have completed: a verb, an option, the value of an option, or an argument. */
import type { Argument, Command, Option } from "commander";
import { readSshArguments } from "../../../ssh/client/arguments.js";

export type Position =
  | { readonly what: "word"; readonly of: Command; readonly path: string; readonly argument: Argument | undefined }
  | { readonly what: "option"; readonly of: Command }
  | { readonly what: "value"; readonly option: Option; readonly path: string }
  /** The value of one of ssh's own options, by its letter. */
  | { readonly what: "ssh-value"; readonly letter: string }
  /** What ssh runs, or an argument too many. */
  | { readonly what: "nothing" };

const isWrapper = (path: string) => path === "ssh";

/** @param before the words that are there already, behind the program's name */
export function positionOf(root: Command, before: readonly string[], word: string): Position {
  let at = root;
  let count = 0;
  let onlyArguments = false;
  const path: string[] = [];
  for (let index = 0; index < before.length; index++) {
    const each = before[index] ?? "";
    if (isWrapper(path.join(" "))) {
      const wrapped = wrappedPosition(at, before.slice(index), word);
      if (wrapped !== undefined) return wrapped;
      break;
    }
    if (onlyArguments) count += 1;
    else if (each === "--") onlyArguments = true;
    else if (each.startsWith("-") && each !== "-") {
      const option = findOption(at, each);
      if (option === undefined || !takesNext(option, each)) continue;
      if (index === before.length - 1) return { what: "value", option, path: path.join(" ") };
      index += 1;
    } else {
      const verb = at.commands.find((one) => one.name() === each);
      if (verb === undefined) count += 1;
      else {
        at = verb;
        path.push(each);
      }
    }
  }
  if (!onlyArguments && word.startsWith("-")) return { what: "option", of: at };
  const declared = at.registeredArguments;
  const last = declared.at(-1);
  const argument = declared[count] ?? (last?.variadic === true ? last : undefined);
  if (argument === undefined && (at.commands.length === 0 || count > 0)) return { what: "nothing" };
  return { what: "word", of: at, path: path.join(" "), argument };
}

/** Behind `ssh-trust ssh`; undefined where the destination is still to come. */
function wrappedPosition(verb: Command, before: readonly string[], word: string): Position | undefined {
  const rest: string[] = [];
  for (let index = 0; index < before.length; index++) {
    const each = before[index] ?? "";
    const option = each.startsWith("--") && each !== "--" ? findOption(verb, each) : undefined;
    if (option === undefined) rest.push(each);
    else if (takesNext(option, each)) {
      if (index === before.length - 1) return { what: "value", option, path: "ssh" };
      index += 1;
    }
  }
  const { options, destination } = readSshArguments(rest);
  if (destination !== undefined) return { what: "nothing" };
  const last = options.at(-1);
  if (last?.valueAt === "next" && last.at === rest.length - 1) return { what: "ssh-value", letter: last.letter };
  return word.startsWith("-") ? { what: "option", of: verb } : undefined;
}

/** Also of the words above, such as --debug. */
export function findOption(of: Command, word: string): Option | undefined {
  const [name = ""] = word.split("=");
  for (let each: Command | null = of; each !== null; each = each.parent) {
    const found = each.options.find(({ short, long }) => short === name || long === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

const takesNext = (option: Option, word: string) => option.required && !word.includes("=");
