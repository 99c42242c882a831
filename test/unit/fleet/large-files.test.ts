/** Files that are small, and made to be hard: each is told of, or read, within seconds. */
import { expect, test } from "@jest/globals";
import { changed, mistakesIn } from "./fleet-file.js";

const many = (count: number, line: (place: number) => string) => Array.from({ length: count }, (_, place) => line(place));
const groups = (count: number, pattern: (place: number) => string) =>
  changed({
    4: "  web: { names: www.example.org, accounts: [deploy, ops] }",
    5: many(count, (i) => `  g${String(i)}: { names: ${pattern(i)}, accounts: [postgres] }`).join("\n"),
    11: "  - { name: dba-web, who: dba, on: web, as: ops }",
  });
const list = (count: number, item: (place: number) => string) => `[${many(count, item).join(", ")}]`;
/** What words are asked for: they are as many as there are groups, and none is right. */
const unknown = many(10_000, (i) => `  - { name: r${String(i)}, who: w${String(i)}, on: v${String(i)}, as: x }`).join("\n");
const people = many(10_000, (i) => `  p${String(i)}: {}`).join("\n");
const anchors = many(4_000, (i) => `&a${String(i)} x${String(i)}, *a${String(i)}`).join(", ");

/** In milliseconds: it guards against minutes, on a machine that has other work, and measures nothing. */
const inTime = 30_000;

test.each<[what: string, file: string, first: string | undefined]>([
  [
    "patterns with many wildcards",
    groups(16, (i) => `'*aababababab*bbababababa*a?*b*a*b*a*b${String(i)}x*a*.example.org'`),
    "has more than 4 wildcards",
  ],
  ["patterns that overlap", groups(400, (i) => `'*${String(i)}*.example.org'`), "match the same names"],
  [
    "patterns that are hard to compare, and do not overlap",
    groups(300, (i) => `'*${"ab".repeat(20)}*${"ba".repeat(20)}*${String(i)}.x.example.org'`.replace("*a", `?${String(i)}*a`)),
    "too many patterns to compare",
  ],
  [
    "names that are hard to compare with patterns",
    groups(9_000, (i) => (i % 2 ? `'*a*b*${String(i)}.example.org'` : `n${String(i)}.example.org`)),
    "match the same names",
  ],
  ["names", groups(9_000, (i) => `n${String(i)}.example.org`), undefined],
  [
    "domains and names",
    changed({
      2: `domains: ${list(20_000, (i) => `d${String(i)}.net`)}`,
      5: `  db: { names: ${list(20_000, (i) => `n${String(i)}.org`)}, accounts: [postgres] }`,
    }),
    "there are 20000 domains: there may be 100",
  ],
  [
    "other names",
    changed({
      5: `  db: { names: ${list(9_000, (i) => `n${String(i)}.example.org`)}, also: ${list(9_000, (i) => `m${String(i)}.example.org`)}, accounts: [postgres] }`,
    }),
    undefined,
  ],
  ["aliases", changed({ 5: `  db: { names: db-*.example.org, accounts: [postgres, ${anchors}] }` }), "is repeated"],
  ["unknown words", changed({ 8: `  dba: {}\n${people}`, 11: unknown }), "there is no group"],
])("%s", (_what, file, first) => {
  const begun = performance.now();
  const found = mistakesIn(file);
  expect(performance.now() - begun).toBeLessThan(inTime);
  expect(found.join("\n")).toContain(first ?? "");
  if (first === undefined) expect(found).toEqual([]);
});
