import { createHash } from "node:crypto";
import { parseCertificate, type Certificate } from "../certificate.js";
import { splitKeyLine, unknownTypeOf } from "../key-line.js";
import { certificateTypes } from "../key-types.js";
import { decodeKeyBlob, parsePublicKey, type SshKey } from "../public-key.js";
import { plainKeyVerdicts, strengthOf, touchVerdicts, type InspectedKey } from "./key-verdicts.js";
import { optionVerdicts } from "./option-verdicts.js";
import { principalVerdicts } from "./principal-verdicts.js";
import { timeVerdicts } from "./time-verdicts.js";
import { trustVerdicts, type TrustedCa } from "./trust-verdicts.js";
import { verdict, worstFirst, type Verdict } from "./verdict.js";

/** What a key or a certificate is held against. */
export interface InspectAgainst {
  readonly now: Date;
  /** The CAs whose certificates count; left out: nobody has said. An empty list trusts none. */
  readonly trusted?: readonly TrustedCa[] | undefined;
}

/** A key or certificate, and what is to be said of it. */
export interface Inspection {
  /** "unknown": a type that this toolkit does not know, DSA among them: there are only its name and verdicts. */
  readonly kind: "key" | "certificate" | "unknown";
  /** Such as "ssh-ed25519" or "ssh-ed25519-cert-v01@openssh.com". */
  readonly type: string;
  /** The key itself, or the one that is certified. */
  readonly key: InspectedKey | undefined;
  /** What stands behind it on its line. Nobody signed it. */
  readonly comment: string;
  readonly certificate: Certificate | undefined;
  /** The worst first; never empty. */
  readonly verdicts: readonly Verdict[];
}

/**
 * Reads one line of a `.pub` or `-cert.pub` file, and says what is to be said of it: each verdict has a permanent code, and a level.
 * docs/inspect.md has them all.
 * @param file where the line is from, for the error
 * @throws KEY_NOT_PUBLIC, CERTIFICATE_INVALID
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { inspectKey, parsePublicKey } from "ssh-trust";
 *
 * const trusted = [parsePublicKey(await readFile("user_ca.pub", "utf8"))];
 * const line = await readFile("id_ed25519-cert.pub", "utf8");
 * const { verdicts } = inspectKey(line, { now: new Date(), trusted });
 * console.log(verdicts.filter(({ level }) => level === "bad").length); // 0
 * const later = inspectKey(line, { now: new Date("2100-01-01"), trusted });
 * console.log(later.verdicts[0]?.code, later.verdicts[0]?.level); // expired bad
 * ```
 */
export function inspectKey(line: string, against: InspectAgainst, file?: string): Inspection {
  const unknown = unknownTypeOf(line);
  if (unknown !== undefined) return ofUnknownType(unknown);
  if (certificateTypes.has(/^\S+/.exec(line.trim())?.[0] ?? "")) return inspectCertificate(line, against, file);
  const { comment, ...publicKey } = parsePublicKey(line, file);
  const key = inspected(publicKey);
  const verdicts = worstFirst(plainKeyVerdicts(key));
  return { kind: "key", type: key.type, key, comment, certificate: undefined, verdicts };
}

/** The most telling first: who signed it, when, for whom, what it may, and with which key. */
function inspectCertificate(line: string, { now, trusted }: InspectAgainst, file: string | undefined): Inspection {
  const certificate = parseCertificate(line, file);
  const { type, comment } = splitKeyLine(line, (problem) => new TypeError(problem)); // it was read before
  const key = inspected(certificate.publicKey);
  const verdicts = worstFirst([
    ...trustVerdicts(certificate, trusted),
    ...timeVerdicts(certificate, now),
    ...principalVerdicts(certificate),
    ...optionVerdicts(certificate),
    strengthOf(key),
    ...touchVerdicts(key, certificate.extensions),
  ]);
  return { kind: "certificate", type, key, comment, certificate, verdicts };
}

function ofUnknownType(type: string): Inspection {
  const dsa = type.startsWith("ssh-dss");
  const said = dsa
    ? verdict("weak-key", "a DSA key, which is weak: OpenSSH accepts none since 7.0, and cannot read it since 10.0")
    : verdict("unknown-type", `ssh-trust does not know the type ${type}`);
  return { kind: "unknown", type, key: undefined, comment: "", certificate: undefined, verdicts: [said] };
}

function inspected(key: SshKey): InspectedKey {
  const { application } = decodeKeyBlob(key.blob, (problem) => new TypeError(problem)); // it was read before
  const hex = createHash("md5").update(key.blob).digest("hex");
  return { ...key, application, md5: `MD5:${hex.replace(/..(?=.)/g, "$&:")}` };
}
