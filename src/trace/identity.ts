/** The keys and certificates of a person, in words and facts. */
import { validFrom, validTo } from "../ssh/certificate-validity.js";
import type { Certificate } from "../ssh/certificate.js";
import type { Identity, SkippedKey } from "./events.js";
import type { Fact } from "./trace.js";

export const isCertificate = ({ type }: Identity): boolean => type.endsWith("-CERT");

/** What its certificate is known by. The agent's names are comments, which several keys may have. */
export const idOf = ({ agent, name, fingerprint }: Identity): string => (agent ? fingerprint : name);

/** "the key ssh-keys/bob", "the certificate of ssh-keys/alice, from the agent" */
export function spoken(identity: Identity): string {
  const what = isCertificate(identity) ? `the certificate of ${identity.name}` : `the key ${identity.name}`;
  return identity.agent ? `${what}, from the agent` : what;
}

/** Where the sentence goes on: "the certificate of ssh-keys/alice, from the agent," */
export const spokenInside = (identity: Identity): string => `${spoken(identity)}${identity.agent ? "," : ""}`;

/** "the key ssh-keys/bob", "a key of the agent" */
export const spokenSkipped = ({ name }: SkippedKey): string => (name === "" ? "a key of the agent" : `the key ${name}`);

export function whySkipped({ why, type }: SkippedKey): string {
  if (why === "PubkeyAcceptedAlgorithms") return `the client's PubkeyAcceptedAlgorithms does not allow ${type}`;
  if (why === "host") return `the host does not support ${type}`;
  return "it is shorter than the client's RequiredRSASize";
}

/** The log names a certificate's key only; the rest is read from where ssh has it. */
export function factsOf(identity: Identity, certificates: ReadonlyMap<string, Certificate>): Fact[] {
  const key: Fact[] = identity.type === "" ? [] : [["key", `${identity.type.replace(/-CERT$/, "")} ${identity.fingerprint}`]];
  const certificate = isCertificate(identity) ? certificates.get(idOf(identity)) : undefined;
  if (certificate === undefined) return key;
  const { serial, keyId, signatureKey, principals } = certificate;
  return [
    ...key,
    ["serial", String(serial)],
    ["key id", keyId],
    ["signed by the CA", `${signatureKey.type} ${signatureKey.fingerprint}`],
    ["for the user", principals.join(", ")],
    ["valid", `${spokenTime(validFrom(certificate))} to ${spokenTime(validTo(certificate))}`],
  ];
}

export const spokenTime = (moment: Date | string): string =>
  typeof moment === "string" ? moment : moment.toISOString().replace(".000Z", "Z");
