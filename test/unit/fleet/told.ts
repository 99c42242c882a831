/** What is told of two fleets, as a table. */
import { expect, test } from "@jest/globals";
import { describeChanges } from "../../../src/fleet/changes.js";
import type { Fleet } from "../../../src/fleet/fleet.js";
import { fleetOf } from "./fleet-of.js";

export type Parts = Partial<Fleet>;
/** What it is, the fleet before, the fleet after, the lines. */
type Row = readonly [string, Parts, Parts, readonly string[]];

const signs = { withdraws: "-", grants: "+", changes: "~" } as const;

/** Each line with its kind's sign in front: what is withdrawn, what is granted, what is another. */
export const told = (before: Fleet | undefined, after: Fleet): readonly string[] =>
  describeChanges(before, after).map(({ kind, text }) => `${signs[kind]} ${text}`);

export function check(rows: readonly Row[]): void {
  test.each(rows)("%s", (_what, before, after, lines) => {
    expect(told(fleetOf(before), fleetOf(after))).toEqual(lines);
  });
}
