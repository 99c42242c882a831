/** Each field of a certificate, held against the CA's keys, its log and the clock. */
import { isValidAt } from "../ssh/certificate-validity.js";
import type { Certificate } from "../ssh/certificate.js";
import { certificateToJson, type CertificateJson } from "../ssh/describe-certificate.js";
import { keyTypes } from "../ssh/key-types.js";
import { isPrincipal } from "../ground/principal.js";
import { printable } from "../ground/printable.js";
import { verifySignature } from "../ssh/verify-signature.js";
import { importedOf, issuedOf, type Imported, type Issued } from "./issue-log.js";
import { caTypeOf, keyTypeOf } from "./layout.js";
import { isShortName } from "./names.js";
import type { CaKey, OfflineCa } from "./open.js";

export interface Field {
  readonly name: string;
  /** Safe for a terminal. */
  readonly value: string;
  /** What is wrong with it; undefined where nothing is. */
  readonly problem: string | undefined;
}

export interface Against {
  readonly ca: OfflineCa;
  readonly log: readonly (Issued | Imported)[];
  readonly now: Date;
  /** The fingerprint of the public key that lies beside it. */
  readonly beside: string | undefined;
}

export function examine(certificate: Certificate, { ca, log, now, beside }: Against): Field[] {
  const said = certificateToJson(certificate);
  const signer = ca.keys.find(({ publicKey }) => publicKey.fingerprint === said.signingCa.fingerprint);
  const entry =
    signer && issuedOf(log).find(({ serial, signingCa }) => serial === said.serial && signingCa === said.signingCa.fingerprint);
  const field = (name: string, value: string, problem?: string): Field => ({
    name,
    value: value === "" ? "(none)" : printable(value),
    problem: problem === undefined ? undefined : printable(problem),
  });
  /** A value that the log has too. */
  const logged = (name: string, value: string, issued: string | undefined, problem?: string) =>
    field(name, value, problem ?? (issued === undefined || issued === value ? undefined : `the log has ${issued || "(none)"}`));

  const { type, publicKey, signingCa, principals, extensions, criticalOptions } = said;
  const key = publicKey.fingerprint;
  const beginning = entry && `${entry.validFrom} to ${entry.validTo}`;
  return [
    field("type", `${type} ${said.certType} certificate`, wrongKind(said, signer)),
    logged("public key", key, entry?.publicKey, beside === undefined || beside === key ? undefined : `beside it lies ${beside}`),
    field(
      "signing CA",
      `${signingCa.type} ${signingCa.fingerprint}`,
      signer ? undefined : `no key of the CA "${ca.config.name}"`,
    ),
    field("signature", said.signatureType, verifySignature(certificate) ? undefined : "it does not fit what is signed"),
    logged("identity", said.keyId, entry?.identity, said.keyId === "" ? "it names nobody" : undefined),
    field("serial", said.serial, said.serial === "0" ? "it has none" : undefined),
    logged("validity", `${said.validFrom} to ${said.validTo}`, beginning, wrongTime(certificate, said, now)),
    logged("principals", principals.join(", "), entry?.principals.join(", "), wrongPrincipals(said, ca.config.domain)),
    field(
      "critical options",
      Object.keys(criticalOptions).join(", "),
      Object.keys(criticalOptions).length > 0 ? "this CA gives none" : undefined,
    ),
    logged("extensions", sorted(Object.keys(extensions)), entry && sorted(entry.extensions), wrongExtensions(said)),
    origin(entry, signer, log, field),
  ];
}

const sorted = (names: readonly string[]) => [...names].sort().join(", ");

/** A host's certificate is signed by the CA for hosts, and by its key of the same type. */
function wrongKind({ certType, publicKey }: CertificateJson, signer: CaKey | undefined): string | undefined {
  if (signer === undefined) return undefined;
  if (certType !== signer.kind) return `the CA's key for ${signer.kind}s signed it`;
  const kind = keyTypes.get(publicKey.type)?.kind;
  return kind === undefined || caTypeOf(keyTypeOf(kind)) === signer.type ? undefined : `the CA's ${signer.type} key signed it`;
}

function wrongTime(certificate: Certificate, { validFrom, validTo }: CertificateJson, now: Date): string | undefined {
  if (validTo === "forever") return "it never ends";
  if (isValidAt(certificate, now)) return undefined;
  return new Date(validTo) <= now ? "it has expired" : validFrom === "always" ? undefined : "it is not valid yet";
}

/**
 * Without any, it would be good for every host, and for every account whose authorized_keys names the CA: OpenSSH before
 * 10.3. By TrustedUserCAKeys it never opened one.
 */
function wrongPrincipals({ certType, principals }: CertificateJson, domain: string): string | undefined {
  if (principals.length === 0) return "without any, it is valid for every name";
  const odd = principals.find((principal) => !isPrincipal(principal));
  if (odd !== undefined) return `"${odd}" is no plain name`;
  if (certType === "user") return undefined;
  const isOurs = (name: string) => name.endsWith(`.${domain}`) || (isShortName(name) && principals.includes(`${name}.${domain}`));
  const foreign = principals.find((name) => !isOurs(name));
  return foreign === undefined ? undefined : `"${foreign}" is not of ${domain}`;
}

function wrongExtensions({ certType, extensions }: CertificateJson): string | undefined {
  return certType === "host" && Object.keys(extensions).length > 0 ? "a host certificate has none" : undefined;
}

/** What the log knows of it. A key that was given to a Vault signs there too, unseen by the log. */
function origin(
  entry: Issued | undefined,
  signer: CaKey | undefined,
  log: readonly (Issued | Imported)[],
  field: (name: string, value: string, problem?: string) => Field,
): Field {
  if (entry !== undefined) return field("issue log", `signed ${entry.at}`);
  const vaults = importedOf(log).filter(({ signingCa }) => signingCa === signer?.publicKey.fingerprint);
  if (vaults.length > 0)
    return field(
      "issue log",
      `none; the key also signs in ${vaults.map(({ address, mount }) => `${address} ${mount}`).join(", ")}`,
    );
  return field("issue log", "", "it has no certificate with this serial by this key");
}
