/** Which names an offline CA takes. They become principals, file names and arguments, so only plain ones do. */
import { fail } from "../../errors.js";
import { printable } from "../printable.js";
import { certsFolder, type CaKind } from "./layout.js";
import { join } from "node:path";

/** Who a certificate is for. */
export interface Subject {
  readonly kind: CaKind;
  /** A host's short name, or a person. */
  readonly name: string;
  readonly principals: readonly string[];
  /** Where its keys and certificates lie. */
  readonly folder: string;
}

const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const hostName = new RegExp(`^${label}(?:\\.${label})*$`);

/**
 * A host, with both its names as principals: the short one and the one with the domain.
 * @param name either of them
 * @throws OFFLINE_CA_NAME_INVALID
 */
export function hostSubject(dir: string, domain: string, name: string): Subject {
  const short = name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : name;
  const full = `${short}.${domain}`;
  // An address with the domain behind it is nobody's name.
  if (!hostName.test(short) || /^[0-9.]+$/.test(short) || full.length > 253) {
    const rule = `a host is one DNS name in lower case, such as web or web.${domain}`;
    throw invalid("host", name, rule);
  }
  return { kind: "host", name: short, principals: [short, full], folder: join(certsFolder(dir, "host"), full) };
}

/**
 * A person, with the accounts that the certificate opens as principals.
 * @throws OFFLINE_CA_NAME_INVALID, PRINCIPAL_INVALID
 */
export function userSubject(dir: string, name: string, principals: readonly string[]): Subject {
  if (!/^[a-z0-9_][a-z0-9_.-]{0,63}$/.test(name)) {
    throw invalid("person", name, "a person is named in lower-case letters, digits and . _ -, such as alice");
  }
  for (const principal of principals) {
    if (!/^[A-Za-z0-9_][A-Za-z0-9._@-]{0,254}$/.test(principal)) {
      throw fail("PRINCIPAL_INVALID", { principal: printable(principal) });
    }
  }
  return { kind: "user", name, principals: [...new Set(principals)], folder: join(certsFolder(dir, "user"), name) };
}

/** @throws OFFLINE_CA_NAME_INVALID */
export function checkDomain(domain: string): void {
  // ssh would take "*.org" as well; an authority for all of it is a slip.
  if (hostName.test(domain) && domain.includes(".") && domain.length <= 200 && !/^[0-9.]+$/.test(domain)) return;
  throw invalid("domain", domain, "a domain has two or more parts in lower case, such as example.org");
}

/** @throws OFFLINE_CA_NAME_INVALID */
export function checkCaName(name: string): void {
  if (/^[a-z0-9][a-z0-9-]{0,31}$/.test(name)) return;
  throw invalid("CA", name, "a CA is named in up to 32 lower-case letters, digits and -, such as lab");
}

function invalid(what: string, name: string, rule: string) {
  return fail("OFFLINE_CA_NAME_INVALID", { what, name: printable(name), rule });
}
