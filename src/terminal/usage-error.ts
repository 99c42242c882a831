/** What was wrong with a command line, in words that say what should have been there. */
import { closest, distance } from "fastest-levenshtein";
import type { Command, CommanderError, Option } from "commander";
import { either, inBrackets } from "./help.js";

/** What is typed before a command's arguments: `ssh-trust offline-ca init`, `npm run sign-user-key --`. */
export function callOf(declared: Command): string {
  const { parent } = declared;
  return parent === null ? declared.name() : `${callOf(parent)} ${declared.name()}`;
}

/** The same in a sentence: `npm run sign-user-key`. */
export const spoken = (declared: Command): string => callOf(declared).replace(/ --$/, "");

/** @param error what commander found wrong with the arguments of `declared` */
export function describeUsageError({ code, message }: CommanderError, declared: Command): string {
  const [, named = ""] = /'(.*?)'/.exec(message) ?? [];
  const option = allOptions(declared).find(({ flags }) => flags === named);
  switch (code) {
    case "commander.missingArgument": {
      const argument = declared.registeredArguments.find((each) => each.name() === named);
      if (argument !== undefined) return `${inBrackets(argument)} is missing: ${argument.description}`;
      break;
    }
    case "commander.missingMandatoryOptionValue":
      if (option !== undefined) return `${option.flags} is missing: ${meaningOf(option)}`;
      break;
    case "commander.optionMissingArgument":
      if (option !== undefined) return `${option.flags} has no value: ${meaningOf(option)}`;
      break;
    case "commander.invalidArgument": {
      const [, value] = /argument '(.*)' is invalid/s.exec(message) ?? [];
      const choices = option?.argChoices;
      if (choices !== undefined) return `${option?.long ?? named} is ${either(choices)}, not "${value ?? ""}"`;
      break;
    }
    case "commander.unknownOption": {
      // Of a verb that is mistyped: so are its options unknown.
      const [first] = declared.args;
      if (declared.commands.length > 0 && first?.startsWith("-") === false) return describeUnknownVerb(declared);
      const last = declared.registeredArguments.at(-1);
      const begun = declared.args.indexOf(named) >= declared.registeredArguments.length;
      if (last?.name() === "command" && begun)
        return `unknown option '${named}'; if it belongs to ${inBrackets(last)}, put -- before that`;
      break;
    }
    case "commander.excessArguments": {
      const { args, registeredArguments: known } = declared;
      const surplus = args.slice(known.length).map((each) => `"${each}"`);
      const takes = known.length === 0 ? "no argument" : known.map(inBrackets).join(" ");
      return `too many arguments: ${surplus.join(", ")} (${spoken(declared)} takes ${takes})`;
    }
  }
  return message.replace(/^error: /, "").replace(/\n\(Did you/, " (did you");
}

/** What is said where a word leads to verbs, and none of them was asked for. */
export function describeUnknownVerb(declared: Command): string {
  const known = declared.commands.map((each) => each.name());
  const there = `(there are: ${known.join(", ")})`;
  const [asked] = declared.args;
  if (asked === undefined) return `${spoken(declared)} needs a verb ${there}`;
  const nearest = closest(asked, known);
  const isNear = distance(asked, nearest) <= Math.max(1, Math.floor(asked.length / 3));
  return `there is no verb "${asked}" of ${spoken(declared)} ${isNear ? `(did you mean ${nearest}?)` : there}`;
}

const meaningOf = ({ description, argChoices }: Option): string =>
  argChoices === undefined ? description : `${description}, ${either(argChoices)}`;

function allOptions(declared: Command): Option[] {
  return declared.parent === null ? [...declared.options] : [...declared.options, ...allOptions(declared.parent)];
}
