/** Whether a certificate is valid now, and when it is. */
import { moment } from "../../ground/moment.js";
import type { Certificate } from "../certificate.js";
import { isValidAt, validFrom, validTo } from "../certificate-validity.js";
import { verdict, type Verdict } from "./verdict.js";

export function timeVerdicts(certificate: Certificate, now: Date): Verdict[] {
  const { validAfter, validBefore } = certificate;
  const [from, to] = [validFrom(certificate), validTo(certificate)];
  if (validAfter >= validBefore) return [verdict("never-valid", "it is never valid: its end is not later than its start")];
  if (isValidAt(certificate, now)) {
    if (to === "forever") return [verdict("never-expires", "it never expires")];
    const left = span(to, now);
    const more = left === beyond ? left : `another ${left}`;
    return [verdict("valid-now", `valid now, for ${more}: until ${moment(to)}`), ...longLife(certificate, now)];
  }
  if (from !== "always" && now < from) {
    return [
      verdict("not-yet-valid", `not valid yet: it will be in ${span(from, now)}, from ${moment(from)}`),
      ...endless(to),
      ...longLife(certificate, now),
    ];
  }
  if (to === "forever") return endless(to); // a moment before 1970
  return [verdict("expired", `it expired ${span(to, now)} ago, at ${moment(to)}`)];
}

const endless = (to: Date | "forever") => (to === "forever" ? [verdict("never-expires", "it never expires")] : []);

const day = 86_400_000;
/** In days. */
const usual = { user: 7, host: 366 } as const;
/** CAs let a certificate begin a little earlier, for clocks that are behind. */
const slack = 3_600_000;

/** How long it is valid in all; one without a start counts from now. */
function longLife(certificate: Certificate, now: Date): Verdict[] {
  const [from, to] = [validFrom(certificate), validTo(certificate)];
  if (to === "forever") return [];
  const start = from === "always" ? now : from;
  const limit = usual[certificate.certType];
  if (to.getTime() - start.getTime() <= limit * day + slack) return [];
  const most = certificate.certType === "user" ? "a week" : "a year";
  return [verdict("long-life", `it is valid for ${span(to, start)}; ${most} is enough for a ${certificate.certType}`)];
}

const beyond = "more than 100 years";

const units: readonly [seconds: number, name: string][] = [
  [86_400, "day"],
  [3600, "hour"],
  [60, "minute"],
];

/** How long it is between two moments: "3 days", "1 hour". */
function span(one: Date, other: Date): string {
  const seconds = Math.floor(Math.abs(one.getTime() - other.getTime()) / 1000);
  if (seconds > 36_525 * 86_400) return beyond;
  const [size, name] = units.find(([size]) => seconds >= size) ?? [1, "second"];
  const count = Math.floor(seconds / size);
  return `${String(count)} ${name}${count === 1 ? "" : "s"}`;
}
