/** How the matrix looks: the table in 100 columns, the picture with text that is text. */
import { beforeAll, expect, test } from "@jest/globals";
import { showMatrix } from "../../../../lab/face/show-matrix.js";
import { allCases } from "../../../../lab/matrix/cases/index.js";
import { drawMatrix } from "../../../../lab/matrix/picture.js";
import { pictureStyle } from "../../../../lab/matrix/picture-style.js";
import type { Matrix } from "../../../../lab/matrix/sheet.js";
import { aCase, matrixOf } from "./support.js";

let whole: Matrix;
let svg: string;
beforeAll(async () => {
  const cases = allCases.map((each) => ({ ...each, run: () => Promise.resolve("something else") }));
  whole = await matrixOf(["bullseye", "bookworm", "trixie", "sid"], cases);
  svg = drawMatrix(whole);
});

test("the table has a row for each case, and fits 100 columns", () => {
  const [table = ""] = showMatrix(whole).split("\nnot as expected");
  for (const { what } of allCases) expect(table).toContain(`\n  ${what} `);
  for (const line of table.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  expect(table).toMatch(/client 8\.4 +client 9\.2 +client 10\.0 +client 10\.6\n/);
});

test("the picture says which versions ran, and when", () => {
  expect(svg).toContain("Run on 2026-11-27");
  for (const { full } of whole.versions.values()) expect(svg).toContain(full);
});

test("each row is text, and has a mark for each cell", () => {
  for (const { what } of allCases) expect(svg).toContain(`>${what.replaceAll("'", "&#39;")}</text>`);
  const marks = svg.match(/<title>/g) ?? [];
  expect(marks).toHaveLength(whole.results.length + 5); // and those of the legend
});

test("it needs nothing else, and nothing can break out of it", async () => {
  expect(svg).not.toMatch(/<script|<image|href=|url\(|@import|<foreignObject/);
  const odd = drawMatrix(await matrixOf(["trixie"], [aCase({ what: "</text><script>alert(1)</script>" })]));
  expect(odd).not.toContain("<script>");
});

test("nothing is drawn outside of it", () => {
  const [, width = "0", height = "0"] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
  const all = (name: string) => [...svg.matchAll(new RegExp(` ${name}="([\\d.]+)"`, "g"))].map(([, value]) => Number(value));
  for (const x of [...all("x"), ...all("cx")]) expect(x).toBeLessThan(Number(width));
  for (const y of [...all("y"), ...all("cy")]) expect(y).toBeLessThan(Number(height));
});

/** WCAG 2.1, 1.4.3. */
function contrast(one: string, other: string): number {
  const channel = (value: number) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = (hex: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => channel(parseInt(hex.slice(at, at + 2), 16) / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

test("its colours can be read, on light and on dark", () => {
  const schemes = [...pictureStyle.matchAll(/svg \{ (--paper[^}]*) \}/g)].map(([, text = ""]) =>
    Object.fromEntries([...text.matchAll(/--(\w+): (#\w{6})/g)].map(([, name = "", value = ""]) => [name, value])),
  );
  expect(schemes).toHaveLength(2);
  for (const { paper = "", stripe = "", ...colours } of schemes) {
    for (const name of ["ink", "soft", "yes", "no", "failed"])
      for (const ground of [paper, stripe]) expect(contrast(colours[name] ?? "", ground)).toBeGreaterThanOrEqual(4.5);
  }
});
