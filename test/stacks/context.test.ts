/** What the stacks are handed: refused where it is wrong, and the tutorial's in cdktf.json. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { hostRole, userRole } from "../../lab/roles.js";
import { problemOf, type SshRole } from "../../src/roles.js";
import { cdktfJson } from "../../tools/cdktf-json.js";
import { root } from "../support/project.js";

/** As the roles of a fleet's hosts are: filled in by Vault with what it knows of the asker. */
const templated: SshRole = { ...hostRole, principals: ["{{identity.entity.aliases.accessor.metadata.role_name}}.lab.test"] };

test.each<[what: string, role: SshRole, problem: RegExp]>([
  ["no principal", { ...userRole, principals: [] }, /names no principal/],
  ["everybody", { ...userRole, principals: ["*"] }, /"\*" is not one principal/],
  ["two principals in one", { ...userRole, principals: ["alice,root"] }, /not one principal/],
  ["two principals for users", { ...userRole, principals: ["alice", "root"] }, /has one principal/],
  ["a wildcard for hosts", { ...hostRole, principals: ["*.lab.test"] }, /not one principal/],
  ["an empty name", { ...hostRole, principals: [""] }, /not one principal/],
  ["a template with more around it", { ...templated, principals: ["*.{{identity.entity.name}}"] }, /not one principal/],
  ["an unfinished template", { ...templated, principals: ["{{identity.entity"] }, /not one principal/],
  ["extensions for hosts", { ...hostRole, extensions: { "permit-pty": "" } }, /no extensions/],
  ["no life", { ...userRole, ttl: 0 }, /ttl and maxTtl/],
  ["a negative life", { ...userRole, ttl: -1 }, /ttl and maxTtl/],
  ["half a second", { ...userRole, ttl: 0.5 }, /ttl and maxTtl/],
  ["a usual life over the longest", { ...userRole, ttl: 7200, maxTtl: 3600 }, /ttl and maxTtl/],
])("a role is refused for %s", (_what, role, problem) => {
  expect(problemOf(role)).toMatch(problem);
});

test.each([hostRole, templated, userRole])("$name is none of these", (role) => {
  expect(problemOf(role)).toBeUndefined();
});

test("cdktf.json holds the tutorial's roles, as npm run docs writes them", async () => {
  expect(await readFile(join(root, "cdktf.json"), "utf8")).toBe(cdktfJson());
});
