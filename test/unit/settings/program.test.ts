/** What the program is called where it is told what to type: by data, never by looking for it in a text. */
import { describe, expect, test } from "@jest/globals";
import { docsPage, hintText, typed, vaultCall, verb } from "../../../src/errors/hint.js";
import { programName } from "../../../src/settings/program.js";

test.each([
  ["exec", "npx ssh-trust"],
  ["run-script", "ssh-trust"],
  [undefined, "ssh-trust"],
])("npm's command %s: %s", (command, name) => {
  expect(programName({ npm_command: command })).toBe(name);
});

describe("a verb is worded by the face that shows it", () => {
  const hint = [
    { say: "see", run: verb("trace --help") },
    { say: "or", run: "man ssh" },
  ];
  test.each([
    ["ssh-trust", "see: ssh-trust trace --help; or: man ssh"],
    ["npx ssh-trust", "see: npx ssh-trust trace --help; or: man ssh"],
  ])("called %s", (program, text) => {
    expect(hintText(hint, (run) => typed(run, program))).toBe(text);
  });
});

test("a page of the docs is opened where they are; a call of Vault's own command stays as it is", () => {
  const hint = [
    { say: "read", run: docsPage("fleet.md") },
    { say: "", run: vaultCall("vault auth list") },
  ];
  const shown = hintText(hint, (run) => typed(run, "npx ssh-trust", "node_modules/ssh-trust/docs"));
  expect(shown).toBe("read: less node_modules/ssh-trust/docs/fleet.md; vault auth list");
});

test.each([
  "ssh-trust: error: it went wrong",
  "the network ssh-trust needs the addresses 10.0.0.0/8",
  "bin/ssh-trust trace",
  "/etc/ssh/sshd_config.d/10-ssh-trust.conf",
  "ssh-trust-host once",
  "(ssh-trust offline-ca list)",
])("what is said stays as it is, whatever is in it: %j", (text) => {
  expect(hintText([{ say: text }], (run) => typed(run, "npx ssh-trust"))).toBe(text);
});
