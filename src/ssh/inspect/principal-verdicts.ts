/** Whom a certificate is for. */
import { isIP } from "node:net";
import { isHostName } from "../../ground/host-name.js";
import { isPrincipal } from "../../ground/principal.js";
import type { Certificate } from "../certificate.js";
import { listed } from "./lists.js";
import { verdict, type Verdict } from "./verdict.js";

/** The control characters include those of C1; a blank or a comma separates names in OpenSSH's files and lists. */
const separators = /[\s,\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;
/** What ssh(1)'s PATTERNS give a meaning. */
const pattern = /[*?]|^!/;

export function principalVerdicts({ certType, principals }: Certificate): Verdict[] {
  const malformed = principals.filter((name) => name === "" || separators.test(name));
  const patterns = principals.filter((name) => !malformed.includes(name) && pattern.test(name));
  const isUsual = certType === "user" ? isPrincipal : isUsualForHost;
  const unusual = principals.filter((name) => ![...malformed, ...patterns].includes(name) && !isUsual(name));
  const whom = principals.length === 0 ? "" : listed(principals);
  const verdicts = [
    ...(principals.length === 0 ? [noPrincipals(certType)] : []),
    ...(malformed.length === 0 ? [] : [malformedPrincipals(malformed)]),
    ...(patterns.length === 0 ? [] : [wildcards(certType, patterns)]),
    ...(unusual.length === 0 ? [] : [verdict("unusual-principal", `an unusual name: ${quoted(unusual)}`)]),
  ];
  return [...verdicts, certType === "user" ? forUser(whom) : forHost(whom)];
}

/** ssh(1) puts the name that was typed into lower case before it looks for it. */
const isUsualForHost = (name: string) => isHostName(name) || isIP(name) !== 0;

const forUser = (whom: string) =>
  verdict("user-certificate", `a user certificate, for a person who logs in${whom === "" ? "" : ` as ${whom}`}`);

const forHost = (whom: string) =>
  verdict("host-certificate", `a host certificate, for a server${whom === "" ? "" : ` that is called ${whom}`}`);

/** sshkey_cert_check_authority: "Certificate lacks principal list" where sshd requires one. */
function noPrincipals(certType: "user" | "host"): Verdict {
  const before =
    certType === "user"
      ? "it opens every account that has its CA in authorized_keys"
      : "it is good for every host, whatever its name";
  return verdict("no-principals", `it names nobody: before OpenSSH 10.3 ${before}, and newer ones refuse it`);
}

/** CVE-2026-35414: sshd split a principal at its commas, where authorized_keys trusts the CA. */
const malformedPrincipals = (names: readonly string[]) =>
  verdict("malformed-principal", `not one name: ${quoted(names)}; some programs read several out of it (CVE-2026-35414)`);

function wildcards(certType: "user" | "host", names: readonly string[]): Verdict {
  const meaning =
    certType === "host"
      ? "OpenSSH 10.3 and later take it for every host that fits, and older ones refuse it"
      : "OpenSSH compares it letter by letter, so it opens nothing; other servers may read it as a pattern";
  return verdict("wildcard-principal", `a pattern, not a name: ${quoted(names)}; ${meaning}`);
}

const quoted = (names: readonly string[]) => listed(names.map((name) => `"${name}"`));
