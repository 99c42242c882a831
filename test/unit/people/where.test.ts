/** Where somebody signs in: what was said for this call first, then the client file, then what they did before. */
import { describe, expect, test } from "@jest/globals";
import { whereToSignIn, type Remembered, type GivenPlace } from "../../../src/people/sign-in/where.js";
import type { FoundClientFile } from "../../../src/settings/client-file.js";

const nothing: GivenPlace = {
  address: undefined,
  addressSource: undefined,
  namespace: undefined,
  tls: {},
  method: undefined,
  mount: undefined,
  role: undefined,
  user: undefined,
};
const one = "https://one.example.org";
const two = "https://two.example.org";
const said = (more: Partial<GivenPlace>): GivenPlace => ({ ...nothing, ...more });
const file = (says: Partial<FoundClientFile["says"]>): FoundClientFile => ({
  file: "/etc/ssh-trust/client.yaml",
  says: { vault: one, ...says },
});
const before = (more: Partial<Remembered> = {}): Remembered => ({
  address: one,
  namespace: undefined,
  tls: { caCert: "/before.pem" },
  method: "ldap",
  mount: "ldap",
  user: "alice",
  role: undefined,
  ...more,
});

test("nothing says where: nowhere", () => {
  expect(whereToSignIn(nothing, undefined, [])).toBeUndefined();
});

test.each<[what: string, GivenPlace, FoundClientFile | undefined, Remembered[], address: string, source: string]>([
  ["what was said", said({ address: two, addressSource: "--vault" }), file({}), [before()], two, "--vault"],
  ["the client file", nothing, file({}), [before({ address: two })], one, "/etc/ssh-trust/client.yaml"],
  ["the last sign-in", nothing, undefined, [before({ address: two }), before()], two, "the last sign-in"],
])("the server: %s", (_, asked, clientFile, earlier, address, addressSource) => {
  expect(whereToSignIn(asked, clientFile, earlier)?.settings).toMatchObject({ address, addressSource, token: undefined });
});

describe("the way", () => {
  const ways = [
    { method: "oidc", mount: "company/oidc", role: "staff" },
    { method: "userpass", mount: "company/people" },
  ] as const;
  test.each<[what: string, GivenPlace, FoundClientFile | undefined, Remembered[], expected: object]>([
    [
      "nobody says one: ours with passwords",
      said({ address: one }),
      undefined,
      [],
      { method: "userpass", mount: "ssh-trust/people" },
    ],
    [
      "said, and usually mounted",
      said({ address: one, method: "oidc" }),
      undefined,
      [],
      { mount: "ssh-trust/oidc", role: "ssh-trust" },
    ],
    [
      "the first of the client file",
      nothing,
      file({ "sign-in": [...ways] }),
      [],
      { method: "oidc", mount: "company/oidc", role: "staff" },
    ],
    ["another of the client file", said({ method: "userpass" }), file({ "sign-in": [...ways] }), [], { mount: "company/people" }],
    ["a mount that is said", said({ mount: "x", method: "userpass" }), file({ "sign-in": [...ways] }), [], { mount: "x" }],
    ["as before, with the same name", nothing, undefined, [before()], { method: "ldap", mount: "ldap", user: "alice" }],
    [
      "another way than before: another name",
      said({ method: "userpass" }),
      undefined,
      [before()],
      { user: undefined, mount: "ssh-trust/people" },
    ],
    [
      "a client file for another server says nothing here",
      said({ address: two }),
      file({ "sign-in": [...ways] }),
      [],
      { method: "userpass" },
    ],
  ])("%s", (_, asked, clientFile, earlier, expected) => {
    expect(whereToSignIn(asked, clientFile, earlier)).toMatchObject(expected);
  });
});

describe("the CA", () => {
  test.each<[what: string, GivenPlace, FoundClientFile | undefined, Remembered[], tls: object]>([
    ["of the environment", said({ tls: { caCert: "/env.pem" } }), file({ ca: "PEM" }), [before()], { caCert: "/env.pem" }],
    ["of the client file", nothing, file({ ca: "PEM" }), [before()], { caText: "PEM" }],
    ["as before", nothing, undefined, [before()], { caCert: "/before.pem" }],
    ["of a client file for another server: not taken", said({ address: two }), file({ ca: "PEM" }), [], {}],
    ["of a sign-in elsewhere: not taken", said({ address: two }), undefined, [before()], {}],
  ])("%s", (_, asked, clientFile, earlier, tls) => {
    expect(whereToSignIn(asked, clientFile, earlier)?.settings.tls).toEqual(tls);
  });
});
