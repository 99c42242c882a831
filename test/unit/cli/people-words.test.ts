/** What is said of people who were invited and removed. */
import { describe, expect, test } from "@jest/globals";
import {
  describeInvited,
  describeRemoval,
  describeRemoved,
  describeReset,
  type InvitedTo,
} from "../../../src/cli/verbs/people/describe.js";
import type { StoredFleet } from "../../../src/fleet/stored.js";
import type { RemovedPerson } from "../../../src/people/register/remove.js";
import { wrap } from "../../../src/terminal/wrap.js";
import { fleetOf, ruleOf } from "../fleet/fleet-of.js";

const secret = "hvs.wrapping";
const invited = (more: Partial<InvitedTo> = {}): string =>
  describeInvited({
    verb: "add",
    name: "alice",
    groups: ["platform"],
    out: undefined,
    invitation: {
      ...{ vault: "https://v", namespace: undefined, mount: "ssh-trust/people", user: "alice", token: secret, ca: [] },
      ...{ until: new Date("2026-11-28T12:00:00Z"), serverName: undefined },
    },
    asked: "https://v",
    ...more,
  })
    .map((line) => wrap(line, undefined))
    .join("\n");

describe("an invitation", () => {
  test.each<[what: string, more: Partial<InvitedTo>, said: string]>([
    ["one group", {}, "alice is invited, to the group platform; the invitation can be used once, until 2026-11-28 12:00:00 UTC"],
    ["two groups", { groups: ["platform", "dba"] }, "to the groups platform, dba;"],
    ["a file with a blank", { out: "for alice" }, "login --invitation 'for alice'"],
    ["another way to Vault", { asked: "https://10.0.0.1" }, "the invitation has the fleet's address of Vault, https://v"],
    ["a reset", { verb: "reset", groups: [] }, "alice is invited again; the invitation can be used once"],
    ["a reset, with a group", { verb: "reset", groups: ["dba"] }, "alice is invited again, and in the group dba, too;"],
  ])("%s", (_what, more, said) => {
    expect(invited(more)).toContain(said);
    expect(invited(more)).not.toContain(secret);
  });
});

describe("before anything is changed", () => {
  test.each<[what: string, said: readonly string[], words: string]>([
    ["a reset", describeReset("alice", ["platform"], []), "alice stays in the group platform"],
    ["a reset that adds a group", describeReset("alice", ["platform"], ["dba"]), "alice is then in the groups platform, dba"],
    ["a reset that adds none", describeReset("alice", ["dba"], ["dba"]), "alice stays in the group dba"],
    ["a reset of somebody in no group", describeReset("alice", [], []), "alice stays in no group"],
    [
      "a removal",
      describeRemoval({ name: "alice", method: "userpass", groups: ["dba"], alsoAt: [], isKept: false }),
      "the name is free again",
    ],
    [
      "a removal of somebody who signs in elsewhere",
      describeRemoval({ name: "alice", method: "userpass", groups: [], alsoAt: ["auth/oidc"], isKept: true }),
      "end at once, those at auth/oidc too, and nothing more is signed\nalice is disabled in Vault, and kept there",
    ],
    [
      "a removal of a name that a provider chose",
      describeRemoval({ name: "a\u001b[2J", method: "oidc", groups: [], alsoAt: [], isKept: true }),
      "a\\033[2J signs in with oidc, and is in no group",
    ],
  ])("%s", (_what, said, words) => {
    expect(said.join("\n")).toContain(words);
  });
});

describe("a removal", () => {
  const rules = [ruleOf("platform-web", { who: "platform", for: 60 }), ruleOf("dba-db", { who: "dba", for: 60, reserve: 3600 })];
  const stored = { fleet: fleetOf({ access: rules }) } as unknown as StoredFleet;
  const said = (more: Partial<RemovedPerson>, of = stored): string =>
    describeRemoved(
      { name: "alice", method: "userpass", groups: ["platform"], kept: undefined, alsoAt: [], ...more },
      of,
      new Date("2026-11-28T12:00:00Z"),
    )
      .map((line) => wrap(line, undefined))
      .join("\n");

  test.each<[what: string, more: Partial<RemovedPerson>, words: string]>([
    ["the rule's time", {}, "is accepted for 1m at most, until 2026-11-28 12:01:00 UTC"],
    [
      "the reserve, where it is longer",
      { groups: ["platform", "dba"] },
      "is accepted for 1h at most, until 2026-11-28 13:00:00 UTC",
    ],
    ["the longest, where nobody knows the groups any more", { groups: [] }, "is accepted for 1h at most"],
    ["open sessions", {}, "open sessions continue"],
    ["the name", {}, "the name alice is free"],
    ["somebody who is kept", { method: "oidc", kept: "id-1" }, "  vault write identity/entity/id/id-1 disabled=false"],
    [
      "somebody who signs in elsewhere",
      { kept: "id-1", alsoAt: ["auth/oidc"] },
      "without that, a sign-in at auth/oidc would let",
    ],
    [
      "somebody of a provider, with a password",
      { method: "oidc", kept: "i", alsoAt: ["auth/p"] },
      "signs in at auth/p, and is refused",
    ],
    [
      "a name that a provider chose",
      { method: "oidc", kept: "i", name: "a\u001b[2J" },
      "a\\033[2J can no longer have anything signed",
    ],
  ])("%s", (_what, more, words) => {
    expect(said(more)).toContain(words);
  });

  test("a fleet without rules", () => {
    expect(said({}, { fleet: fleetOf({ access: [] }) } as unknown as StoredFleet)).toContain("no rule had anything signed");
  });
});
