import { describe, expect, test } from "@jest/globals";
import { isoSeconds, readValidity, type AskedValidity } from "../../../src/offline-ca/validity.js";

const now = new Date("2026-02-01T10:20:30.456Z");
const read = (kind: "host" | "user", asked: AskedValidity) => {
  const { after, before } = readValidity(kind, asked, now);
  return [isoSeconds(after), isoSeconds(before)];
};
/** One hour back, at the full minute. */
const start = "2026-02-01T09:20:00Z";

test.each<["host" | "user", AskedValidity, string, string]>([
  ["host", {}, start, "2031-02-01T10:20:30Z"],
  ["user", {}, start, "2026-02-02T10:20:30Z"],
  ["host", { valid: "10y" }, start, "2036-02-01T10:20:30Z"],
  ["host", { valid: "26w" }, start, "2026-08-02T10:20:30Z"],
  ["host", { valid: "90d" }, start, "2026-05-02T10:20:30Z"],
  ["user", { valid: "12h" }, start, "2026-02-01T22:20:30Z"],
  ["user", { valid: "30m" }, start, "2026-02-01T10:50:30Z"],
  ["host", { to: "2031-01-31" }, start, "2031-01-31T00:00:00Z"],
  ["host", { to: "20310131" }, start, "2031-01-31T00:00:00Z"],
  ["host", { from: "2026-06-01", to: "2031-01-31T12:00:00Z" }, "2026-06-01T00:00:00Z", "2031-01-31T12:00:00Z"],
  ["host", { from: "2026-06-01T02:00:00+02:00", valid: "1y" }, "2026-06-01T00:00:00Z", "2027-06-01T00:00:00Z"],
  ["host", { from: "2024-02-29", valid: "5y" }, "2024-02-29T00:00:00Z", "2029-03-01T00:00:00Z"],
])("%s %j", (kind, asked, from, to) => {
  expect(read(kind, asked)).toEqual([from, to]);
});

describe("refused", () => {
  test.each<["host" | "user", AskedValidity, string]>([
    ["host", { valid: "" }, "it is no duration"],
    ["host", { valid: "0d" }, "it is no duration"],
    ["host", { valid: "-5y" }, "it is no duration"],
    ["host", { valid: "5" }, "it is no duration"],
    ["host", { valid: "5Y" }, "it is no duration"],
    ["host", { valid: "1y6d" }, "it is no duration"],
    ["host", { valid: "1.5y" }, "it is no duration"],
    ["host", { valid: "forever" }, "it is no duration"],
    ["host", { valid: "always:forever" }, "it is no duration"],
    ["host", { valid: "11y" }, "a host certificate lives for ten years at the most"],
    ["host", { valid: "999999999y" }, "a host certificate lives for ten years at the most"],
    ["host", { to: "2036-02-02" }, "a host certificate lives for ten years at the most"],
    ["user", { valid: "2y" }, "a user certificate lives for one year at the most"],
    ["host", { to: "forever" }, "it is no date"],
    ["host", { to: "31.1.2031" }, "it is no date"],
    ["host", { to: "2031-01-31T12:00:00" }, "it is no date"],
    ["host", { to: "2031-02-30" }, "there is no such date"],
    ["host", { to: "2031-13-01" }, "there is no such date"],
    ["host", { to: "2031-01-31T25:00Z" }, "there is no such date"],
    ["host", { from: "2031-01-31", to: "2030-01-31" }, "it ends before it begins"],
    ["host", { from: "2026-01-01", to: "2026-01-31" }, "it ends in the past"],
    ["host", { from: "2020-01-01", valid: "5y" }, "it ends in the past"],
    ["host", { valid: "5y", to: "2031-01-31" }, "it is given with --valid-to"],
  ])("%s %j: %s", (kind, asked, problem) => {
    expect(() => read(kind, asked)).toThrow(
      expect.objectContaining({ code: "OFFLINE_CA_VALIDITY_INVALID", message: expect.stringContaining(problem) as unknown }),
    );
  });
});
