import { describe, expect, test } from "@jest/globals";
import { addressIn, nextAddress } from "../../../../lab/cloud/addresses.js";
import { checkedName } from "../../../../lab/cloud/naming.js";

const pool = { first: "10.203.113.20", last: "10.203.113.23" };

describe("the next address", () => {
  test.each([
    ["the first, where nobody has had any", [], [], "10.203.113.20"],
    ["none that is in use", ["10.203.113.20"], [], "10.203.113.21"],
    ["none that was just handed out, though it is free again", [], ["10.203.113.20"], "10.203.113.21"],
    [
      "the one that was handed out longest ago, where all were",
      [],
      ["10.203.113.21", "10.203.113.20", "10.203.113.23", "10.203.113.22"],
      "10.203.113.21",
    ],
    ["the only one left, however fresh", ["10.203.113.20", "10.203.113.21", "10.203.113.22"], ["10.203.113.23"], "10.203.113.23"],
    ["not put off by strangers' addresses", ["10.0.0.1"], ["192.0.2.1"], "10.203.113.20"],
  ])("%s", (_what, inUse, handedOut, expected) => {
    expect(nextAddress(pool, inUse, handedOut)).toBe(expected);
  });

  test("none, when all are in use", () => {
    const all = ["10.203.113.20", "10.203.113.21", "10.203.113.22", "10.203.113.23"];
    expect(() => nextAddress(pool, all)).toThrow(expect.objectContaining({ code: "ADDRESS_IN_USE" }));
  });
});

test.each(["10.203.113.19", "10.203.113.24", "10.203.113.020", "127.0.0.1", "8.8.8.8", "::1", "web", "", "10.203.113.20 "])(
  "%j is not an address of the pool",
  (text) => {
    expect(() => addressIn(pool, text)).toThrow(expect.objectContaining({ code: "ADDRESS_INVALID", exit: 2 }));
  },
);

test.each(["", "Web", "-web", "web-", "web.lab.test", "web,blue", "web web", "../web", "wéb", "w".repeat(33), "1web", "web\n"])(
  "%j cannot be a machine's name",
  (text) => {
    expect(() => checkedName(text, "machine")).toThrow(expect.objectContaining({ code: "MACHINE_NAME_INVALID", exit: 2 }));
  },
);

test.each(["web", "w", "web-2", "blue", "w".repeat(32)])("%j can", (text) => {
  expect(checkedName(text, "machine")).toBe(text);
});
