/** A matrix that never ran, for its table and its picture. */
import type { Case } from "../../../../lab/matrix/case.js";
import type { Cell } from "../../../../lab/matrix/cell.js";
import type { Grounds } from "../../../../lab/matrix/grounds.js";
import { runCases } from "../../../../lab/matrix/run.js";
import type { Matrix } from "../../../../lab/matrix/sheet.js";
import type { Suite } from "../../../../lab/toolchain/versions.js";

const numbers: Readonly<Record<Suite, string>> = { bullseye: "8.4", bookworm: "9.2", trixie: "10.0", sid: "10.6" };

/** Grounds on which nothing is: the cases of these tests look at nothing. */
export function bareGrounds(suites: readonly Suite[]): Grounds {
  const nothing = () => {
    throw new Error("there is no container");
  };
  return {
    lab: { signal: undefined } as Grounds["lab"],
    versions: new Map(suites.map((suite) => [suite, { number: numbers[suite], full: `OpenSSH_${numbers[suite]}p1` }])),
    versionsOf: ({ server, client = server }: Cell) => ({ server: numbers[server], client: numbers[client] }),
    machine: nothing,
    scriptHost: nothing,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

export const aCase = (more: Partial<Case> = {}): Case => ({
  id: "host-expired",
  group: "host-certificates",
  what: "expired",
  expected: () => "refused: expired",
  run: () => Promise.resolve("refused: expired"),
  ...more,
});

export async function matrixOf(suites: readonly Suite[], cases: readonly Case[]): Promise<Matrix> {
  const grounds = bareGrounds(suites);
  return { ranAt: "2026-11-27T08:00:00.000Z", versions: grounds.versions, results: await runCases(grounds, cases) };
}
