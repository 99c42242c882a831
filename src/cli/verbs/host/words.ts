/** Times in words. */

/** Such as "2026-01-31 12:00:05 UTC". */
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

const most = 10;

/** What became of several hosts, where it ended before the last. */
export function describeStopped(done: readonly string[], left: readonly string[], verb: string): string {
  const shown = (names: readonly string[]) => [...names.slice(0, most), ...(names.length > most ? ["…"] : [])].join(", ");
  const made = done.length === 0 ? "no host was done" : `done, and to be left out of the next ${verb}: ${shown(done)}`;
  return `${made}; not done: ${shown(left)}`;
}
