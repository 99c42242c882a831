import { describe } from "@jest/globals";
import type { PeopleGroup } from "../../../src/fleet/fleet.js";
import { peopleOf, ruleOf } from "./fleet-of.js";
import { check, type Parts } from "./told.js";

const [web, db] = [ruleOf("platform-web"), ruleOf("dba-db", { as: ["postgres-admin"] })];

describe("groups of people", () => {
  const infra = peopleOf("infra", "platform-team");
  const dba = peopleOf("dba");
  const people = (...groups: readonly PeopleGroup[]): Parts => ({ people: groups, access: [] });
  check([
    ["a new one", people(), people(peopleOf("sre")), ["+ the group sre of people is new"]],
    [
      "a new one with members",
      people(),
      people({ ...peopleOf("sre", "a", "b"), identityGroups: ["c"] }),
      ["+ the group sre of people is new: members of Vault's group c, the oidc group a and the oidc group b belong to it"],
    ],
    ["one that is gone", people(dba), people(), ["- the group dba of people is gone, and who was in it"]],
    [
      "members",
      people(peopleOf("dba", "a")),
      people(peopleOf("dba", "b")),
      ["- members of the oidc group a no longer belong to dba", "+ members of the oidc group b now belong to dba"],
    ],
    [
      "members with names that would move a terminal's cursor",
      people(peopleOf("dba")),
      people(peopleOf("dba", "a\u001b[2J")),
      [String.raw`+ members of the oidc group a\033[2J now belong to dba`],
    ],
    [
      "names that print alike are two",
      people(peopleOf("dba", "a\u001b")),
      people(peopleOf("dba", String.raw`a\033`)),
      [
        String.raw`- members of the oidc group a\033 no longer belong to dba`,
        String.raw`+ members of the oidc group a\033 now belong to dba`,
      ],
    ],
    [
      "another name, and the rule's too",
      { people: [peopleOf("platform", "platform-team")], access: [web] },
      { people: [infra], access: [{ ...web, name: "infra-web", who: "infra" }] },
      [
        "~ rule platform-web is now called infra-web",
        "~ the group platform of people is now called infra: people who were added to platform by name have to be added again",
      ],
    ],
    [
      "another name, and an account less",
      { people: [peopleOf("platform", "platform-team")], access: [web] },
      { people: [infra], access: [{ ...web, who: "infra", as: ["ops"] }] },
      [
        "- infra may no longer log in as deploy on web",
        "~ the group platform of people is now called infra: people who were added to platform by name have to be added again",
      ],
    ],
    [
      "no rename where two could be meant",
      people(peopleOf("platform", "platform-team")),
      people(infra, { ...infra, name: "ops" }),
      [
        "- the group platform of people is gone, and who was in it",
        "+ the group infra of people is new: members of the oidc group platform-team belong to it",
        "+ the group ops of people is new: members of the oidc group platform-team belong to it",
      ],
    ],
    [
      "no rename where Vault has the members, by the group's name",
      { people: [dba], access: [db] },
      { people: [peopleOf("interns")], access: [{ ...db, who: "interns" }] },
      [
        "- dba may no longer log in as postgres-admin on db",
        "- the group dba of people is gone, and who was in it",
        "+ interns may now log in as postgres-admin on db (rule dba-db): 1m, pty",
        "+ the group interns of people is new",
      ],
    ],
  ]);
});
