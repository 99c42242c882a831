/** Durations as the fleet file has them: as Vault's, with days, and never without a unit. */
import { isFailure } from "../errors/catalogue.js";
import { formatDuration, parseDuration } from "../ground/duration.js";

const form = /^(?:(\d{1,4})d)?((?:\d{1,6}[hms])*)$/;

/** Seconds; undefined for anything that is not a duration. @example secondsOf("1d12h") // 129600 */
export function secondsOf(text: string): number | undefined {
  const [, days = "0", rest = ""] = form.exec(text) ?? [];
  const whole = Number(days) * 86_400;
  if (rest === "") return whole === 0 ? undefined : whole;
  try {
    return whole + parseDuration(rest);
  } catch (error) {
    if (isFailure(error, "TTL_INVALID")) return undefined;
    throw error;
  }
}

/** The least and the most that a duration may be, in seconds, and of what. */
export interface Range {
  readonly of: string;
  readonly least: number;
  readonly most: number;
}

const minute = 60;
const hour = 3600;

export const ranges = {
  host: { of: "a host's certificate", least: hour, most: 168 * hour },
  forget: { of: "the time after which a host is taken for gone", least: 24 * hour, most: 365 * 24 * hour },
  rule: { of: "a rule's certificate", least: 30, most: hour },
  reserve: { of: "a reserve certificate", least: 30, most: hour },
  session: { of: "a session", least: 5 * minute, most: 24 * hour },
} as const satisfies Record<string, Range>;

/** Of a duration in the fleet file. */
export function rangeAt(path: readonly PropertyKey[]): Range {
  const key = path.at(-1);
  if (key === "session") return ranges.session;
  if (key === "reserve") return ranges.reserve;
  if (key === "forget") return ranges.forget;
  return path[0] === "hosts" ? ranges.host : ranges.rule;
}

export const bounds = ({ least, most }: Range): string => `between ${formatDuration(least)} and ${formatDuration(most)}`;

/** Of a number without a unit: that, and what may have been meant. @param shown as messages show a text */
export function withoutUnit(digits: string, range: Range, shown: (text: string) => string = (text) => text): string {
  const { least, most } = range;
  const meant = ["s", "m", "h", "d"].flatMap((unit) => {
    const seconds = secondsOf(digits + unit) ?? 0;
    return seconds >= least && seconds <= most ? [shown(digits + unit)] : [];
  });
  return meant.length === 0 ? `has no unit, and has to be ${bounds(range)}` : `has no unit; did you mean ${meant.join(" or ")}?`;
}

/** What is wrong with a duration; undefined where nothing is. */
export function problemOfDuration(text: string, range: Range): string | undefined {
  const { of, least, most } = range;
  if (/^\d+$/.test(text)) return withoutUnit(text, range, (each) => `"${each}"`);
  const seconds = secondsOf(text);
  if (seconds === undefined) return `is not a duration: write it as 1h30m, 90s or 3d`;
  if (seconds < least) return `is shorter than ${of} may be: the minimum is ${formatDuration(least)}`;
  return seconds > most ? `is longer than ${of} may be: the maximum is ${formatDuration(most)}` : undefined;
}
