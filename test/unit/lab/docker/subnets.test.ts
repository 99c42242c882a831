import { expect, test } from "@jest/globals";
import { overlapping, ownInterfaces } from "../../../../lab/docker/subnets.js";

const on = (cidr: string) => [{ name: "eth0", cidr }];

test.each([
  ["the same", "10.203.113.0/24", "10.203.113.7/24"],
  ["a VPN that takes all of 10/8", "10.203.113.0/24", "10.0.0.5/8"],
  ["one inside it", "10.203.113.0/24", "10.203.113.129/30"],
  ["a single address of it", "10.203.113.0/24", "10.203.113.9/32"],
])("hidden: %s", (_what, subnet, cidr) => {
  expect(overlapping(subnet, on(cidr))).toEqual({ name: "eth0", cidr });
});

test.each([
  ["the next one", "10.203.113.0/24", "10.203.114.7/24"],
  ["a far one", "10.203.113.0/24", "192.168.1.10/24"],
  ["loopback", "10.203.113.0/24", "127.0.0.1/8"],
])("not hidden: %s", (_what, subnet, cidr) => {
  expect(overlapping(subnet, on(cidr))).toBeUndefined();
});

test("this machine is on loopback at least", () => {
  expect(overlapping("127.0.0.0/8", ownInterfaces())).toBeDefined();
});
