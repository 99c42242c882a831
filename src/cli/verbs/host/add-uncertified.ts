/** `ssh-trust host add --uncertified`: the keys of a host that cannot be enrolled, for the directory. */
import type { Command } from "commander";
import { moment } from "../../../ground/moment.js";
import { shellWord } from "../../../ground/shell-word.js";
import { givenKeys } from "../../../host/given-keys.js";
import { keysToRegister, type KeysToRegister } from "../../../host/register.js";
import { programName } from "../../../settings/program.js";
import { readKeyFile } from "../../../ssh/key-file.js";
import type { PublicKey } from "../../../ssh/public-key.js";
import { sayIfInterrupted } from "../../../terminal/main.js";
import { progressOf } from "../../../terminal/progress-of.js";
import { print, talk, talkInLines } from "../../../terminal/report.js";
import { unbroken } from "../../../terminal/wrap.js";
import { agreed, type YesOption } from "../../ask-first.js";
import { readInput } from "../../read-input.js";
import { askedHosts } from "./names.js";
import { requireAnswer, usage } from "./options.js";
import { atRegistry } from "./registrar.js";

export interface UncertifiedOptions extends YesOption {
  readonly uncertified?: true;
  readonly keys?: string;
}

/** Options of enrolling. A host that cannot be enrolled is handed nothing. */
const ofEnrolling = ["out", "format", "installed", "harden", "valid", "cidr", "report", "many"];

/** @throws USAGE */
export function refuseBesideUncertified(command: Command): void {
  const given = command.options.find(
    (option) => ofEnrolling.includes(option.attributeName()) && command.getOptionValueSource(option.attributeName()) === "cli",
  );
  if (given !== undefined)
    throw usage("add", `${given.long ?? ""} is for a host that is enrolled: with --uncertified, give its keys by --keys alone`);
}

export async function addUncertified(names: readonly string[], options: UncertifiedOptions, command: Command): Promise<void> {
  refuseBesideUncertified(command);
  const { keys: file } = options;
  if (names.length > 1) throw usage("add", "--uncertified takes one host at a time, with its own keys");
  const [name = ""] = (await askedHosts("add", names, undefined)).hosts.map((each) => each.name);
  if (file === undefined || file === "")
    throw usage(
      "add",
      "--keys <file> is missing: the host's public keys, as in /etc/ssh/ssh_host_*_key.pub; - is standard input",
    );
  const text = file === "-" ? await readInput() : await readKeyFile(file);
  sayIfInterrupted(command, "nothing was changed");
  await atRegistry("add", async ({ api, stored }) => {
    const keys = givenKeys(text, name, file === "-" ? "standard input" : shellWord(file), stored);
    const asked = await progressOf(command).during(`looking at ${name}`, () => keysToRegister(api, stored, name, keys));
    if (isSame(asked)) {
      print(lines(name, keys));
      talk(`${name} has these keys already: nothing was changed`);
      return;
    }
    if (asked.before !== undefined && options.yes !== true) {
      requireAnswer("add", options, `host show ${name}`);
      if (!(await mayReplace(asked, asked.before.at))) return;
    }
    await asked.store();
    print(lines(name, keys));
    talkInLines(describeStored(asked));
  });
}

const isSame = ({ before, known, keys }: KeysToRegister): boolean =>
  before !== undefined &&
  known.length === keys.length &&
  keys.every(({ fingerprint }) => known.some((each) => each.fingerprint === fingerprint));

/** As ssh-keygen -l prints them, so that they can be compared with what it prints on the host. */
const lines = (name: string, keys: readonly PublicKey[]): string => keys.map((key) => line(name, key)).join("\n");
const line = (name: string, { bits, fingerprint, kind }: PublicKey) => `${String(bits)} ${fingerprint} ${name} (${kind})`;

function describeChange({ name, keys, known }: KeysToRegister): readonly string[] {
  const has = (list: readonly PublicKey[], { fingerprint }: PublicKey) => list.some((each) => each.fingerprint === fingerprint);
  return [
    ...known.filter((key) => !has(keys, key)).map((key) => `- ${line(name, key)}`),
    ...known.filter((key) => has(keys, key)).map((key) => `  ${line(name, key)}`),
    ...keys.filter((key) => !has(known, key)).map((key) => `+ ${line(name, key)}`),
  ];
}

async function mayReplace(asked: KeysToRegister, at: Date): Promise<boolean> {
  const { name } = asked;
  return agreed(
    [
      `${name} has keys since ${moment(at)}; what would change:`,
      ...describeChange(asked),
      "people are told the new keys at once: make sure, on the host itself, that it has them",
    ],
    `replace the keys of ${name}?`,
  );
}

function describeStored(asked: KeysToRegister): readonly string[] {
  const { name, before } = asked;
  return [
    ...(before === undefined
      ? [`${name} is registered as a host without certificates: the directory tells these keys to people`]
      : [`the keys of ${name} were replaced`, ...describeChange(asked)]),
    "next: compare them with what the host itself prints, and see what people see",
    `  ${unbroken("for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $key; done")}`,
    `  ${unbroken(`${programName()} hosts ${name}`)}`,
  ];
}
