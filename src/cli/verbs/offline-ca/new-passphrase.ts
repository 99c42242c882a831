/** The passphrase of a new CA. */
import { fail, isFailure } from "../../../errors/catalogue.js";
import { checkNewPassphrase, readPassphraseFile } from "../../../offline-ca/passphrase.js";
import { askPassphrase } from "../../../terminal/ask-passphrase.js";
import { talk } from "../../../terminal/report.js";
import type { PassphraseOption } from "./options.js";

/** @throws OFFLINE_CA_PASSPHRASE_UNFIT, OFFLINE_CA_PASSPHRASE_DIFFERS, and what readPassphraseFile and askPassphrase throw */
export async function newPassphrase({ passphraseFile }: PassphraseOption): Promise<string> {
  if (passphraseFile === undefined) return typeNewPassphrase(askPassphrase, talk);
  const passphrase = await readPassphraseFile(passphraseFile);
  checkNewPassphrase(passphrase);
  return passphrase;
}

/** Has it typed, and the same again. After a slip it asks once more, three times at the most. */
export async function typeNewPassphrase(
  ask: (question: string) => Promise<string>,
  say: (text: string) => void,
  attempts = 3,
): Promise<string> {
  try {
    const passphrase = await ask("a passphrase for the CA's keys (ten characters or more): ");
    checkNewPassphrase(passphrase);
    if (passphrase === (await ask("the same again: "))) return passphrase;
    throw fail("OFFLINE_CA_PASSPHRASE_DIFFERS", undefined);
  } catch (error) {
    const slip = isFailure(error, "OFFLINE_CA_PASSPHRASE_UNFIT") || isFailure(error, "OFFLINE_CA_PASSPHRASE_DIFFERS");
    if (!slip || attempts === 1) throw error;
    say(`${error.message}; once more`);
    return typeNewPassphrase(ask, say, attempts - 1);
  }
}
