/** How a host is, from what it said, from when Vault heard it, and from the certificates that it shows. */
import { createHash } from "node:crypto";
import type { StoredFleet } from "../fleet/stored.js";
import type { Certificate } from "../ssh/certificate.js";
import { isValidAt, validTo } from "../ssh/certificate-validity.js";
import { parsePublicKey } from "../ssh/public-key.js";
import { verifySignature } from "../ssh/verify-signature.js";
import type { HostEntry } from "./inventory.js";
import type { Said } from "./kept-text.js";
import type { RegisteredEntry } from "./uncertified.js";

export type HostState =
  | { readonly kind: "not-enrolled" }
  | { readonly kind: "no-identity" }
  | { readonly kind: "kept-out" }
  | { readonly kind: "unreadable"; readonly problem: string }
  | { readonly kind: "silent"; readonly since: Date }
  | { readonly kind: "conflict" }
  | { readonly kind: "failing"; readonly since: Date | undefined; readonly problem: string; readonly until: Date | undefined }
  | { readonly kind: "certified"; readonly until: Date }
  | { readonly kind: "expired"; readonly at: Date }
  | { readonly kind: "not-certified" }
  /** It cannot be enrolled: an operator gave its keys. */
  | { readonly kind: "uncertified" };

export interface Known {
  readonly name: string;
  /** Whether it has an AppRole; without one it can renew nothing. */
  readonly identity: boolean;
  /** Whether that has no rights, so that no token of its platform gets it any. */
  readonly keptOut: boolean;
  /** What it said, and when Vault heard it; undefined: nothing yet. */
  readonly said: Said | undefined;
  /** The keys that an operator gave, of a host that cannot be enrolled. They count for one that has no identity and said nothing only. */
  readonly registered?: RegisteredEntry | undefined;
  /** Why Vault's store says nothing of it that can be read. */
  readonly unread?: string | undefined;
  /** Seconds after which its group forgets it. */
  readonly forget: number;
}

/** @param now by the server's clock, as is the time at which it was heard */
export function stateOf(known: Known, cas: StoredFleet["cas"]["host"], now: Date): HostState {
  const { name, identity, keptOut, said, forget, unread } = known;
  if (unread !== undefined) return { kind: "unreadable", problem: unread };
  const registered = registeredOf(known);
  if (registered !== undefined)
    return "problem" in registered.entry ? { kind: "unreadable", problem: registered.entry.problem } : { kind: "uncertified" };
  if (keptOut) return { kind: "kept-out" };
  if (said === undefined) return { kind: "not-enrolled" };
  if (!identity) return { kind: "no-identity" };
  if (now.getTime() - said.at.getTime() > forget * 1000) return { kind: "silent", since: said.at };
  if ("problem" in said.entry) return { kind: "unreadable", problem: said.entry.problem };
  const entry = said.entry.read;
  if (entry.host !== name) return { kind: "unreadable", problem: `it says that it is ${entry.host}` };
  if (entry.conflict) return { kind: "conflict" };
  const { until, ended } = lives(ownCertificates(entry, name, cas), now);
  if (entry.problem !== "") return { kind: "failing", since: dateOf(entry.since), problem: entry.problem, until };
  if (until !== undefined) return { kind: "certified", until };
  return ended === undefined ? { kind: "not-certified" } : { kind: "expired", at: ended };
}

/** What an operator said of a host, where that counts: a host that is enrolled says itself which keys it has. */
export const registeredOf = ({
  identity,
  keptOut,
  said,
  registered,
}: Omit<Known, "name" | "forget">): RegisteredEntry | undefined =>
  identity || keptOut || said !== undefined ? undefined : registered;

/** Of a time that a host gave; 0 is none. */
export const dateOf = (seconds: number): Date | undefined => (seconds === 0 ? undefined : new Date(seconds * 1000));

/** A directory asks again and again. */
const verified = new WeakMap<HostEntry, { readonly of: string; readonly own: readonly Certificate[] }>();

/** The certificates that a client would take for this host, were it still their time. */
export function ownCertificates(entry: HostEntry, name: string, cas: StoredFleet["cas"]["host"]): readonly Certificate[] {
  const of = [name, ...cas].join("\n");
  const before = verified.get(entry);
  if (before?.of === of) return before.own;
  const own = entry.certificates.flatMap((each) =>
    "read" in each && problemOfCertificate(each.read, entry, name, cas) === undefined ? [each.read] : [],
  );
  verified.set(entry, { of, own });
  return own;
}

/** Of signatures, by the hash of all that was signed and of the signature: they take longer to verify than all else takes to read. */
const signatures = new Map<string, boolean>();
const mostSignatures = 50_000;

function isSigned(certificate: Certificate): boolean {
  const id = createHash("sha256").update(certificate.signedPart).update(certificate.signature).digest("base64");
  const known = signatures.get(id);
  if (known !== undefined) return known;
  const found = verifySignature(certificate);
  const [oldest] = signatures.keys();
  if (signatures.size >= mostSignatures && oldest !== undefined) signatures.delete(oldest);
  signatures.set(id, found);
  return found;
}

/** Why no client takes a certificate for this host's, at any time; undefined where it is one. */
export function problemOfCertificate(
  certificate: Certificate,
  { keys }: Pick<HostEntry, "keys">,
  name: string,
  cas: StoredFleet["cas"]["host"],
): string | undefined {
  const { certType, publicKeyFingerprint, signatureKey, principals, options } = certificate;
  if (certType !== "host") return "it is not a host certificate";
  if (!keys.some((key) => "read" in key && key.read.fingerprint === publicKeyFingerprint)) return "it is for none of its keys";
  const known = cas.some((line) => parsePublicKey(line).fingerprint === signatureKey.fingerprint);
  if (!known || !isSigned(certificate)) return "the fleet's host CA did not sign it";
  if (!principals.includes(name)) return "it does not hold the host's name";
  return options.critical.length > 0 ? "it has a critical option" : undefined;
}

/** When the first of those that are valid ends; where none is, when the last one ended. */
function lives(certificates: readonly Certificate[], now: Date) {
  const ends = (some: readonly Certificate[]) =>
    some
      .map(validTo)
      .filter((end) => end !== "forever")
      .sort((a, b) => a.getTime() - b.getTime());
  const valid = certificates.filter((each) => isValidAt(each, now));
  const [until] = ends(valid);
  return { until, ended: until === undefined ? ends(certificates.filter((each) => !valid.includes(each))).at(-1) : undefined };
}

/** When the last certificate that it showed ends; undefined where it showed none that is valid. */
export const lastEnd = (certificates: readonly Certificate[], now: Date): Date | undefined =>
  certificates
    .filter((each) => isValidAt(each, now))
    .map(validTo)
    .filter((end) => end !== "forever")
    .sort((a, b) => b.getTime() - a.getTime())[0];
