/** The fleet file that the lab writes: what learners read first, and what their machines are certified by. */
import { describe, expect, test } from "@jest/globals";
import { fleetFileText } from "../../../../lab/fleet/file-text.js";
import { defaultLab, namesOf } from "../../../../lab/names.js";
import { hostRole, userRole } from "../../../../lab/roles.js";
import { account, domain } from "../../../../lab/story.js";
import { parseFleet } from "../../../../src/fleet/parse-fleet.js";
import { hostOf } from "../../../../src/host/host.js";

const vault = "http://localhost:8200";
const file = ".lab/ssh-trust.yaml";
const text = fleetFileText(namesOf(defaultLab), { vault, namespace: undefined }, file);
const fleet = parseFleet(text, file);

describe("is a fleet file without a mistake", () => {
  test("for the lab's own server", () => {
    expect(fleet).toMatchObject({ vault, namespace: undefined, domains: [domain] });
  });

  test("for another server, in a namespace", () => {
    const there = { vault: "https://vault.example.org", namespace: "team-a/lab" };
    expect(parseFleet(fleetFileText(namesOf("second"), there, file), file)).toMatchObject(there);
  });
});

test.each([
  ["web", "web", ["web", "www"]],
  ["blue", "web", ["blue", "www"]],
  ["green", "web", ["green", "www"]],
  ["web-2", "web", ["web-2", "www"]],
  ["db", "db", ["db"]],
  ["mallory", "guests", ["mallory"]],
  ["trudy", "guests", ["trudy"]],
  ["guest-1", "guests", ["guest-1"]],
])("the machine %s is of %s, with the names %j", (name, group, names) => {
  expect(hostOf(fleet, `${name}.${domain}`)).toMatchObject({
    group: { name: group },
    principals: names.map((each) => `${each}.${domain}`),
  });
});

test.each(["www", "idle", "laptop", "eve", "objects", "vault", "web-", "guest"])("%s is of no group", (name) => {
  expect(() => hostOf(fleet, `${name}.${domain}`)).toThrow();
});

test("nobody's rule lets anybody into a guest's machine", () => {
  expect(fleet.access.map(({ on }) => on).sort()).toEqual(["db", "web"]);
});

test("certificates end before a machine's token would, which is renewed at two thirds of their life", () => {
  for (const group of fleet.hosts) expect((group.for * 2) / 3).toBeLessThan(24 * 3600);
});

test("accounts are those that machines have", () => {
  expect(new Set(fleet.hosts.flatMap(({ accounts }) => accounts))).toEqual(new Set([account]));
});

test("its mounts are not the tutorial's: a role there could sign for any host", () => {
  expect(Object.values(fleet.mounts)).not.toContain(hostRole.mount);
  expect(Object.values(fleet.mounts)).not.toContain(userRole.mount);
});

test("it says how it is applied, for the lab that it was written in", () => {
  expect(text).toContain(`npx ssh-trust apply --file ${file} --plan`);
  expect(text).toMatch(/^# {3}npm run apply-fleet$/m);
  expect(fleetFileText(namesOf("second"), { vault, namespace: undefined }, file)).toMatch(
    /^# {3}SSH_TRUST_LAB=second npm run apply-fleet$/m,
  );
});
