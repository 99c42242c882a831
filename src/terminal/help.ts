/** The help of a command. */
import type { Argument, Command, Help, Option } from "commander";
import { unbroken, wrap } from "./wrap.js";

/** Usage, summary, examples; then arguments, verbs and options. The examples come first: they are what people read. */
export function helpText(asked: Command, help: Help, examples: readonly string[]): string {
  const sections: readonly [title: string, rows: readonly (readonly [term: string, text: string])[]][] = [
    ["Arguments", help.visibleArguments(asked).map((each) => [inBrackets(each), each.description])],
    ["Verbs", help.visibleCommands(asked).map((each) => [each.name(), each.description()])],
    ["Options", optionsOf(asked, help).map((each) => [help.optionTerm(each), describeOption(each)])],
  ];
  const width = Math.max(...sections.flatMap(([, rows]) => rows.map(([term]) => term.length)));
  const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ["", `${title}:`, ...lines]);
  return [
    `Usage: ${wrap(usageOf(asked, help), help.helpWidth, "       ")}`,
    "",
    help.boxWrap(asked.description(), help.helpWidth ?? 80),
    ...section(
      "Examples",
      examples.map((example) => `  ${example}`),
    ),
    ...sections.flatMap(([title, rows]) =>
      section(
        title,
        rows.map(([term, text]) => help.formatItem(term, width, text, help)),
      ),
    ),
    "",
  ].join("\n");
}

/** An argument as the usage has it: `<name>`, `[file...]`. */
export function inBrackets(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** Words to choose from: `a, b or c`. */
export const either = (words: readonly string[]): string => words.join(", ").replace(/, ([^,]*)$/, " or $1");

/** With the options that must be given. */
function usageOf(asked: Command, help: Help): string {
  const required = asked.options.filter(({ mandatory }) => mandatory).map(({ flags }) => unbroken(flags));
  return help.commandUsage(asked).replace("[options]", [...required, "[options]"].join(" "));
}

/** Its own, then those that every command has. */
function optionsOf(asked: Command, help: Help): Option[] {
  const all = [...help.visibleOptions(asked), ...help.visibleGlobalOptions(asked)];
  const isGeneral = ({ long }: Option) => ["--debug", "--help", "--version"].includes(long ?? "");
  return [...all.filter((each) => !isGeneral(each)), ...all.filter(isGeneral)];
}

function describeOption({ description, mandatory, argChoices, defaultValue }: Option): string {
  const facts = [
    ...(argChoices === undefined ? [] : [either(argChoices)]),
    ...(mandatory ? ["required"] : []),
    ...(typeof defaultValue === "string" ? [`default: ${defaultValue}`] : []),
  ];
  return facts.length === 0 ? description : `${description} (${facts.join("; ")})`;
}
