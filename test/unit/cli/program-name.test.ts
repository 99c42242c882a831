import { expect, test } from "@jest/globals";
import { asTyped } from "../../../src/cli/program-name.js";

test.each([
  ["see: ssh-trust trace --help", "see: npx ssh-trust trace --help"],
  ["one (ssh-trust offline-ca list), or two", "one (npx ssh-trust offline-ca list), or two"],
  ["see: ssh-trust --help", "see: npx ssh-trust --help"],
  ["npx ssh-trust trace a; ssh-trust trace b", "npx ssh-trust trace a; npx ssh-trust trace b"],
])("in a checkout, %j is typed with npx", (text, typed) => {
  expect(asTyped(text)).toBe(typed);
  expect(asTyped(typed)).toBe(typed);
});

test.each([
  "ssh-trust: error: it went wrong",
  "the network ssh-trust needs the addresses 10.0.0.0/8",
  "bin/ssh-trust trace",
  "/etc/ssh/sshd_config.d/10-ssh-trust.conf",
  "ssh-trust-host once",
])("no call of the command: %j", (text) => {
  expect(asTyped(text)).toBe(text);
});
