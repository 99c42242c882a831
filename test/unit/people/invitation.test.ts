/** What an invitation may say: it comes by mail or chat, from anybody. */
import { describe, expect, test } from "@jest/globals";
import { invitationText, readInvitation, type Invitation } from "../../../src/people/invitation.js";

const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const invitation: Invitation = {
  vault: "https://vault.example.org:8200",
  namespace: undefined,
  mount: "ssh-trust/people",
  user: "alice",
  until: new Date("2026-11-28T12:00:00.000Z"),
  token: "hvs.wrapping",
  ca: [],
  serverName: undefined,
};
const data = (more: object = {}) => ({ ...(JSON.parse(invitationText(invitation)) as object), ...more });

test.each<[what: string, more: Partial<Invitation>]>([
  ["the least", {}],
  ["a namespace", { namespace: "team/a" }],
  ["CAs, and the name in Vault's certificate", { ca: [pem, pem], serverName: "vault.private" }],
  ["a server on this machine", { vault: "http://127.0.0.1:8200" }],
])("%s: it is read as it was written", (_what, more) => {
  const text = invitationText({ ...invitation, ...more });
  expect(readInvitation(text)).toEqual({ ...invitation, ...more });
  expect(text).toMatch(/^\{\n[\s\S]*\n\}\n$/);
});

test("blanks and line breaks around it, as mail adds them, do no harm", () => {
  expect(readInvitation(`\r\n  ${invitationText(invitation).replaceAll("\n", "\r\n")}\r\n\r\n`)).toEqual(invitation);
});

describe("refused, and why", () => {
  test.each<[what: string, text: string, problem: string]>([
    ["nothing", "", "it is not JSON"],
    ["a part of it", invitationText(invitation).slice(0, -4), "it is not JSON"],
    ["a token alone", "hvs.wrapping", "it is not JSON"],
    ["null", "null", 'it has no "ssh-trust-invitation"'],
    ["a list", "[]", 'it has no "ssh-trust-invitation"'],
    ["other JSON", '{ "token": "hvs.wrapping" }', 'it has no "ssh-trust-invitation"'],
    ["two megabytes", `"${"x".repeat(2_000_000)}"`, "it is too long"],
  ])("%s", (_what, text, problem) => {
    expect(() => readInvitation(text)).toThrow(
      expect.objectContaining({ code: "INVITATION_INVALID", message: expect.stringContaining(problem) }),
    );
  });

  test.each<[what: string, more: Readonly<Record<string, unknown>>, problem: string]>([
    ["a later version", { "ssh-trust-invitation": 2 }, "it is of version 2, and this ssh-trust reads version 1"],
    ["a version in words", { "ssh-trust-invitation": "one" }, "is not a version"],
    ["a key of a later version", { once: true }, "once"],
    ["a server in the clear", { vault: "http://vault.example.org:8200" }, "vault: it is not https"],
    ["a password in the address", { vault: "https://a:b@vault.example.org" }, "vault: it holds a name or a password"],
    ["no address", { vault: "file:///etc/passwd" }, "vault: it is not an address"],
    ["a mount elsewhere", { mount: "../../sys/raw" }, "mount: it is not a path"],
    ["a mount with a question", { mount: "userpass?x=1" }, "mount: it is not a path"],
    ["a namespace elsewhere", { namespace: "../a" }, "namespace: it is not a namespace"],
    ["a person with a path", { user: "alice/../bob" }, "user: it has other characters"],
    ["a person in capitals", { user: "Alice" }, "user: it has capital letters"],
    ["a time without a zone", { until: "2026-11-28T12:00:00" }, "until: "],
    ["a token with a line break", { token: "hvs.a\r\nX-Vault-Token: b" }, "token: "],
    ["no token", { token: undefined }, "token: "],
    ["a key for a certificate", { ca: ["-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] }, "ca.0: "],
    ["more beside a certificate", { ca: [`${pem}key`] }, "ca.0: "],
    ["a server name that is none", { "server-name": "a b" }, "server-name: "],
  ])("%s", (_what, more, problem) => {
    expect(() => readInvitation(JSON.stringify(data(more)))).toThrow(
      expect.objectContaining({ code: "INVITATION_INVALID", message: expect.stringContaining(problem) }),
    );
  });

  test("what it says is made visible, and its token is never shown", () => {
    const text = JSON.stringify(data({ "\u001b[2J": 1, token: "hvs.a b" }));
    const said = (() => {
      try {
        return JSON.stringify(readInvitation(text));
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(said).toBe("this is not an invitation that can be used: token: holds characters that a header cannot have");
    const odd = JSON.stringify(data({ "\u001b[2J": 1 }));
    expect(() => readInvitation(odd)).toThrow(expect.objectContaining({ message: expect.stringContaining("\\033[2J") }));
  });
});
