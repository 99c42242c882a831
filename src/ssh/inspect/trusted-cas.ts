/** Which CAs a file says are trusted. */
import { fail } from "../../errors/catalogue.js";
import { shellWord } from "../../ground/shell-word.js";
import { parsePublicKey, type PublicKey } from "../public-key.js";
import { numberedLines } from "./inspect-lines.js";
import { splitPrefix } from "./prefix.js";

/**
 * The public keys of CAs: those of a `.pub` file or of a file for TrustedUserCAKeys, and those that known_hosts marks with
 * `@cert-authority`, or authorized_keys with `cert-authority`. Other lines of these files name no CA. For which hosts or accounts
 * a line trusts its CA is not looked at.
 * @throws KEY_NOT_PUBLIC, KEY_TYPE_UNKNOWN
 */
export function trustedCas(text: string, file: string): PublicKey[] {
  const lines = numberedLines(text).map((each) => splitPrefix(each.text));
  const revoked = lines
    .filter(({ prefix }) => /^@revoked\s/.test(prefix))
    .map(({ key }) => parsePublicKey(key, file).fingerprint);
  const cas = lines
    .filter(({ prefix }) => prefix === "" || namesCa(prefix))
    .map(({ key }) => parsePublicKey(key, file))
    .filter(({ fingerprint }) => !revoked.includes(fingerprint));
  if (cas.length > 0) return cas;
  throw fail("KEY_NOT_PUBLIC", { file, what: "it names no CA", private: shellWord(file.replace(/\.pub$/, "")) });
}

/** Quotes may hold anything: command="echo ,cert-authority,". */
const namesCa = (prefix: string): boolean =>
  prefix.startsWith("@")
    ? /^@cert-authority\s/.test(prefix)
    : prefix
        .replace(/"(?:\\.|[^"\\])*"/g, '""')
        .split(",")
        .includes("cert-authority");
