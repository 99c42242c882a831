/** Which names an offline CA takes. They become principals, file names and arguments, so only plain ones do. */
import { join } from "node:path";
import { fail } from "../errors/catalogue.js";
import { isHostName } from "../ground/host-name.js";
import { checkPrincipal } from "../ground/principal.js";
import { printable } from "../ground/printable.js";
import { certsFolder, type CaKind } from "./layout.js";

/** Who a certificate is for. */
export interface Subject {
  readonly kind: CaKind;
  /** A host as it is typed without the CA's domain, or a person. */
  readonly name: string;
  readonly principals: readonly string[];
  /** Where its keys and certificates lie. */
  readonly folder: string;
}

/** What inet_aton(3) reads as a number: "127.1", "2130706433" and "0x7f000001" are addresses of this machine. */
const numeric = /^(?:[0-9]+|0x[0-9a-f]*)$/;
/** What each machine calls itself, in /etc/hosts. */
const everybody = new Set(["localhost", "localhost4", "localhost6", "ip6-localhost", "ip6-loopback"]);

/** Whether a host may be called so without its domain: one label, and neither an address nor everybody's name. */
export const isShortName = (name: string): boolean =>
  isHostName(name) && !name.includes(".") && !numeric.test(name) && !everybody.has(name);

/**
 * A host below the CA's domain. One that is right below it has two principals, the short name and the full one; one that is
 * deeper has the full name alone, because its first label may be another host's.
 * @param name the short name, or the full one
 * @throws OFFLINE_CA_NAME_INVALID
 */
export function hostSubject(dir: string, domain: string, name: string): Subject {
  const below = name.endsWith(`.${domain}`);
  const short = below ? name.slice(0, -domain.length - 1) : name;
  const full = `${short}.${domain}`;
  const rule = `a host is one word, such as web, or a name below the CA's domain, such as web.${domain}`;
  const refuse = (problem: string) => invalid("host", name, problem, rule);
  if (!isHostName(name) || !isHostName(full)) throw refuse("it is no DNS name in lower case");
  if (short.split(".").every((part) => numeric.test(part))) throw refuse("it reads as an address");
  if (everybody.has(short)) throw refuse("every machine calls itself that");
  if (!below && name.includes(".")) throw refuse(`it is not below ${domain}`);
  const folder = join(certsFolder(dir, "host"), full);
  if (!isShortName(short)) return { kind: "host", name: full, principals: [full], folder };
  return { kind: "host", name: short, principals: [short, full], folder };
}

/**
 * A person, with the accounts that the certificate opens as principals.
 * @throws OFFLINE_CA_NAME_INVALID, PRINCIPAL_INVALID
 */
export function userSubject(dir: string, name: string, principals: readonly string[]): Subject {
  if (!/^[a-z0-9_][a-z0-9_.-]{0,63}$/.test(name)) {
    const rule = "a person is named in lower-case letters, digits and . _ -, such as alice";
    throw invalid("person", name, "it is no plain name", rule);
  }
  principals.forEach(checkPrincipal);
  return { kind: "user", name, principals: [...new Set(principals)], folder: join(certsFolder(dir, "user"), name) };
}

/** @throws OFFLINE_CA_NAME_INVALID */
export function checkDomain(domain: string): void {
  const refuse = (problem: string) => invalid("domain", domain, problem, "name one of two or more parts, such as example.org");
  if (!isHostName(domain) || domain.length > 200) throw refuse("it is no DNS name in lower case");
  // ssh would take "*.org" as well; an authority for all of it is a slip.
  if (!domain.includes(".")) throw refuse("it has one part, not two or more");
  if (numeric.test(domain.split(".").at(-1) ?? "")) throw refuse("it reads as an address");
}

/** @throws OFFLINE_CA_NAME_INVALID */
export function checkCaName(name: string): void {
  if (/^[a-z0-9][a-z0-9-]{0,31}$/.test(name)) return;
  const rule = "a CA is named in up to 32 lower-case letters, digits and -, such as --name lab";
  throw invalid("CA", name, "it is no short, plain word", rule);
}

function invalid(what: string, name: string, problem: string, rule: string) {
  return fail("OFFLINE_CA_NAME_INVALID", { what, name: printable(name), problem, rule });
}
