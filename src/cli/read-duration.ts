import { problemOfDuration, secondsOf, withoutUnit, type Range } from "../fleet/durations.js";
import { printable } from "../ground/printable.js";

/** A duration as it is typed, in seconds. @param refuse makes the error from what is wrong with it */
export function durationOf(text: string, range: Range, refuse: (problem: string) => Error): number {
  const problem = /^\d+$/.test(text) ? withoutUnit(text, range) : problemOfDuration(text, range);
  const seconds = secondsOf(text);
  if (problem !== undefined || seconds === undefined) throw refuse(`"${printable(text)}" ${problem ?? ""}`);
  return seconds;
}
