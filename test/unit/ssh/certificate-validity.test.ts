import { describe, expect, test } from "@jest/globals";
import { describeValidity, isValidAt, validFrom, validTo } from "../../../src/ssh/certificate-validity.js";

const forever = 2n ** 64n - 1n;
const at = (seconds: number) => new Date(seconds * 1000);

describe("PROTOCOL.certkeys: valid after <= current time < valid before", () => {
  test.each([
    ["before it starts", 100n, 200n, at(99), false],
    ["in the last millisecond before", 100n, 200n, at(99.999), false],
    ["when it starts", 100n, 200n, at(100), true],
    ["in its last second", 100n, 200n, at(199.999), true],
    ["when it ends", 100n, 200n, at(200), false],
    ["always and forever, now", 0n, forever, at(1_767_225_600), true],
    ["always and forever, in 1969", 0n, forever, at(-1), false],
    ["a time that is no time", 0n, 0n, at(0), false],
    ["an end before its start", 200n, 100n, at(150), false],
  ])("%s", (_when, validAfter, validBefore, time, valid) => {
    expect(isValidAt({ validAfter, validBefore }, time)).toBe(valid);
  });
});

test.each([
  [0n, "always"],
  [1n, at(1)],
  [8_640_000_000_000n, at(8_640_000_000_000)],
  [8_640_000_000_001n, at(8_640_000_000_000)],
  [forever, at(8_640_000_000_000)],
])("valid after %s: from %s", (validAfter, date) => {
  expect(validFrom({ validAfter, validBefore: forever })).toEqual(date);
});

test.each([
  [0n, at(0)],
  [forever, "forever"],
  [forever - 1n, at(8_640_000_000_000)],
])("valid before %s: to %s", (validBefore, date) => {
  expect(validTo({ validAfter: 0n, validBefore })).toEqual(date);
});

test.each([
  [0n, forever, /^forever$/],
  [0n, 1_767_225_600n, /^before 202[56]-\d\d-\d\dT\d\d:\d\d:00$/],
  [1_767_225_600n, forever, /^after 202[56]-\d\d-\d\dT\d\d:\d\d:00$/],
  [1n, 2n ** 64n - 2n, /^from 19[67]\d-\d\d-\d\dT\d\d:\d\d:01 to 584554\d{6}-\d\d-\d\dT\d\d:\d\d:\d\d$/],
])("from %s to %s", (validAfter, validBefore, words) => {
  expect(describeValidity({ validAfter, validBefore })).toMatch(words);
});
