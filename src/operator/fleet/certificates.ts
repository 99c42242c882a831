/** A file with the certificates of a private CA, which a fleet file names: public, and nothing else. */
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fail } from "../../errors/catalogue.js";
import type { Advice } from "../../errors/hint.js";
import { shellWord } from "../../ground/shell-word.js";
import { whyUnread } from "../../ground/unread-file.js";

const correct: Advice = { say: "name the PEM file with the certificate of the CA, which the server's administrators hand out" };

/**
 * @param key of the fleet file, such as "sign-in.ldap.ca"
 * @returns the certificates as PEM, without what stands around them
 * @throws FLEET_CA_FILE_REFUSED
 */
export async function readCertificates(file: string, key: string): Promise<string> {
  const refuse = (problem: string, how: Advice = correct, cause?: unknown) =>
    fail("FLEET_CA_FILE_REFUSED", { key, file: shellWord(file), problem, how }, cause);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    const { reason, how } = whyUnread(file, error);
    throw refuse(reason, how, error);
  });
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) throw refuse("it holds a private key, which Vault does not need");
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0) throw refuse("it holds no certificate (PEM)");
  const ends = found.map((each) => parsed(each)?.validTo);
  const unread = ends.indexOf(undefined);
  if (unread >= 0) throw refuse(`its certificate ${String(unread + 1)} cannot be read`);
  // Beside one that is valid, it does no harm: a file with all that a system trusts usually has some.
  const [first = ""] = ends;
  if (ends.every((end = "") => Date.parse(end) < Date.now()))
    throw refuse(ends.length === 1 ? `its certificate expired on ${first}` : "all of its certificates have expired");
  return `${found.map((each) => each.replaceAll("\r", "")).join("\n")}\n`;
}

function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
