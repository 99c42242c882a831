import type { Certificate } from "./certificate.js";
import { formOf, type CertificateOption } from "./certificate-options.js";
import { describeValidity, validFrom, validTo } from "./certificate-validity.js";
import { keyTypes } from "./key-types.js";
import { printable } from "../ground/printable.js";

/**
 * What `ssh-keygen -L` prints for it, without the line with the file's name and without a line break at the end.
 * Only unprintable characters differ: here they are escaped, because a CA's client may choose some of the text.
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { describeCertificate, parseCertificate } from "ssh-trust";
 *
 * const text = describeCertificate(parseCertificate(await readFile("id_ed25519-cert.pub", "utf8")));
 * console.log(text.includes('Key ID: "alice"')); // true
 * ```
 */
export function describeCertificate(certificate: Certificate): string {
  const { type, keyType, certType, publicKeyFingerprint, signatureKey, signatureType, keyId, serial, principals } = certificate;
  const kind = `${keyTypes.get(keyType)?.kind ?? keyType}-CERT`;
  return [
    `        Type: ${type} ${certType} certificate`,
    `        Public key: ${kind} ${publicKeyFingerprint}`,
    `        Signing CA: ${signatureKey.kind} ${signatureKey.fingerprint} (using ${printable(signatureType)})`,
    `        Key ID: "${printable(keyId)}"`,
    `        Serial: ${String(serial)}`,
    `        Valid: ${describeValidity(certificate)}`,
    ...describeList("Principals", principals.map(printable)),
    ...describeList("Critical Options", certificate.options.critical.map(describeCriticalOption)),
    ...describeList("Extensions", certificate.options.extensions.map(describeExtension)),
  ].join("\n");
}

function describeList(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [`        ${title}: (none)`];
  return [`        ${title}: `, ...items.map((item) => `                ${item}`)];
}

function describeCriticalOption(option: CertificateOption): string {
  return describeOption(option, formOf("critical option", option.name));
}

function describeExtension(option: CertificateOption): string {
  return describeOption(option, formOf("extension", option.name));
}

function describeOption({ name, value, data }: CertificateOption, form: ReturnType<typeof formOf>): string {
  if (form === "flag") return printable(name);
  if (form === "string") return `${printable(name)} ${printable(value)}`;
  if (data.length === 0) return `${printable(name)} UNKNOWN FLAG OPTION`;
  return `${printable(name)} UNKNOWN OPTION: ${data.toString("hex")} (len ${String(data.length)})`;
}

/** A certificate as JSON has it. */
export interface CertificateJson {
  readonly type: string;
  readonly certType: "user" | "host";
  readonly publicKey: { readonly type: string; readonly fingerprint: string };
  readonly signingCa: { readonly type: string; readonly bits: number; readonly fingerprint: string };
  readonly signatureType: string;
  readonly keyId: string;
  /** Decimal: it may be larger than JSON's readers can hold as a number. */
  readonly serial: string;
  /** UTC, such as "2026-01-31T23:59:59Z". */
  readonly validFrom: string;
  readonly validTo: string;
  readonly principals: readonly string[];
  readonly criticalOptions: Readonly<Record<string, string>>;
  readonly extensions: Readonly<Record<string, string>>;
}

/**
 * The same as data for `JSON.stringify`: times in UTC, texts as the CA wrote them.
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { certificateToJson, parseCertificate } from "ssh-trust";
 *
 * const certificate = parseCertificate(await readFile("id_ed25519-cert.pub", "utf8"));
 * console.log(JSON.stringify(certificateToJson(certificate).principals)); // ["deploy"]
 * ```
 */
export function certificateToJson(certificate: Certificate): CertificateJson {
  const { type, keyType, certType, publicKeyFingerprint, signatureKey, signatureType, keyId, serial, principals } = certificate;
  return {
    type,
    certType,
    publicKey: { type: keyType, fingerprint: publicKeyFingerprint },
    signingCa: { type: signatureKey.type, bits: signatureKey.bits, fingerprint: signatureKey.fingerprint },
    signatureType,
    keyId,
    serial: String(serial),
    validFrom: isoTime(validFrom(certificate)),
    validTo: isoTime(validTo(certificate)),
    principals,
    criticalOptions: Object.fromEntries(certificate.criticalOptions),
    extensions: Object.fromEntries(certificate.extensions),
  };
}

function isoTime(time: Date | string): string {
  return typeof time === "string" ? time : time.toISOString().replace(".000Z", "Z");
}
