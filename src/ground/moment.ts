/**
 * A moment as people read it, wherever it is told: in UTC, as hosts, Vault and logs have it, so that two people mean the same. What
 * programs read has ISO 8601, in UTC too.
 * @example moment(new Date(0)) // "1970-01-01 00:00:00 UTC"
 */
export const moment = (date: Date): string =>
  date
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, " UTC");

const units = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
] as const;

/** In the largest unit of which there are two. @example span(90_000) // "25 h" */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [unit, size] = units.find(([, each]) => whole >= 2 * each) ?? (["s", 1] as const);
  return `${String(Math.floor(whole / size))} ${unit}`;
}
