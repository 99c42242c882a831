/** What the verbs of `offline-ca` share: the folder, the passphrase, the validity. */
import type { Command } from "commander";
import { checkPassphrase, readPassphraseFile } from "../../../offline-ca/passphrase.js";
import { printable } from "../../../ground/printable.js";
import { askPassphrase } from "../../../terminal/ask-passphrase.js";

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
  verb.option("--dir <folder>", "the CA's folder, with host/ and user/ in it", "ca/SSH");

export const withPassphrase = (verb: Command): Command =>
  verb.option("--passphrase-file <file>", "read the passphrase from it (mode 0600) instead of asking");

export const withValidity = (verb: Command, usual: string): Command =>
  verb
    .option("--valid <duration>", `from now on: 5y, 26w, 90d, 12h, 30m (default: ${usual})`)
    .option("--valid-from <date>", "2026-01-31, or 2026-01-31T12:00:00Z (default: one hour ago)")
    .option("--valid-to <date>", "instead of --valid");

/** The passphrase of a CA that exists. */
export async function passphraseOf({ passphraseFile }: PassphraseOption, dir: string): Promise<string> {
  if (passphraseFile !== undefined) return readPassphraseFile(passphraseFile);
  const typed = await askPassphrase(`passphrase of the CA in ${printable(dir)}: `);
  checkPassphrase(typed);
  return typed;
}
