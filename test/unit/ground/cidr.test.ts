import { expect, test } from "@jest/globals";
import { problemOfCidr } from "../../../src/ground/cidr.js";

test.each([
  ["", "is not a range"],
  ["everywhere", "is not a range"],
  ["10.0.0.0/8,10.1.0.0/16", "is not a range"],
  ["10.0.0.0/8 ", "is not a range"],
  ["10.0.0/8", "is not a range"],
  ["010.0.0.0/8", "is not a range"],
  ["fe80::1%eth0/128", "is not a range"],
  ["10.0.0.5", 'did you mean "10.0.0.5/32"?'],
  ["2001:db8::1", 'did you mean "2001:db8::1/128"?'],
  ["10.0.0.0/33", "between 0 and 32"],
  ["10.0.0.0/08", "between 0 and 32"],
  ["2001:db8::/129", "between 0 and 128"],
  ["10.0.0.5/8", 'begins in the middle of its range; did you mean "10.0.0.5/32"?'],
  ["10.128.0.0/8", "begins in the middle"],
  ["2001:db8::1/64", "begins in the middle"],
  ["::ffff:10.0.0.0/104", "write it as IPv4"],
])("%j: %s", (text, problem) => {
  expect(problemOfCidr(text)).toContain(problem);
});

test.each([
  "10.0.0.0/8",
  "10.128.0.0/9",
  "192.0.2.1/32",
  "0.0.0.0/0",
  "2001:db8::/32",
  "::/0",
  "2001:db8::1/128",
  "fe80:0:0:1::/64",
])("%s is one", (text) => {
  expect(problemOfCidr(text)).toBeUndefined();
});
