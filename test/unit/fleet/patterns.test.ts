/** Patterns of hosts' names: what they match, and what two of them have in common. */
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { commonName } from "../../../src/fleet/common-name.js";
import { matches } from "../../../src/fleet/patterns.js";
import { isHostName } from "../../../src/ground/host-name.js";

describe("a pattern matches as in ssh_config(5)", () => {
  test.each([
    ["web-1.example.org", "web-1.example.org", true],
    ["web-1.example.org", "web-2.example.org", false],
    ["web-1.example.org", "web-1.example.org.", false],
    ["*", "", true],
    ["*", "anything.at.all", true],
    ["?", "", false],
    ["?", "a", true],
    ["?", "ab", false],
    ["web-*.example.org", "web-.example.org", true],
    ["web-*.example.org", "web-1.example.org", true],
    ["web-*.example.org", "web-1.a.example.org", true],
    ["web-*.example.org", "web.example.org", false],
    ["web-*.example.org", "web-1.example.org.evil.org", false],
    ["web-??.example.org", "web-01.example.org", true],
    ["web-??.example.org", "web-1.example.org", false],
    ["*-db-*.example.org", "a-db-db-1.example.org", true],
    ["a*a", "a", false],
    ["a**b", "ab", true],
    ["", "a", false],
    ["a.c", "abc", false],
  ])("%s, %s: %p", (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected);
  });
});

describe("a name that two patterns have in common", () => {
  test.each([
    ["web-1.example.org", "web-1.example.org", "web-1.example.org"],
    ["web-1.example.org", "web-2.example.org", undefined],
    ["web-*.example.org", "db-*.example.org", undefined],
    ["web-*.example.org", "*-1.example.org", "web-1.example.org"],
    ["web-*.example.org", "*-db-1.example.org", "web-db-1.example.org"],
    ["web-*.example.org", "web-?.example.org", "web-x.example.org"],
    ["web-*.example.org", "web.example.org", undefined],
    ["web-*.example.org", "*.example.net", undefined],
    ["?.example.org", "??.example.org", undefined],
    ["*", "*", "x"],
    ["", "", undefined],
    // A name that no host can have is none in common.
    ["a-*", "*-", undefined],
    ["a*.b", "a.*b", "a.b"],
    ["-*", "-*", undefined],
    // Labels have 63 characters: a star may stand for a dot.
    [`${"a".repeat(40)}*`, `*${"b".repeat(40)}`, `${"a".repeat(40)}.${"b".repeat(40)}`],
    [`${"a".repeat(64)}*`, "*", undefined],
  ])("%s and %s: %s", (a, b, expected) => {
    expect(commonName(a, b)).toBe(expected);
    expect(commonName(b, a)?.length).toBe(expected?.length);
  });
});

/** Every host's name of up to six characters of this alphabet. */
const alphabet = ["a", "x", "-", "."];
const names = Array.from({ length: 6 }).reduce<string[]>(
  (all) => [...new Set([...all, ...all.flatMap((name) => alphabet.map((letter) => name + letter))])],
  [""],
);
const hostNames = names.filter(isHostName);

test("it is found where there is one, and only there", () => {
  const pattern = fc
    .array(fc.constantFrom("a", "-", ".", "*", "?"), { minLength: 1, maxLength: 4 })
    .map((signs) => signs.join(""));
  fc.assert(
    fc.property(pattern, pattern, (a, b) => {
      const found = commonName(a, b);
      if (found !== undefined)
        expect({ name: found, is: [isHostName(found), matches(a, found), matches(b, found)] }).toEqual({
          name: found,
          is: [true, true, true],
        });
      const byForce = hostNames.find((name) => matches(a, name) && matches(b, name));
      if (byForce !== undefined) expect(found?.length).toBeLessThanOrEqual(byForce.length);
      // The shortest of two patterns of four has no more than eight characters: most are within reach.
      else if (found !== undefined) expect(found.length).toBeGreaterThan(6);
    }),
    { numRuns: 3000 },
  );
});

test("it is found soon, however the patterns are made", () => {
  const stars = ["a", "b", "c"].map((letter) => `*${`${letter}a`.repeat(30)}`).join("");
  const begun = Date.now();
  expect(commonName(`${stars}*.example.org`, `*${"ab".repeat(30)}${stars}.example.org`)).toBeUndefined();
  expect(Date.now() - begun).toBeLessThan(20_000);
});
