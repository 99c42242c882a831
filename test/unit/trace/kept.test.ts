import { expect, test } from "@jest/globals";
import { Held, KeptLines, Overheard } from "../../../src/trace/kept.js";

const line = (at: number) => ({ at, by: "ssh", level: "", where: "", text: String(at) }) as const;
const kept = (count: number) => {
  const lines = new KeptLines([3, 2]);
  for (let at = 0; at < count; at++) lines.add(line(at));
  return lines.lines();
};

test.each([0, 1, 5])("%d lines are kept whole", (count) => {
  expect(kept(count)).toEqual(Array.from({ length: count }, (_, at) => line(at)));
});

test.each([6, 100_000])("of %d lines the ends are kept, and what is missing is said", (count) => {
  const lines = kept(count);
  expect(lines.map(({ by }) => by)).toEqual(["ssh", "ssh", "ssh", "gap", "ssh", "ssh"]);
  expect(lines[3]).toMatchObject({ at: 3, text: `${String(count - 5)} lines are left out here` });
  expect(lines.at(-1)).toEqual(line(count - 1));
});

test("others' text is passed on in lines, as it comes", () => {
  const overheard = new Overheard(100);
  expect(overheard.feed("a\r\nb\n\nc")).toEqual(["a", "b", ""]);
  expect(overheard.feed("d\ne")).toEqual(["cd"]);
  expect(overheard.end()).toEqual(["e"]);
  expect(overheard.leftOut).toBe(0);
});

test.each([
  ["lines", "abc\n"],
  ["a line without an end", "abcd"],
])("of %s without an end only the beginning is passed on", (_what, part) => {
  const overheard = new Overheard(10);
  const lines = Array.from({ length: 1000 }, () => overheard.feed(part)).flat();
  const all = [...lines, ...overheard.end()];
  expect(all.join("\n").length).toBeLessThanOrEqual(10);
  expect(overheard.leftOut).toBe(4 * 1000 - 10);
});

test("what is said waits until it is let go, and comes once, in its order", () => {
  const told: string[] = [];
  const held = new Held((text) => told.push(text));
  held.say("a");
  held.say("b");
  expect(told).toEqual([]);
  held.letGo();
  held.say("c");
  held.letGo();
  expect(told).toEqual(["a", "b", "c"]);
});
