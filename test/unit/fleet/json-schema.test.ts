/** The JSON schema: what an editor says of a file, and that it says no less than there is. */
import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { fleetJsonSchema } from "../../../src/fleet/json-schema.js";
import { parseFleet } from "../../../src/fleet/parse-fleet.js";
import { fleetTemplate } from "../../../src/fleet/template.js";
import { schemaLine } from "../../../src/fleet/write-schema.js";
import { changed } from "./fleet-file.js";
import { keysOf } from "./schema-keys.js";

const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(fleetJsonSchema());
const takes = (text: string) => validate(parse(text));

test.each([
  ["the tests' file", changed()],
  ["what init writes", fleetTemplate({ vault: "https://vault.example.org", domains: ["example.org"] })],
  ["the smallest one", "vault: https://v\ndomains: a\nhosts: { web: { names: w.a, accounts: a } }"],
  ["groups of nobody", changed({ 8: "  dba:" })],
  [
    "all ways to sign in",
    changed({
      14: "  userpass:\n  ldap: { existing: ldap }\n  jwt: { issuer: https://i, audience: a, claims: { a: [b, c], d: e } }",
    }),
  ],
  ["a backend", changed({ 14: "state: { s3: { bucket: b, use_lockfile: true, max_retries: 3 } }" })],
  ["a setting with parts", changed({ 14: "state: { s3: { endpoints: { s3: https://s3.example.org } } }" })],
])("it takes %s, as ssh-trust does", (_what, text) => {
  expect(parseFleet(text, "f")).toBeDefined();
  expect({ taken: takes(text), errors: validate.errors }).toEqual({ taken: true, errors: null });
});

describe("it refuses", () => {
  test.each<[what: string, changes: Record<number, string>]>([
    ["an unknown key", { 14: "colour: red" }],
    ["an unknown key of a group", { 4: "  web: { names: web-*.example.org, accounts: [deploy, ops], port: 22 }" }],
    ["an unknown key of a rule", { 10: "  - { name: a, who: platform, on: web, as: deploy, until: 1h }" }],
    ["an unknown way to sign in", { 13: "  saml: {}" }],
    ["an unknown key of a way to sign in", { 13: "  oidc: { issuer: https://i, client-id: a, x: y }" }],
    ["keys beside existing", { 13: "  oidc: { existing: oidc, issuer: https://i }" }],
    ["a missing key", { 4: "  web: { names: web-*.example.org }" }],
    ["a missing section", { 2: "" }],
    ["a duration without a unit", { 14: "session: 60" }],
    ["the same in quotes", { 14: "session: '60'" }],
    ["an empty duration", { 14: "session: ''" }],
    ["a name of a group that cannot be", { 8: "  d_b: {}" }],
    ["a wildcard for an account", { 4: "  web: { names: web-*.example.org, accounts: ['*'] }" }],
    ["an unknown permission", { 10: "  - { name: a, who: platform, on: web, as: deploy, with: [everything] }" }],
    ["an empty list", { 10: "  - { name: a, who: platform, on: web, as: [] }" }],
    ["an address with a path", { 1: "vault: https://vault.example.org/ui" }],
    ["two backends", { 14: "state: { s3: {}, local: {} }" }],
    ["no backend", { 14: "state: {}" }],
    ["LDAP in the clear", { 13: "  ldap: { url: ldap://l, user-dn: a, group-dn: b }" }],
    ["half a request", { 14: "limits: { sign: 0.5 }" }],
  ])("%s", (_what, changes) => {
    expect(takes(changed(changes))).toBe(false);
  });
});

test("every key says what it is for", () => {
  const keys = keysOf(fleetJsonSchema());
  expect(keys.length).toBeGreaterThan(50);
  const silent = keys.filter(([path, { description = "" }]) => !path.startsWith("state.") && description === "");
  expect(silent.map(([path]) => path)).toEqual([]);
});

test("it is of a draft that editors read, and has a title", () => {
  expect(fleetJsonSchema()).toMatchObject({ $schema: "http://json-schema.org/draft-07/schema#", title: "ssh-trust.yaml" });
});

describe("what init writes", () => {
  const text = fleetTemplate({ vault: "https://vault.example.org:8200", domains: ["example.org", "example.net"] });

  test("has every key, in use or in a comment, with its default", () => {
    const missing = keysOf(fleetJsonSchema()).flatMap(([path, schema]) => {
      const key = path.split(".").at(-1) ?? "";
      if (path.startsWith("state.")) return [];
      if (path === "sign-in.ldap.group-filter") return text.includes("group-filter: ") ? [] : [path]; // too long for a line
      return new RegExp(`(^|[\\s{])${key}:`, "m").test(text) ? valueMissing(path, key, schema.default) : [path];
    });
    expect(missing).toEqual([]);
  });

  /** Maps are said by their keys, and empty ones and lists by their absence. */
  function valueMissing(path: string, key: string, value: unknown): string[] {
    const list = Array.isArray(value) ? value.join(", ") : undefined;
    if (value === undefined || list === "" || (list === undefined && typeof value === "object")) return [];
    const shown = list === undefined ? JSON.stringify(value) : `[${list}]`;
    const said = [shown, shown.replace(/^"(.*)"$/, "$1")].some((each) => text.includes(`${key}: ${each}`));
    return said ? [] : [`${path}: ${shown}`];
  }

  test("is a fleet file as it is", () => {
    expect(parseFleet(text, "f")).toMatchObject({
      vault: "https://vault.example.org:8200",
      domains: ["example.org", "example.net"],
      hosts: [{ name: "web", names: ["web-*.example.org"], accounts: ["deploy"] }],
      people: [{ name: "admins", members: [], identityGroups: [] }],
      access: [{ name: "admins-web", who: "admins", on: "web", as: ["deploy"] }],
    });
  });

  test("and with all that stands in comments", () => {
    const used = text
      .replace(schemaLine, "")
      .replaceAll(/^(\s*)# (\s*[a-z0-9-]+:.*)$/gm, "$1$2")
      .replace("with: [pty]", "with: [pty, agent-forwarding]");
    expect(used).not.toBe(text);
    expect(parseFleet(used, "f")).toMatchObject({
      namespace: "team-a",
      access: [{ forwardTo: ["web"], reserve: 3600 }],
      state: { backend: "s3" },
    });
    expect(parseFleet(used, "f").signIn.map(({ method }) => method)).toEqual(["userpass", "oidc", "jwt", "ldap"]);
  });

  test("has the defaults in its comments: used, they change nothing", () => {
    const defaults = /^(\s*)# ((?:for|with|session|mounts|limits): .*)$/gm;
    expect(parseFleet(text.replaceAll(defaults, "$1$2"), "f")).toEqual(parseFleet(text, "f"));
  });

  test.each(["null", "true", "1e3", "0x1f", "test"])("for a domain called %s", (domain) => {
    expect(parseFleet(fleetTemplate({ vault: "http://127.0.0.1:8200", domains: [domain] }), "f").domains).toEqual([domain]);
  });

  test("fits a screen's width", () => {
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });
});
