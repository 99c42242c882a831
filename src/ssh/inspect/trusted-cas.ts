/** Which CAs a file says are trusted. */
import { fail } from "../../errors/catalogue.js";
import type { Advice } from "../../errors/hint.js";
import { parsePublicKey, type PublicKey } from "../public-key.js";
import { numberedLines } from "./inspect-lines.js";
import { splitPrefix } from "./prefix.js";

/**
 * The public keys of CAs: those of a `.pub` file or of a file for TrustedUserCAKeys, and those that known_hosts marks with
 * `@cert-authority`, or authorized_keys with `cert-authority`. Other lines of these files name no CA. For which hosts or accounts
 * a line trusts its CA is not looked at.
 * @param file its name, for the error
 * @returns at least one, in the file's order; those that a line marks with `@revoked` are left out
 * @throws NO_CA_IN_FILE; KEY_NOT_PUBLIC, KEY_TYPE_UNKNOWN for a line that says it names a CA and has no such key
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { certAuthorityLine, inspectKey, trustedCas } from "ssh-trust";
 *
 * const knownHosts = certAuthorityLine(["*.example.org"], await readFile("host_ca.pub", "utf8"));
 * const trusted = trustedCas(knownHosts, "known_hosts");
 * console.log(trusted[0]?.comment); // hosts
 * const certificate = await readFile("ssh_host_ed25519_key-cert.pub", "utf8");
 * const { verdicts } = inspectKey(certificate, { now: new Date(), trusted });
 * console.log(verdicts.some(({ code }) => code === "trusted-ca")); // true
 * ```
 */
export function trustedCas(text: string, file: string): PublicKey[] {
  const lines = numberedLines(text).map((each) => splitPrefix(each.text));
  const revoked = lines
    .filter(({ prefix }) => /^@revoked\s/.test(prefix))
    .map(({ key }) => parsePublicKey(key, file).fingerprint);
  const named = lines.filter(({ prefix }) => prefix === "" || namesCa(prefix)).map(({ key }) => parsePublicKey(key, file));
  const cas = named.filter(({ fingerprint }) => !revoked.includes(fingerprint));
  if (cas.length > 0) return cas;
  throw fail("NO_CA_IN_FILE", { file, ...whyNone(lines.length, named.length) });
}

function whyNone(lines: number, named: number): { readonly problem: string; readonly how: Advice } {
  const getKey = { run: 'curl -sS "$VAULT_ADDR/v1/<mount>/public_key" > ca.pub' };
  if (lines === 0)
    return { problem: "it has no line with a key", how: { say: "get the CA's public key, and name that", ...getKey } };
  if (named > 0)
    return {
      problem: "each CA in it is marked as @revoked",
      how: { say: "where a new CA has taken over, name its key", ...getKey },
    };
  return {
    problem: "none of its lines is marked with @cert-authority (known_hosts) or cert-authority (authorized_keys)",
    how: { say: "mark the line of the CA, or name the CA's public key itself", ...getKey },
  };
}

/** Quotes may hold anything: command="echo ,cert-authority,". */
const namesCa = (prefix: string): boolean =>
  prefix.startsWith("@")
    ? /^@cert-authority\s/.test(prefix)
    : prefix
        .replace(/"(?:\\.|[^"\\])*"/g, '""')
        .split(",")
        .includes("cert-authority");
