/** Everything that the CA has signed, as its log has it. */
import { issuedOf, readLog, type Issued } from "./issue-log.js";
import type { OfflineCa } from "./open.js";

/** "replaced": the same name has a later certificate for a key of this type. Until it ends, this one is accepted all the same. */
export type Status = "valid" | "expired" | "not yet" | "replaced";
export type ListedCertificate = Issued & { readonly status: Status };

/** In the order of their serials. @throws OFFLINE_CA_LOG_DAMAGED */
export async function listCertificates(ca: OfflineCa, now: Date): Promise<ListedCertificate[]> {
  return withStatus(issuedOf(await readLog(ca.dir)), now);
}

/** In the order of their serials. */
export function withStatus(issued: readonly Issued[], now: Date): ListedCertificate[] {
  const entries = [...issued].sort((one, other) => (BigInt(one.serial) < BigInt(other.serial) ? -1 : 1));
  const latest = new Map(entries.map((entry) => [placeOf(entry), entry.serial]));
  return entries.map((entry) => ({ ...entry, status: statusAt(entry, latest.get(placeOf(entry)) !== entry.serial, now) }));
}

/** The certificate of the same name, for a key of the same type, that came last. */
export function latestLike(one: Issued, issued: readonly Issued[]): Issued {
  const later = (latest: Issued, entry: Issued) => (BigInt(entry.serial) > BigInt(latest.serial) ? entry : latest);
  return issued.filter((entry) => placeOf(entry) === placeOf(one)).reduce(later, one);
}

/** A certificate takes the place of an earlier one with the same. */
const placeOf = ({ kind, name, keyType }: Issued) => [kind, name, keyType].join(" ");

function statusAt({ validFrom, validTo }: Issued, replaced: boolean, now: Date): Status {
  if (now >= new Date(validTo)) return "expired";
  if (replaced) return "replaced";
  return now < new Date(validFrom) ? "not yet" : "valid";
}
