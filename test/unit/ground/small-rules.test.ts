/** The one rule for each: principals, durations, loopback addresses; and waiting. */
import { describe, expect, test } from "@jest/globals";
import { formatDuration, parseDuration } from "../../../src/ground/duration.js";
import { isLoopback } from "../../../src/ground/loopback.js";
import { checkPrincipal, isPrincipal } from "../../../src/ground/principal.js";
import { waitUntil } from "../../../src/ground/wait.js";

describe("principals", () => {
  test.each([
    "",
    "*",
    "a,b",
    "a b",
    "-a",
    ".a",
    "@a",
    "a\n",
    "a\0",
    "a:b",
    "a*",
    "?",
    "ä",
    "a".repeat(256),
    "\u202ea",
    "a;b",
    "$a",
  ])("%j is none", (text) => {
    expect(isPrincipal(text)).toBe(false);
    expect(() => {
      checkPrincipal(text);
    }).toThrow(expect.objectContaining({ code: "PRINCIPAL_INVALID" }));
  });

  test("the error shows control characters, and does not print them", () => {
    expect(() => {
      checkPrincipal("a\u001b[2J");
    }).toThrow(String.raw`"a\033[2J"`);
  });

  test.each(["alice", "admin-ssh-user", "_x", "deploy@web", "web-1.example.org", "a".repeat(255)])("%j is one", (text) => {
    expect(isPrincipal(text)).toBe(true);
  });
});

test.each([
  [3600, "1h"],
  [5400, "1h30m"],
  [61, "1m1s"],
  [59, "59s"],
  [0, "0s"],
  [90_061, "25h1m1s"],
])("%i seconds are %s, and are read as such", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
  if (seconds > 0) expect(parseDuration(text)).toBe(seconds);
});

test.each([
  ["localhost", true],
  ["127.0.0.1", true],
  ["127.1.2.3", true],
  ["[::1]", true],
  ["::1", true],
  ["localhost.example.org", false],
  ["127.0.0.1.example.org", false],
  ["1127.0.0.1", false],
  ["10.0.0.1", false],
  ["0.0.0.0", false],
  ["[::2]", false],
])("%s is this machine's own: %s", (host, own) => {
  expect(isLoopback(host)).toBe(own);
});

describe("waiting", () => {
  test("ends when it is so, and tells when it was not in time", async () => {
    let looks = 0;
    expect(await waitUntil(() => Promise.resolve(++looks === 3), { seconds: 5, every: 1 })).toBe(true);
    expect(looks).toBe(3);
    expect(await waitUntil(() => Promise.resolve(false), { seconds: 0.01, every: 1 })).toBe(false);
  });

  test("ends with the signal's reason where it is interrupted", async () => {
    const controller = new AbortController();
    const waiting = waitUntil(() => Promise.resolve(false), { seconds: 60, every: 60_000, signal: controller.signal });
    controller.abort(new Error("interrupted"));
    await expect(waiting).rejects.toThrow(/interrupted|aborted/);
  });
});
