/** From when until when a certificate is valid. */
import { fail } from "../errors/catalogue.js";
import { printable } from "../ground/printable.js";
import type { CaKind } from "./layout.js";

/** Whole seconds since 1970, UTC: PROTOCOL.certkeys' "valid after" and "valid before". */
export interface Validity {
  readonly after: number;
  readonly before: number;
}

export interface AskedValidity {
  /** Such as "5y", "90d", "12h": from now on. */
  readonly valid?: string | undefined;
  /** Dates such as "2031-01-31" or "2031-01-31T12:00:00Z". */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** A certificate begins so long before its signing: the clock of a room without network is nobody's to keep. */
export const backdate = hour;

export const defaultValidity: Readonly<Record<CaKind, string>> = { host: "5y", user: "1d" };
/** A host's certificate is carried to it by hand; a person's cannot be taken back by hand, so it must end soon. */
const longest = { host: { years: 10, words: "ten years" }, user: { years: 1, words: "one year" } } as const;

/**
 * The validity that was asked for. It never is without an end, and never lies in the past.
 * @throws OFFLINE_CA_VALIDITY_INVALID
 */
export function readValidity(kind: CaKind, { valid, from, to }: AskedValidity, now: Date): Validity {
  if (valid !== undefined && to !== undefined) throw invalid(valid, "it is given with --valid-to: name one of the two");
  const present = Math.floor(now.getTime() / 1000);
  const start = from === undefined ? undefined : readDate(from);
  const after = start ?? present - backdate - (present % minute);
  const asked = to ?? valid ?? defaultValidity[kind];
  const before = to === undefined ? addDuration(start ?? present, asked) : readDate(to);
  if (before <= after) throw invalid(asked, `it ends before it begins (${isoSeconds(after)})`);
  if (before <= present) throw invalid(asked, "it ends in the past");
  const { years, words } = longest[kind];
  if (before > addYears(Math.max(after, present), years)) {
    throw invalid(asked, `a ${kind} certificate lives for ${words} at the most`);
  }
  return { after, before };
}

/** Years are the calendar's: five of them end on the same day of the year. */
function addDuration(start: number, asked: string): number {
  const [, digits, unit] = /^([1-9][0-9]{0,8})([mhdwy])$/.exec(asked) ?? [];
  if (digits === undefined || unit === undefined) throw invalid(asked, "it is no duration");
  const count = Number(digits);
  if (unit === "y") return addYears(start, Math.min(count, 1000));
  return start + count * { m: minute, h: hour, d: day, w: 7 * day }[unit as "m" | "h" | "d" | "w"];
}

function addYears(start: number, years: number): number {
  const date = new Date(start * 1000);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return Math.floor(date.getTime() / 1000);
}

/** A day (its first moment, UTC) or a moment, which must name its zone; days also as ssh-keygen writes them, 20310131. */
function readDate(text: string): number {
  const [, year, month, date, time = "T00:00:00Z"] =
    /^([0-9]{4})-?([0-9]{2})-?([0-9]{2})(T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2}))?$/.exec(text) ?? [];
  if (year === undefined || month === undefined || date === undefined) throw invalid(text, "it is no date");
  const written = `${year}-${month}-${date}`;
  const seconds = new Date(`${written}${time}`).getTime() / 1000;
  // JavaScript takes February 30th for March 2nd.
  const sameDay = new Date(`${written}T00:00:00Z`).getUTCDate() === Number(date);
  if (!Number.isFinite(seconds) || !sameDay || seconds < 0) throw invalid(text, "there is no such date");
  return seconds;
}

/** Such as "2031-01-31T12:00:00Z". */
export function isoSeconds(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

function invalid(asked: string, problem: string) {
  return fail("OFFLINE_CA_VALIDITY_INVALID", { asked: printable(asked), problem });
}
