/** The matrix as a table for a terminal of 100 columns. */
import { printable } from "../../src/ground/printable.js";
import { bold, cyan, dim, green, red, yellow } from "../../src/terminal/colour.js";
import { wrap } from "../../src/terminal/wrap.js";
import { spokenCell } from "../matrix/cell.js";
import type { Result } from "../matrix/run.js";
import { failuresOf, legend, reasonsOf, sectionsOf, type Mark, type Matrix, type Section } from "../matrix/sheet.js";

const signs: Readonly<Record<Mark, string>> = {
  yes: green("●"),
  no: cyan("○"),
  done: green("✓"),
  cannot: dim("–"),
  failed: bold(red("!")),
};

const marks = Object.keys(signs) as Mark[];

const first = 46;
const gap = "   ";

export function showMatrix(matrix: Matrix): string {
  const { counts, reported } = failuresOf(matrix.results);
  return [
    ...[...matrix.versions].map(([suite, { full }]) => `${suite.padEnd(10)}${full}`),
    ...sectionsOf(matrix).flatMap((section) => [
      "",
      ...showSection(
        section,
        [...matrix.versions.values()].map(({ number }) => number),
      ),
    ]),
    "",
    ...[marks.slice(0, 3), marks.slice(3)].map((some) => some.map((mark) => `${signs[mark]} ${legend[mark]}`).join("   ")),
    ...reasons(matrix.results),
    ...listed(red("not as expected"), counts),
    ...listed(yellow("not as expected, and only reported, as this release changes daily"), reported),
  ].join("\n");
}

function showSection({ title, across, columns, rows }: Section, versions: readonly string[]): string[] {
  const inEach = `${across === "server" ? "" : "in each column "}the servers ${versions.join(" ")}`;
  const width = 2 * versions.length - 1;
  const widths = columns.map((column) => Math.max(column.length, width));
  const heads = columns.map((column, index) => column.padEnd(widths[index] ?? 0));
  return [
    `${bold(title.padEnd(first + 2))}${dim(inEach)}`,
    dim(`${" ".repeat(first + 2)}${heads.join(gap)}`.trimEnd()),
    ...rows.map((row) => {
      const cells = row.marks.map((column, index) => {
        const padding = " ".repeat(Math.max(0, (widths[index] ?? 0) - width));
        return `${column.map((mark) => signs[mark]).join(" ")}${padding}`;
      });
      return `  ${row.what.padEnd(first)}${cells.join(gap)}`.trimEnd();
    }),
  ];
}

/** Why versions cannot do something, each reason once. */
const reasons = (results: readonly Result[]) => reasonsOf(results).map((reason) => `${signs.cannot} ${reason}`);

/** Cells of a case that showed the same are one entry. */
function listed(title: string, results: readonly Result[]): string[] {
  if (results.length === 0) return [];
  const entries = new Map<string, string[]>();
  for (const { case: about, cell, expected, seen = "" } of results) {
    const what = `${about.id}: expected ${expected}; seen: ${printable(seen.replace(/\s+/g, " ").trim().slice(0, 300))}`;
    entries.set(what, [...(entries.get(what) ?? []), spokenCell(cell)]);
  }
  const lines = [...entries].flatMap(([what, cells]) => [`  ${what}`, `    in ${cells.join("; ")}`]);
  return ["", `${title}:`, ...lines.map((line) => wrap(line, columns, "      "))];
}

const columns = 100;
