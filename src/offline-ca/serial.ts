/** Serials count up from 1 over everything a CA signs, and none is ever used twice: PROTOCOL.certkeys leaves that to the CA. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../ground/atomic-file.js";
import { fail } from "../errors/catalogue.js";
import type { Certificate } from "../ssh/certificate.js";
import { readCertificateFile } from "../ssh/key-file.js";
import { shellWord } from "../ground/shell-word.js";
import { importedOf, issuedOf, readLog } from "./issue-log.js";
import { caKinds, certsFolder, serialFile } from "./layout.js";
import type { OfflineCa } from "./open.js";

/** Nobody signs so many by hand. Above it are the serials of a Vault that has one of the CA's keys: random ones of 64 bits. */
const most = 2n ** 53n;

/**
 * Reserves as many serials as are asked for; call it under the lock. They are on the disk as taken before this returns, so
 * that a signer which is killed afterwards loses them.
 * @throws OFFLINE_CA_SERIAL_DAMAGED
 */
export async function reserveSerials(ca: OfflineCa, count: number): Promise<bigint[]> {
  const file = serialFile(ca.dir);
  const text = await readFile(file, "utf8");
  const { counted, used } = await serialsInUse(ca);
  const highest = counted.reduce((one, other) => (other > one ? other : one), 0n);
  // Above those, too, that were reserved and lost.
  const above = String(highest + 1000n);
  const damaged = (problem: string) =>
    fail("OFFLINE_CA_SERIAL_DAMAGED", { file: shellWord(file), problem, above, dir: shellWord(ca.dir) });
  const digits = /^([0-9]{1,19})\n?$/.exec(text)?.[1];
  if (digits === undefined) throw damaged("it does not hold one number");
  const reserved = BigInt(digits);
  if (reserved < highest) throw damaged(`it says ${digits}, but the serial ${String(highest)} is in use`);
  if (reserved > most) throw damaged(`it says ${digits}, which is out of reach`);
  const serials: bigint[] = [];
  for (let next = reserved + 1n; serials.length < count; next += 1n) if (!used.has(next)) serials.push(next);
  await writeFileAtomically(file, `${String(serials.at(-1) ?? reserved)}\n`, 0o600);
  return serials;
}

interface SerialsInUse {
  /** Those that the file must have counted: of the log, and of certificates that the log has lost. */
  readonly counted: readonly bigint[];
  /** All of the CA's keys, so that none is given twice. */
  readonly used: ReadonlySet<bigint>;
}

/** In the log and in the certificates themselves, as far as this CA's keys signed them. */
async function serialsInUse(ca: OfflineCa): Promise<SerialsInUse> {
  const log = await readLog(ca.dir);
  const logged = issuedOf(log).map(({ serial }) => BigInt(serial));
  const inVault = new Set(importedOf(log).map(({ signingCa }) => signingCa));
  const certificates = await certificatesIn(ca);
  // A Vault that has the key gives serials of its own, and does not count.
  const ours = certificates.filter(({ signatureKey }) => !inVault.has(signatureKey.fingerprint)).map(({ serial }) => serial);
  return {
    counted: [...logged, ...ours].filter((serial) => serial <= most),
    used: new Set([...logged, ...certificates.map(({ serial }) => serial)]),
  };
}

async function certificatesIn(ca: OfflineCa): Promise<Certificate[]> {
  const own = new Set(ca.keys.map(({ publicKey }) => publicKey.fingerprint));
  const found: Certificate[] = [];
  for (const folder of caKinds.map((kind) => certsFolder(ca.dir, kind))) {
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith("-cert.pub"));
    for (const name of names) {
      // One that cannot be read is none; `verify` says why.
      const certificate = await readCertificateFile(join(folder, name)).catch(() => undefined);
      if (certificate !== undefined && own.has(certificate.signatureKey.fingerprint)) found.push(certificate);
    }
  }
  return found;
}
