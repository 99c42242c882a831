/** What the verbs of `offline-ca` share: the folder, the passphrase, a list that an option adds to. */
import type { Command } from "commander";
import { fail } from "../../../errors.js";
import { readPassphraseFile } from "../../../ssh/offline-ca/passphrase.js";
import { askPassphrase } from "../../ask-passphrase.js";

export interface DirOption {
  readonly dir: string;
}

export interface PassphraseOption {
  readonly passphraseFile?: string;
}

export interface ValidityOptions {
  readonly valid?: string;
  readonly validFrom?: string;
  readonly validTo?: string;
}

export const withDir = (verb: Command): Command =>
  verb.option("--dir <folder>", "the CA's folder, with host/ and user/ in it (ca/SSH)", "ca/SSH");

export const withPassphrase = (verb: Command): Command =>
  verb.option("--passphrase-file <file>", "read the passphrase from it (mode 0600) instead of asking");

export const withValidity = (verb: Command, usual: string): Command =>
  verb
    .option("--valid <duration>", `from now on: 5y, 26w, 90d, 12h, 30m (${usual})`)
    .option("--valid-from <date>", "2026-01-31, or 2026-01-31T12:00:00Z (one hour ago)")
    .option("--valid-to <date>", "instead of --valid");

/** For an option that may come several times. */
export const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** The passphrase of a CA that exists. */
export function passphraseOf({ passphraseFile }: PassphraseOption, dir: string): Promise<string> {
  return passphraseFile === undefined ? askPassphrase(`passphrase of the CA in ${dir}: `) : readPassphraseFile(passphraseFile);
}

/** The passphrase of a new one, typed twice. */
export async function newPassphrase({ passphraseFile }: PassphraseOption): Promise<string> {
  if (passphraseFile !== undefined) return readPassphraseFile(passphraseFile);
  const first = await askPassphrase("a passphrase for the CA's keys (ten characters or more): ");
  if (first === (await askPassphrase("the same again: "))) return first;
  throw fail("OFFLINE_CA_PASSPHRASE_UNFIT", { problem: "the two are not the same" });
}

/** One of several words. @throws USAGE */
export function oneOf<T extends string>(option: string, value: string | undefined, known: readonly T[], help: string): T {
  const found = known.find((each) => each === value);
  if (found !== undefined) return found;
  const words = known.join(", ").replace(/, ([^,]*)$/, " or $1");
  throw fail("USAGE", {
    what: value === undefined ? `${option} is missing: ${words}` : `${option} is ${words}, not "${value}"`,
    help,
  });
}
