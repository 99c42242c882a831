import type { Certificate } from "./certificate.js";

/** The two ends of a certificate's life. */
export type Validity = Pick<Certificate, "validAfter" | "validBefore">;

const forever = 2n ** 64n - 1n;
/** The last second that a Date can hold, in the year 275760. */
const lastSecond = 8_640_000_000_000n;

/**
 * The first moment at which a certificate is valid. A time beyond what a Date can hold becomes the last Date, in the year 275760.
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { parseCertificate, validFrom } from "ssh-trust";
 *
 * const certificate = parseCertificate(await readFile("id_ed25519-cert.pub", "utf8"));
 * console.log(validFrom(certificate) < new Date()); // true
 * ```
 */
export function validFrom({ validAfter }: Validity): Date | "always" {
  return validAfter === 0n ? "always" : toDate(validAfter);
}

/**
 * The first moment at which it is no longer valid; limited like `validFrom`.
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { parseCertificate, validTo } from "ssh-trust";
 *
 * const host = parseCertificate(await readFile("ssh_host_ed25519_key-cert.pub", "utf8"));
 * console.log(validTo(host)); // forever
 * ```
 */
export function validTo({ validBefore }: Validity): Date | "forever" {
  return validBefore === forever ? "forever" : toDate(validBefore);
}

/**
 * PROTOCOL.certkeys: valid after <= current time < valid before, in whole seconds.
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { isValidAt, parseCertificate } from "ssh-trust";
 *
 * const certificate = parseCertificate(await readFile("id_ed25519-cert.pub", "utf8"));
 * console.log(isValidAt(certificate, new Date())); // true
 * console.log(isValidAt(certificate, new Date("2100-01-01"))); // false
 * ```
 */
export function isValidAt({ validAfter, validBefore }: Validity, time: Date): boolean {
  const seconds = BigInt(Math.floor(time.getTime() / 1000));
  return validAfter <= seconds && seconds < validBefore;
}

/** The words of `ssh-keygen -L`: "forever", or local times without a zone. */
export function describeValidity({ validAfter, validBefore }: Validity): string {
  if (validAfter === 0n && validBefore === forever) return "forever";
  if (validAfter === 0n) return `before ${localTime(validBefore)}`;
  if (validBefore === forever) return `after ${localTime(validAfter)}`;
  return `from ${localTime(validAfter)} to ${localTime(validBefore)}`;
}

function toDate(seconds: bigint): Date {
  return new Date(Number(seconds < lastSecond ? seconds : lastSecond) * 1000);
}

const year9999 = 253_370_764_800n;
/** In seconds. The Gregorian calendar, weekdays included, is the same every 400 years. */
const fourCenturies = 12_622_780_800n;

/** "2026-01-31T23:59:59" in the zone of TZ, for every time that a certificate can name. */
function localTime(seconds: bigint): string {
  const cycles = seconds < year9999 ? 0n : (seconds - year9999) / fourCenturies + 1n;
  const date = new Date(Number(seconds - cycles * fourCenturies) * 1000);
  const year = BigInt(date.getFullYear()) + cycles * 400n;
  const two = (part: number) => String(part).padStart(2, "0");
  const day = `${String(year)}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
