import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { LogReader, readLog } from "../../../src/trace/log.js";
import { laidOut, logNames, logText } from "./logs.js";

const own = (text: string, pid = 7, level = "debug1: ") => `${level}kex.c:choose_kex():929 (pid=${String(pid)}): ${text}\r\n`;
const shown = (log: string) => readLog(log).map(({ by, text }) => `${by}: ${text}`);

const named = (text: string, bin: string) => `debug1: ssh.c:main():1 (bin=${bin}, pid=7): ${text}\r\n`;

describe("ssh says something where the signature is that came first", () => {
  test.each([
    ["signed", own("a"), ["a"]],
    ["without a level", own("a", 7, ""), ["a"]],
    [
      "before the first signed line, when no host is there yet",
      `debug1: Reading configuration\r\n${own("a")}`,
      ["Reading configuration", "a"],
    ],
    [
      "what is wrong with its settings",
      "config: line 2: Bad configuration option: foo\r\n",
      ["config: line 2: Bad configuration option: foo"],
    ],
    ["with line breaks of its own", own("a\nb\nc") + own("d"), ["a\nb\nc", "d"]],
    ["with whole ends of lines in it", own("open:\r\n  #0\r\n") + own("d"), ["open:\n  #0\n", "d"]],
    ["as of OpenSSH 9.8, with the name that it was called by", named("a", "/5ec7e7/ssh") + named("b", "/5ec7e7/ssh"), ["a", "b"]],
  ])("%s", (_what, log, texts) => {
    expect(shown(log)).toEqual(texts.map((text) => `ssh: ${text}`));
  });

  test.each([
    ["text that looks like its log", "debug1: Authentication succeeded (publickey).\n"],
    ["a signature with another id", own("a", 8)],
    ["a signature with a longer id", own("a", 77)],
    ["a signature without an id", "debug1: kex.c:choose_kex():929: a\n"],
    ["a signature with no number for an id", own("a").replace("pid=7", "pid=7x")],
    ["a signature behind other text", `x ${own("a")}`],
    ["a signature with a name, where there was none", named("a", "ssh")],
    ["an empty line", "\n"],
  ])("%s goes on with what was said before", (_what, text) => {
    expect(shown(own("first") + text)).toEqual([`ssh: first\n${text.replace(/\r?\n$/, "")}`]);
  });

  test("the right id does not help without the secret name", () => {
    expect(shown(named("first", "/5ec7e7/ssh") + named("a", "ssh") + own("b"))).toHaveLength(1);
  });
});

test.each([
  ["by the secret name", named("a", "/5ec7e7/ssh"), true],
  ["by another, such as a script on PATH hands on", named("a", "/usr/bin/ssh"), false],
  ["by one that begins with it", named("a", "/5ec7e7/sshd"), false],
  ["by the process id alone", own("a"), false],
  ["by the process id alone, and then by the name", own("a") + named("a", "/5ec7e7/ssh"), false],
  ["by nothing", "a\r\n", false],
])("what signs is secret, or not: %s", (_what, log, secret) => {
  const reader = new LogReader();
  reader.feed(log, 0);
  expect(reader.isSignedAs("/5ec7e7/ssh")).toBe(secret);
});

test.each([
  'channel 0: setting env TOKEN = "secret"',
  'channel 0: setting env TOKEN = "a\r\nsecret"',
  "Sending env TOKEN = secret",
  "Setting env TOKEN = secret",
])("a value of the environment is not kept: %j", (text) => {
  const log = readLog(own("first") + own(text) + own("last"));
  expect(JSON.stringify(log)).not.toContain("secret");
  expect(log[1]?.text).toMatch(/env TOKEN = \(not shown\)$/);
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

describe("nothing is kept for ever", () => {
  test.each([
    ["a line without an end", ["x".repeat(100_000)]],
    ["a line without an end, in parts", Array<string>(1000).fill("x".repeat(1000))],
    ["lines that all go on with the first", Array<string>(10_000).fill("x\n")],
  ])("%s", (_what, parts) => {
    const reader = new LogReader();
    const lines = [own("a"), ...parts].flatMap((part) => reader.feed(part, 1));
    lines.push(...reader.end(2));
    expect(lines).toHaveLength(1);
    expect(lines[0]?.text.length).toBeLessThan(10_000);
  });
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

/** Captured; only the secret is this one. 10.0 and 10.6 say unsigned lines first, while they read their settings. */
test.each([
  [
    "9.2",
    "debug1: sshconnect.c:ssh_connect_direct():485 (pid=209): Connecting to 172.17.0.4 [172.17.0.4] port 2201.\r\n",
    ["debug1 Connecting to 172.17.0.4 [172.17.0.4] port 2201."],
    false,
  ],
  [
    "10.0",
    "debug2: resolve_canonicalize: hostname 172.17.0.4 is address\r\n" +
      "debug1: kex.c:kex_exchange_identification():1369 (bin=/5ec7e7/ssh, pid=264): banner line 0: Not allowed at this time\r\n",
    ["debug2 resolve_canonicalize: hostname 172.17.0.4 is address", "debug1 banner line 0: Not allowed at this time"],
    true,
  ],
  [
    "10.6",
    "debug1: OpenSSH_10.6p1 Debian-1, OpenSSL 3.6.5 29 Sep 2026\r\n" +
      "packet.c:sshpkt_vfatal():2087 (bin=/5ec7e7/ssh, pid=391): Connection reset by 172.17.0.4 port 2203\r\n",
    ["debug1 OpenSSH_10.6p1 Debian-1, OpenSSL 3.6.5 29 Sep 2026", " Connection reset by 172.17.0.4 port 2203"],
    true,
  ],
])("real lines of OpenSSH %s: what they say, and whether a secret signs them", (_version, log, said, secretly) => {
  const reader = new LogReader();
  expect(reader.feed(log, 0).map(({ level, text }) => `${level} ${text}`)).toEqual(said);
  expect(reader.isSignedAs("/5ec7e7/ssh")).toBe(secretly);
  expect(reader.isSignedAs("/another/ssh")).toBe(false);
});
