/** The matrix as a sheet: sections of rows, in each row a mark for each cell. The table and the picture are drawn from it. */
import { factsOf, type Suite } from "../toolchain/versions.js";
import { groupNames, groups, type Across } from "./case.js";
import { shellNames, type Cell } from "./cell.js";
import { cellsOf, type Result } from "./run.js";
import { accepted } from "./outcome.js";
import type { OpenSshVersion } from "./openssh-version.js";

/** What each stands for: `legend`. */
export type Mark = "yes" | "no" | "done" | "cannot" | "failed";

export interface Matrix {
  /** ISO 8601. */
  readonly ranAt: string;
  /** Oldest first: the order of the cells. */
  readonly versions: ReadonlyMap<Suite, OpenSshVersion>;
  readonly results: readonly Result[];
}

export interface Section {
  readonly title: string;
  /** The columns, each with a cell for each server. */
  readonly across: Across;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly what: string; readonly marks: readonly (readonly Mark[])[] }[];
}

export function markOf({ verdict, expected, case: { group } }: Result): Mark {
  if (verdict === "not as expected") return "failed";
  if (verdict === "cannot") return "cannot";
  if (yes.includes(expected)) return "yes";
  return no.includes(expected) || group.endsWith("certificates") ? "no" : "done";
}

const yes: readonly string[] = [accepted, "the new one", "in every line"];
const no: readonly string[] = ["the old one", "in no line"];

export const legend: Readonly<Record<Mark, string>> = {
  yes: "accepted; new; there",
  no: "refused; old; not there",
  done: "as the row says",
  cannot: "this version cannot",
  failed: "not as expected",
};

export function sectionsOf({ versions, results }: Matrix): Section[] {
  const suites = [...versions.keys()];
  return groupNames.flatMap((name) => {
    const { title, across } = groups[name];
    const ofGroup = results.filter((each) => each.case.group === name);
    if (ofGroup.length === 0) return [];
    const rows = [...new Map(ofGroup.map((each) => [each.case.id, each.case.what]))].map(([id, what]) => {
      const marks = cellsOf(across, suites).map((cell) => {
        const result = ofGroup.find((each) => each.case.id === id && isSame(each.cell, cell));
        return result === undefined ? "cannot" : markOf(result);
      });
      return { what, marks: inColumns(marks, suites.length) };
    });
    return [{ title, across, columns: columnsOf(across, versions), rows }];
  });
}

const isSame = (a: Cell, b: Cell) => a.server === b.server && a.client === b.client && a.shell === b.shell;

const inColumns = (marks: readonly Mark[], size: number): Mark[][] =>
  Array.from({ length: marks.length / size }, (_, column) => marks.slice(column * size, (column + 1) * size));

function columnsOf(across: Across, versions: Matrix["versions"]): readonly string[] {
  if (across === "server") return ["server"];
  return across === "shell" ? shellNames : [...versions.values()].map(({ number }) => `client ${number}`);
}

/** Why versions cannot do something, each reason once. */
export const reasonsOf = (results: readonly Result[]): readonly string[] => [
  ...new Set(results.flatMap(({ verdict, expected }) => (verdict === "cannot" ? [expected] : []))),
];

/** What is wrong with the run: cells of releases that change daily are only reported. */
export const failuresOf = (results: readonly Result[]): Record<"counts" | "reported", readonly Result[]> => {
  const failed = results.filter(({ verdict }) => verdict === "not as expected");
  return { counts: failed.filter(({ cell }) => !moves(cell)), reported: failed.filter(({ cell }) => moves(cell)) };
};

const moves = ({ server, client = server }: Cell) => [server, client].some((suite) => factsOf(suite).freshForDays !== undefined);

/** For JSON: the names are permanent. */
export const matrixToJson = ({ ranAt, versions, results }: Matrix) => ({
  schema: 1,
  ranAt,
  versions: Object.fromEntries([...versions].map(([suite, { number, full }]) => [suite, { number, full }])),
  notAsExpected: failuresOf(results).counts.length,
  reportedOnly: failuresOf(results).reported.length,
  results: results.map(({ case: { id, group, what }, cell, verdict, expected, seen }) => ({
    ...{ case: id, group, what },
    ...{ client: cell.client ?? null, server: cell.server, shell: cell.shell ?? null },
    ...{ verdict, expected: verdict === "cannot" ? null : expected },
    ...{ seen: seen ?? null, reason: verdict === "cannot" ? expected : null },
  })),
});
