/** A host may nest its entry as deeply as Vault takes it: what is read of it is a problem in one line, and never an exception. */
import { describe, expect, test } from "@jest/globals";
import { readEntry } from "../../../src/host/inventory.js";
import { keepText } from "../../../src/host/kept-text.js";
import { parseRegistered } from "../../../src/host/uncertified.js";

const at = new Date("2026-01-31T12:00:00Z");
const lists = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth));
const records = (depth: number): unknown => JSON.parse('{"a":'.repeat(depth) + "1" + "}".repeat(depth));
const readers: readonly (readonly [string, (value: unknown) => unknown])[] = [
  ["a host's entry", readEntry],
  ["a host's entry that is kept", (value) => keepText(value, at, 1).entry],
  ["an operator's record", (value) => parseRegistered(value, "web-1.example.org")],
];

describe.each(readers)("%s", (_what, read) => {
  test.each<[what: string, value: unknown]>([
    ["65 lists", lists(66)],
    ["9,900 lists", lists(9900)],
    ["a million lists", lists(1_000_000)],
    ["9,900 records", records(9900)],
    ["9,900 lists where a text should be", { schema: 1, host: lists(9900) }],
    ["9,900 lists in something that nobody asked for", { schema: 1, more: lists(9900) }],
  ])("%s", (_deep, value) => {
    expect(read(value)).toEqual({ problem: "it is nested too deeply" });
  });

  test("what is wide and flat is not deep", () => {
    expect(read({ schema: 1, more: Array.from({ length: 10_000 }, () => [[1]]) })).not.toEqual({
      problem: "it is nested too deeply",
    });
  });
});
