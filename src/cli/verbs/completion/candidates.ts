/** What a shell is offered, from the declarations of the verbs and from the names that are remembered here. No server is asked. */
import type { Command, Option } from "commander";
import { printable } from "../../../ground/printable.js";
import { groupOfName } from "../../../people/access.js";
import type { RememberedNames } from "../../../people/remembered-names.js";
import { positionOf, findOption } from "./position.js";

export interface Candidate {
  readonly word: string;
  /** "" for none. */
  readonly about: string;
}

export interface Candidates {
  /** Whether files are offered, too: by the shell itself. */
  readonly files: boolean;
  readonly words: readonly Candidate[];
}

/** Which names an argument or an option takes. */
type Names = "login" | "host" | "group" | "target" | "account" | "rule" | "server";
const argumentNames: Readonly<Record<string, Names>> = {
  ssh: "login",
  trace: "login",
  "host show": "host",
  "host remove": "host",
  "host reissue": "host",
  "host template": "group",
  hosts: "host",
};
const optionNames: Readonly<Record<string, Names>> = {
  "sign --on": "target",
  "sign --as": "account",
  "sign --rule": "rule",
  "ssh --rule": "rule",
  "host list --group": "group",
  "hosts --group": "group",
};
const anywhere: Readonly<Record<string, Names>> = { "--vault": "server" };
const sshNames: Readonly<Record<string, Names>> = { J: "login", l: "account" };

const most = 500;

/** @param words behind the program's name; the last one is what is being typed */
export function candidatesFor(root: Command, words: readonly string[], names: RememberedNames): Candidates {
  const word = words.at(-1) ?? "";
  const found = all(root, words.slice(0, -1), word, names);
  const fitting = found.words.filter((each) => each.word.startsWith(word) && isSafe(each.word));
  return { files: found.files, words: fitting.slice(0, most) };
}

/** It comes onto a command line as it is: nothing that Vault has stored may be a command there. */
const isSafe = (word: string) => /^[\w.@:/=+,-]+$/.test(word);

const nothing: Candidates = { files: false, words: [] };
const plain = (words: readonly string[]): readonly Candidate[] =>
  [...new Set(words)].filter((word) => !word.startsWith("-")).map((word) => ({ word, about: "" }));

function all(root: Command, before: readonly string[], word: string, names: RememberedNames): Candidates {
  const position = positionOf(root, before, word);
  switch (position.what) {
    case "nothing":
      return nothing;
    case "option":
      return { files: false, words: optionsOf(position.of, word) };
    case "value":
      return valuesOf(position.option, position.path, names);
    case "ssh-value": {
      const kind = sshNames[position.letter];
      return kind === undefined ? { files: "EFISi".includes(position.letter), words: [] } : named(kind, names);
    }
    case "word": {
      const { of, path, argument } = position;
      const verbs = of.commands.map((each) => ({ word: each.name(), about: each.description() }));
      if (argument === undefined) return { files: false, words: verbs };
      if (argument.argChoices !== undefined) return { files: false, words: plain(argument.argChoices) };
      const kind = argumentNames[path];
      return kind === undefined ? { files: isFile(argument.name()), words: [] } : named(kind, names);
    }
  }
}

const isFile = (name: string) => /file|folder|dir|roles/.test(name);

/** `--format=` has the values of --format. */
function optionsOf(of: Command, word: string): readonly Candidate[] {
  const option = word.includes("=") ? findOption(of, word) : undefined;
  if (option !== undefined)
    return (option.argChoices ?? []).map((choice) => ({ word: `${option.long ?? ""}=${choice}`, about: "" }));
  const options = [...of.options.filter(({ hidden }) => !hidden), ...general(of)];
  return options.flatMap(({ short, long, description }) =>
    [long, short].flatMap((name) => (name === undefined ? [] : [{ word: name, about: description }])),
  );
}

/** What every command has. */
const general = (of: Command): readonly Pick<Option, "short" | "long" | "description">[] => [
  ...(of.parent === null ? [] : (rootOf(of).options.filter(({ long }) => long === "--debug") as readonly Option[])),
  { short: "-h", long: "--help", description: "display help for command" },
];

const rootOf = (of: Command): Command => (of.parent === null ? of : rootOf(of.parent));

function valuesOf(option: Option, path: string, names: RememberedNames): Candidates {
  if (option.argChoices !== undefined) return { files: false, words: plain(option.argChoices) };
  const long = option.long ?? "";
  const kind = optionNames[`${path} ${long}`] ?? anywhere[long];
  if (kind !== undefined) return named(kind, names);
  return { files: isFile(/<(.*)>/.exec(option.flags)?.[1] ?? ""), words: [] };
}

function named(kind: Names, { fleets, hosts }: RememberedNames): Candidates {
  const groups = fleets.flatMap((fleet) => fleet.groups);
  const rules = fleets.flatMap((fleet) => fleet.rules);
  const known = [...new Set([...hosts, ...groups.flatMap(({ also }) => also)])];
  const words = {
    host: () => plain(known),
    group: () => plain(groups.map(({ name }) => name)),
    target: () => plain([...groups.map(({ name }) => name), ...known]),
    account: () => plain(rules.flatMap(({ as }) => as)),
    rule: () => rules.map(({ name, on, as }) => ({ word: name, about: printable(`${as.join(", ")} on ${on}`) })),
    server: () => plain(fleets.map(({ server }) => server.replace(/ .*/, ""))),
    login: () => [...plain(known.flatMap((host) => loginsAt(host, { fleets, hosts }))), ...plain(known)],
  };
  return { files: false, words: words[kind]() };
}

/** By the rules that let this person in. */
function loginsAt(host: string, { fleets }: RememberedNames): readonly string[] {
  return fleets.flatMap(({ groups, rules }) => {
    const group = groupOfName({ hosts: groups }, host);
    return rules.filter(({ on }) => on === group?.name).flatMap(({ as }) => as.map((account) => `${account}@${host}`));
  });
}
