/** Serials count up from 1 over everything a CA signs, and none is ever used twice: PROTOCOL.certkeys leaves that to the CA. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../../atomic-file.js";
import { fail } from "../../errors.js";
import { readCertificateFile } from "../key-file.js";
import { issuedOf, readLog } from "./issue-log.js";
import { caKinds, certsFolder, serialFile } from "./layout.js";
import type { OfflineCa } from "./open.js";

/** Far from the end of 64 bits; nobody signs so many by hand. */
const most = 2n ** 53n;

/**
 * Reserves as many serials as are asked for; call it under the lock. They are on the disk as taken before this returns, so
 * that a signer which is killed afterwards loses them.
 * @throws OFFLINE_CA_SERIAL_DAMAGED
 */
export async function reserveSerials(ca: OfflineCa, count: number): Promise<bigint[]> {
  const file = serialFile(ca.dir);
  const text = await readFile(file, "utf8");
  const highest = await highestSerial(ca);
  // Above those, too, that were reserved and lost.
  const above = String(highest + 1000n);
  const damaged = (problem: string) => fail("OFFLINE_CA_SERIAL_DAMAGED", { file, problem, above, dir: ca.dir });
  const digits = /^([0-9]{1,19})\n?$/.exec(text)?.[1];
  if (digits === undefined) throw damaged("it does not hold one number");
  const reserved = BigInt(digits);
  if (reserved < highest) throw damaged(`it says ${digits}, but the serial ${String(highest)} is in use`);
  if (reserved > most) throw damaged(`it says ${digits}, which is out of reach`);
  await writeFileAtomically(file, `${String(reserved + BigInt(count))}\n`, 0o600);
  return Array.from({ length: count }, (_, index) => reserved + BigInt(index + 1));
}

/** The highest in the log and in the certificates themselves, as far as this CA signed them. */
async function highestSerial(ca: OfflineCa): Promise<bigint> {
  const own = new Set(ca.keys.map(({ publicKey }) => publicKey.fingerprint));
  let highest = 0n;
  for (const { serial } of issuedOf(await readLog(ca.dir))) if (BigInt(serial) > highest) highest = BigInt(serial);
  for (const kind of caKinds) {
    const folder = certsFolder(ca.dir, kind);
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith("-cert.pub"));
    for (const name of names) {
      // One that cannot be read is none; `verify` says why.
      const certificate = await readCertificateFile(join(folder, name)).catch(() => undefined);
      if (certificate === undefined || !own.has(certificate.signatureKey.fingerprint)) continue;
      if (certificate.serial > highest) highest = certificate.serial;
    }
  }
  return highest;
}
