/** Names, passwords and tokens, as they are sent and as they are told. */
import { expect, test } from "@jest/globals";
import { codeAsSent, problemOfCode } from "../../../src/people/sign-in/code.js";
import { describeJwt } from "../../../src/people/sign-in/describe-jwt.js";
import { passwordAsSent, userName } from "../../../src/people/sign-in/methods.js";
import { problemOfNewPassword } from "../../../src/people/sign-in/new-password.js";
import { queryOf } from "../../../src/people/sign-in/browser.js";
import { secondsToNextCode } from "../../../src/people/sign-in/refusals.js";

test.each<[text: string, name: string | undefined]>([
  ["alice", "alice"],
  [" Alice ", "alice"],
  ["JÖRG", "jörg"],
  ["jo\u0308rg", "jörg"],
  ["alice@example.org", "alice@example.org"],
  ["", undefined],
  ["  ", undefined],
  ["a b", undefined],
  ["a/b", undefined],
  ["a\nb", undefined],
  ["a\u200bb", undefined],
  ["x".repeat(256), undefined],
])("the name %j is sent as %j", (text, name) => {
  expect(userName(text)).toBe(name);
});

test.each<[password: string, problem: RegExp | undefined]>([
  ["correct horse", undefined],
  ["12345678", undefined],
  ["😀😀😀😀😀😀😀😀", undefined],
  ["1234567", /fewer than 8/],
  ["😀😀😀😀", /fewer than 8/],
  ["x".repeat(72), undefined],
  ["x".repeat(73), /longer than 72 bytes/],
  ["ä".repeat(37), /longer than 72 bytes/],
  ["one\ntwo three", /line break/],
  ["i am ALICE!", /user's name/],
])("a new password %j", (password, problem) => {
  const found = problemOfNewPassword(passwordAsSent(password), "alice");
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(problem);
});

const jwt = (claims: unknown) => `x.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.secret-signature`;
const now = new Date("2026-11-28T10:00:00Z");
test.each<[what: string, token: string, shown: string]>([
  [
    "all of it",
    jwt({ iss: "https://ci", sub: "repo", aud: ["a", "b"], exp: 1_795_860_000 }),
    "the token is by https://ci, about repo, for a, b, valid until 2026-11-28 10:00:00 UTC",
  ],
  ["expired", jwt({ exp: 1_795_859_999 }), "the token is expired 2026-11-28 09:59:59 UTC"],
  ["a time that is none", jwt({ exp: 1e300, aud: "a" }), "the token is for a"],
  ["nothing that is known", jwt({ x: 1 }), ""],
  ["no claims", jwt([1]), ""],
  ["no token", "hello", ""],
  ["a claim that would move the cursor", jwt({ sub: "\u001b[2Jx" }), "the token is about \\x1b[2Jx"],
])("a token's claims: %s", (_, token, shown) => {
  const told = describeJwt(token, now);
  expect(told).not.toContain("\u001b");
  expect(told).not.toContain("secret-signature");
  if (shown.includes("\\x1b")) expect(told).toContain("[2Jx");
  else expect(told).toBe(shown);
});

test.each([
  ["http://localhost:8250/oidc/callback?state=s&code=c", "s"],
  ["state=s&code=c", "s"],
  [" http://localhost:8250/oidc/callback?code=c&state=s%20t \n", "s t"],
  ["", null],
])("the state of %j", (pasted, state) => {
  expect(queryOf(pasted).get("state")).toBe(state);
});

test.each<[text: string, sent: string]>([
  ["123 456", "123456"],
  [" 123\u00a0456\t", "123456"],
  ["\u200e123456\ufeff", "123456"],
  ["1234 5678", "12345678"],
])("the code %j is sent as %j", (text, sent) => {
  expect(codeAsSent(text)).toBe(sent);
});

test.each<[code: string, type: string | undefined, isFit: boolean]>([
  ["", "totp", false],
  ["12345", "totp", false],
  ["1234567", "totp", false],
  ["123456789", "totp", false],
  ["abcdef", "totp", false],
  ["12345a", "totp", false],
  ["123-456", "totp", false],
  ["١٢٣٤٥٦", "totp", false],
  ["123456", "totp", true],
  ["12345678", "totp", true],
  ["", undefined, false],
  ["12345", undefined, false],
  ["secret", undefined, true], // other kinds of second factors may have such
  ["123456", undefined, true],
  ["1234567", undefined, true], // Duo has such
  ["", "duo", false],
  ["1234567", "duo", true],
])("the code %j of %s: %s", (code, type, isFit) => {
  const problem = problemOfCode(code, type);
  if (isFit) expect(problem).toBeUndefined();
  else expect(problem).toMatch(/6 digits|nothing was typed/);
});

test("how long a code is shown", () => {
  expect([0, 1, 29, 30].map((second) => secondsToNextCode(new Date(second * 1000)))).toEqual([30, 29, 1, 30]);
});
