/** What an agent says of its decisions: strangers wrote some of it. */
import { expect, test } from "@jest/globals";
import { openDecisions } from "../../../../src/people/agent/decisions.js";

const at = new Date("2026-01-02T03:04:05.678Z");

test.each<[what: string, text: string, line: string]>([
  ["plain", "deploy at web-1", "deploy at web-1"],
  ["a line break", "web\n2026-01-02T03:04:05Z signed root at db-1", String.raw`web\0122026-01-02T03:04:05Z signed root at db-1`],
  ["a terminal's commands", "\u001b]0;x\u0007\u009b2J", String.raw`\033]0;x\007\302\2332J`],
  ["text that turns around", "a\u202eb\u2028c", String.raw`a\342\200\256b\342\200\250c`],
])("%s", (_what, text, line) => {
  const lines: string[] = [];
  const decisions = openDecisions(
    (each) => lines.push(each),
    () => at,
  );
  decisions.tell("refused", text);
  expect(lines).toEqual([`2026-01-02T03:04:05Z refused ${line}`]);
  expect(decisions.last).toEqual([{ at, kind: "refused", text: line }]);
});

test("whoever asks for nothing on and on hides neither logins nor that", () => {
  const lines: string[] = [];
  let time = 0;
  const decisions = openDecisions(
    (line) => lines.push(line),
    () => new Date(time),
  );
  decisions.tell("signed", "deploy at web-1.example.org");
  for (; time < 60_000; time += 3) decisions.tell("nothing", "the client did not say which host it talks to");
  expect(lines.length).toBeLessThan(650);
  expect(decisions.last[0]).toMatchObject({ kind: "signed" });
  expect(lines.filter((line) => /note 323\d more of these were not written$/.test(line))).toHaveLength(5);
  expect(decisions.counts.nothing).toBe(20_000);
});

test("a text of any length is cut, and the last hundred are kept", () => {
  const lines: string[] = [];
  let time = 0;
  const decisions = openDecisions(
    (line) => lines.push(line),
    () => new Date((time += 1000)),
  );
  for (let count = 0; count < 250; count++) decisions.tell("nothing", `${String(count)} ${"\u001b".repeat(256 * 1024)}`);
  expect(decisions.last).toHaveLength(100);
  expect(decisions.last[0]?.text).toMatch(/^150 /);
  expect(decisions.counts.nothing).toBe(250);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(2100);
});
