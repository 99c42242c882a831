/** Times in words. */

export { moment } from "../ground/moment.js";

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
