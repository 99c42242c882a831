/** Everything that the CA has signed, as its log has it. */
import { issuedOf, readLog, type Issued } from "./issue-log.js";
import type { OfflineCa } from "./open.js";

export type ListedCertificate = Issued & { readonly status: "valid" | "expired" | "not yet" };

/** In the order of their serials. @throws OFFLINE_CA_LOG_DAMAGED */
export async function listCertificates(ca: OfflineCa, now: Date): Promise<ListedCertificate[]> {
  return issuedOf(await readLog(ca.dir))
    .map((entry) => ({ ...entry, status: statusAt(entry, now) }))
    .sort((one, other) => (BigInt(one.serial) < BigInt(other.serial) ? -1 : 1));
}

function statusAt({ validFrom, validTo }: Pick<Issued, "validFrom" | "validTo">, now: Date): ListedCertificate["status"] {
  if (now < new Date(validFrom)) return "not yet";
  return now < new Date(validTo) ? "valid" : "expired";
}
