import { expect, test } from "@jest/globals";
import { atLeast } from "../../../src/ground/compare-versions.js";

test.each([
  ["9.2p1", "8.5", true],
  ["8.5p1", "8.5", true],
  ["8.4p1", "8.5", false],
  ["10.0p2", "8.5", true],
  ["1.10.6-dev", "1.6", true],
  ["v1.5.0", "1.5", true],
  ["1.5", "1.5.0", true],
  ["1.4.9", "1.5", false],
  ["0.15.5", "1.5", false],
  ["go1.26", "1.21", true],
  ["1.9", "1.21", false],
  ["20.10.24+dfsg1", "20.10", true],
  ["of unknown version", "1", false],
  ["", "0", false],
])("%s is %s or later: %s", (version, minimum, expected) => {
  expect(atLeast(version, minimum)).toBe(expected);
});
