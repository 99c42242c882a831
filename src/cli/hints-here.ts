/**
 * A hint for the call that failed: for whoever calls such a verb, and its commands with the options by which the call said where, and with
 * the address of Vault that is known.
 */
import type { Command } from "commander";
import type { SshTrustError } from "../errors/catalogue.js";
import { hintForPeople } from "../errors/for-people.js";
import { exampleAddress, type Advice, type Hint, type Verb } from "../errors/hint.js";
import { shellWord } from "../ground/shell-word.js";
import { verbs } from "./verbs.js";

/** Options that say where: what is to be run next is for the same place. */
const places = ["--vault", "--method", "--mount", "--role", "--user", "--file"] as const;

/** The verbs of operators and registrars, who can mend Vault and the fleet, or know who does. All others are of people who log in. */
const operatorsWords: readonly string[] = ["apply", "host", "init", "offline-ca", "people", "synth"];

interface Given {
  /** As the help has it: "--vault <address>". */
  readonly flags: string;
  readonly long: string;
  readonly value: string;
}

/**
 * @param program as it was called
 * @param address finds out which Vault is meant where the hint can only give an example; undefined: nobody knows
 * @throws what a verb's file throws that cannot be loaded
 */
export async function hintHere(
  error: SshTrustError,
  program: Command,
  address: () => Promise<string | undefined>,
): Promise<Hint> {
  const [word = ""] = program.args;
  const hint = (operatorsWords.includes(word) ? undefined : hintForPeople(error)) ?? error.hint;
  const given = placesOf(calledVerb(program));
  const asksAddress = hint.some(({ run }) => typeof run === "string" && run.includes(exampleAddress));
  const known = asksAddress ? await address() : undefined;
  return Promise.all(
    hint.map(async (advice): Promise<Advice> => {
      const { run } = advice;
      if (run === undefined) return advice;
      if (typeof run === "string")
        return known === undefined ? advice : { ...advice, run: run.replaceAll(exampleAddress, shellWord(known)) };
      return "verb" in run ? { ...advice, run: await withPlaces(run, given) } : advice;
    }),
  );
}

/** The verb that ran, or the word before it. */
function calledVerb(command: Command): Command {
  const next = command.commands.find((each) => each.name() === command.args[0]);
  return next === undefined ? command : calledVerb(next);
}

const placesOf = (called: Command): readonly Given[] =>
  called.options.flatMap((option) => {
    const { flags, long = "" } = option;
    const name = option.attributeName();
    const value: unknown = called.getOptionValue(name);
    const isGiven = called.getOptionValueSource(name) === "cli" && typeof value === "string";
    return isGiven && places.some((each) => each === long) ? [{ flags, long, value }] : [];
  });

/** Right behind the verb: what comes after a host is ssh's. What the command says itself, or does not take, is left out. */
async function withPlaces(run: Verb, given: readonly Given[]): Promise<Verb> {
  const path = pathOf(run.verb);
  const entry = path === undefined ? undefined : verbs[path];
  // The help needs none; an invitation says where itself.
  if (
    path === undefined ||
    given.length === 0 ||
    entry === undefined ||
    !("load" in entry) ||
    /--(?:help|invitation)\b/.test(run.verb)
  )
    return run;
  const { options } = await entry.load();
  const more = given.filter(
    ({ flags, long }) => options.some((option) => option.flags === flags) && !` ${run.verb} `.includes(` ${long} `),
  );
  const words = more.map(({ long, value }) => ` ${long} ${shellWord(value)}`).join("");
  return { verb: `${path}${words}${run.verb.slice(path.length)}` };
}

const pathOf = (words: string): string | undefined =>
  Object.keys(verbs)
    .filter((path) => words === path || words.startsWith(`${path} `))
    .sort((one, other) => other.length - one.length)[0];
