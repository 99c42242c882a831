import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { LogReader, readLog } from "../../../../src/ssh/trace/log.js";
import { laidOut, logNames, logText } from "./logs.js";

const own = (text: string, pid = 7, level = "debug1: ") => `${level}kex.c:choose_kex():929 (pid=${String(pid)}): ${text}\r\n`;
const shown = (log: string) => readLog(log).map(({ by, text }) => `${by}: ${text}`);

describe("a line is ssh's own where it carries ssh's process id", () => {
  test.each([
    ["signed", own("a"), ["ssh: a"]],
    ["without a level", own("a", 7, ""), ["ssh: a"]],
    ["as of OpenSSH 9.8, which names the program too", "debug2: ssh.c:main():1 (bin=ssh, pid=7): a\r\n", ["ssh: a"]],
    [
      "before the first signed line, when no host is there yet",
      `debug1: Reading configuration\r\n${own("a")}`,
      ["ssh: Reading configuration", "ssh: a"],
    ],
    ["with line breaks of its own", own("a\nb\nc") + own("d"), ["ssh: a\nb\nc", "ssh: d"]],
    [
      "the list of channels, with whole ends of lines in it",
      own("The following connections are open:\r\n  #0\r\n") + own("d"),
      ["ssh: The following connections are open:\n  #0\n", "ssh: d"],
    ],
    ["behind others' text without an end", own("a") + `half a line${own("b")}`, ["ssh: a", "others: half a line", "ssh: b"]],
  ])("%s", (_what, log, lines) => {
    expect(shown(log)).toEqual(lines);
  });

  test.each([
    ["text that looks like its log", "debug1: Authentication succeeded (publickey).\n"],
    ["a signature with another id", own("a", 8).replace("\r", "")],
    ["a signature with a longer id", own("a", 77).replace("\r", "")],
    ["a signature without an id", "debug1: kex.c:choose_kex():929: a\n"],
    ["a signature with no number for an id", own("a").replace("pid=7", "pid=7x").replace("\r", "")],
    ["an empty line", "\n"],
  ])("not %s", (_what, text) => {
    expect(shown(own("first") + text)).toEqual(["ssh: first", `others: ${text.trimEnd()}`]);
  });
});

test("the level and the place in the source are kept", () => {
  expect(readLog(own("a", 7, "debug3: "))[0]).toEqual({
    at: 0,
    by: "ssh",
    level: "debug3",
    where: "kex.c, choose_kex",
    text: "a",
  });
});

test("a line has the time at which it began to be whole", () => {
  const reader = new LogReader();
  const [first, second] = [own("a"), own("b")];
  expect(reader.feed(first.slice(0, 20), 1)).toEqual([]);
  expect(reader.feed(first.slice(20) + second.slice(0, 3), 2).map(({ at }) => at)).toEqual([2]);
  expect(reader.feed(second.slice(3), 3).map(({ at }) => at)).toEqual([3]);
  expect(reader.end(4)).toEqual([]);
});

test("a line without an end is cut, not kept for ever", () => {
  const reader = new LogReader();
  const lines = reader.feed("x".repeat(100_000), 1);
  expect(lines).toHaveLength(1);
  expect(lines[0]?.text.length).toBeLessThan(10_000);
});

describe("whatever comes", () => {
  const anything = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "\r\n",
      "\n",
      "debug1: ",
      'Server host certificate: x y, serial 1 ID "',
      '" CA a b valid',
      "Offering public key: ",
    ),
    fc.string().map((text) => own(text)),
    fc.constantFrom(...logNames).chain((name) => {
      const lines = logText(name).split(/(?<=\n)/);
      return fc.subarray(lines).map((some) => some.join(""));
    }),
  );

  test("it is read and laid out without a crash, however it is cut", () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 12 }), fc.array(fc.nat(400), { maxLength: 8 }), (parts, cuts) => {
        const text = own("Connecting to a [b] port 1.") + parts.join("");
        const reader = new LogReader();
        let at = 0;
        const lines = cuts.flatMap((length) => reader.feed(text.slice(at, (at += length)), at));
        const all = [...lines, ...reader.feed(text.slice(at), at), ...reader.end(at)];
        expect(all.map(({ by, text: said }) => `${by} ${said}`)).toEqual(
          readLog(text).map(({ by, text: said }) => `${by} ${said}`),
        );
        const trace = laidOut(all);
        let before = 0;
        for (const { entries } of trace.phases) {
          for (const entry of entries) {
            expect(entry.at).toBeGreaterThanOrEqual(before);
            expect(entry.lines.every((line) => all[line]?.by === "ssh")).toBe(true);
            before = entry.at;
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
