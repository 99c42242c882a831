import { describe, expect, test } from "@jest/globals";
import { addressesIn, clientAddress, networkOf } from "../../../../src/directory/http/client-address.js";

const isProxy = addressesIn(["10.0.0.7/32", "10.0.0.8/32", "fd00::7/128"]);

describe("a trusted proxy that does not say for whom it asks: nobody is known", () => {
  test.each([
    ["no header", undefined],
    ["an empty one", ""],
    ["only commas", ",,"],
    ["a word", "unknown"],
    ["garbage", "garbage"],
    ["a name", "client.example.org"],
    ["a port that is none", "203.0.113.9:x"],
    ["an address that is none", "203.0.113.999"],
    ["an open bracket", "[2001:db8::1"],
    ["its last word is unusable", "192.0.2.1, unknown"],
    ["its last word is empty", "192.0.2.1,"],
    ["itself", "10.0.0.7"],
    ["another proxy that says nothing", "10.0.0.8"],
    ["another proxy that says nothing usable", "192.0.2.1, _hidden, 10.0.0.8"],
    ["another proxy, with a port", "10.0.0.8:443"],
    ["another proxy as an IPv6 socket has it", "::ffff:10.0.0.8"],
  ])("%s", (_, forwarded) => {
    expect(clientAddress("10.0.0.7", forwarded, isProxy)).toBeUndefined();
  });
});

test.each([
  ["nobody else is believed", "192.0.2.1", "10.20.0.1", "192.0.2.1"],
  ["no proxy", "192.0.2.1", undefined, "192.0.2.1"],
  ["by one proxy", "10.0.0.7", "192.0.2.1", "192.0.2.1"],
  ["its last word", "10.0.0.7", "10.20.0.1, 192.0.2.1", "192.0.2.1"],
  ["by two", "10.0.0.7", "10.20.0.1, 192.0.2.1, 10.0.0.8", "192.0.2.1"],
  ["with a port", "10.0.0.7", "203.0.113.9:51234", "203.0.113.9"],
  ["IPv6", "fd00::7", "2001:db8::1", "2001:db8::1"],
  ["IPv6 in brackets", "fd00::7", "[2001:db8::1]", "2001:db8::1"],
  ["IPv6 with a port", "fd00::7", "[2001:db8::1]:51234", "2001:db8::1"],
  ["IPv4 over IPv6", "::ffff:10.0.0.7", "[::ffff:192.0.2.1]:80", "192.0.2.1"],
])("%s", (_, peer, forwarded, client) => {
  expect(clientAddress(peer, forwarded, isProxy)).toBe(client);
});

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["behind 10.0.0.7", "behind 10.0.0.7"],
  ["behind fd00::7", "behind fd00::7"],
])("%s is counted as %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
