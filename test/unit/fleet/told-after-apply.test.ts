/** What is told of an apply beside its plan: limits that it may not make, who may still log in, and what comes next. */
import { describe, expect, test } from "@jest/globals";
import { describeChangedPolicies } from "../../../src/fleet/changed-policies.js";
import { describeLeaving } from "../../../src/fleet/leavers.js";
import { describeLimitsElsewhere } from "../../../src/fleet/limits-elsewhere.js";
import type { Fleet, HostGroup } from "../../../src/fleet/fleet.js";
import { describeNextSteps } from "../../../src/fleet/next-steps.js";
import { fleetOf, hostsOf, peopleOf, ruleOf, small } from "./fleet-of.js";

describe("limits that the operator of a namespace may not make", () => {
  test("outside of one, nothing is told", () => {
    expect(describeLimitsElsewhere(small, "export VAULT_ADDR=https://v")).toEqual([]);
  });

  test("in one, each is a command, after the server that it goes to", () => {
    const [what, ...commands] = describeLimitsElsewhere(fleetOf({ namespace: "a/b" }), "export VAULT_ADDR=https://v");
    expect(what).toContain("an operator of it can make them");
    expect(commands[0]).toBe("  export VAULT_ADDR=https://v");
    expect(commands[1]).toBe(
      "  vault write -namespace= sys/quotas/rate-limit/a.b.ssh-trust-limit-auth.ssh-trust.hosts.example.org path=a/b/auth/ssh-trust/hosts/example.org/ rate=5 interval=1s",
    );
    expect(describeLimitsElsewhere(fleetOf({ namespace: "a/b" }), undefined)).toEqual([what, ...commands.slice(1)]);
  });
});

test("who may still log in is told where anybody may", () => {
  expect(describeLeaving(fleetOf({ access: [] }), undefined)).toEqual([]);
  expect(describeLeaving(fleetOf({ access: [ruleOf("dba-db")] }), undefined)).toEqual([
    "somebody who leaves a group of people, or loses a rule, may still log in for, at most:",
    "  dba-db: 1m",
    "  sessions that are open outlive a removal: they are ended on the hosts",
  ]);
});

describe("what comes after a first apply", () => {
  const verbs = { add: "ssh-trust host add", template: "ssh-trust host template", invite: "ssh-trust people add" };

  test("machines that enrol themselves are started, and not added", () => {
    const jwt = { mount: "k8s", claim: "host", audience: "vault", claims: {} };
    const told = (...hosts: readonly HostGroup[]) => describeNextSteps(fleetOf({ hosts, people: nobody }), verbs);
    const start = "  start machines of pods with what they enrol themselves by: ssh-trust host template";
    expect(told(hostsOf("web"), hostsOf("pods", { jwt }))).toEqual([
      "next:",
      "  give each host of web an identity: ssh-trust host add",
      start,
    ]);
    expect(told(hostsOf("pods", { jwt }))).toEqual(["next:", start]);
  });

  const nobody = [peopleOf("platform", "platform-team")];
  const { signIn } = small;
  test.each([
    ["people whom a provider lists sign in already", { people: nobody }, "web and db", undefined],
    ["no passwords", { signIn: signIn.filter(({ method }) => method !== "userpass") }, "web and db", undefined],
    ["somebody else's passwords", { signIn: [{ method: "userpass", ours: false, path: "p" } as const] }, "web and db", undefined],
    ["people whom Vault lists", {}, "web and db", "dba"],
    ["many groups", { hosts: ["a", "b", "c", "d"].map((name) => hostsOf(name)) }, "a, b, c and the others", "dba"],
  ])("%s", (_what, more, hosts, people) => {
    expect(describeNextSteps(fleetOf(more), verbs)).toEqual([
      "next:",
      `  give each host of ${hosts} an identity: ssh-trust host add`,
      ...(people === undefined ? [] : [`  invite people of ${people}: ssh-trust people add`]),
    ]);
  });
});

describe("policies that have to be written again", () => {
  const jwt = { mount: "k8s", claim: "host", audience: "vault", claims: {} };
  const { hosts, signIn } = small;
  const pods = hostsOf("pods", { jwt });
  const told = (before: Partial<Fleet>, after: Partial<Fleet>) =>
    describeChangedPolicies(fleetOf(before), fleetOf(after), prints);
  const prints = { operator: "print operator", registrar: "print registrar", people: "print people registrar" };
  const lines = (whose: string, which: string) => [
    `the ${whose}'s policy has changed${which}. Write it to Vault again, if that is not done yet:`,
    `  print ${whose}`,
  ];

  test.each<[what: string, before: Partial<Fleet>, after: Partial<Fleet>]>([
    ["nothing", {}, {}],
    [
      "the order",
      { domains: ["a.org", "b.org"] },
      { domains: ["b.org", "a.org"], hosts: [...hosts].reverse(), signIn: [...signIn].reverse() },
    ],
    [
      "rules, and what a group of people is fed by",
      {},
      { access: [], people: small.people.map(({ name }) => peopleOf(name, `${name}-team`)) },
    ],
    [
      "what a group's hosts are called, and how long they are certified",
      {},
      { hosts: [hostsOf("web", { also: ["www.example.org"], for: 3600 }), hostsOf("db")] },
    ],
    ["which tokens are good", { hosts: [pods] }, { hosts: [hostsOf("pods", { jwt: { ...jwt, audience: "other" } })] }],
    ["a domain without hosts", {}, { domains: ["example.org", "example.net"] }],
  ])("%s: none", (_what, before, after) => {
    expect(told(before, after)).toEqual([]);
  });

  test.each<[what: string, before: Partial<Fleet>, after: Partial<Fleet>, said: readonly string[]]>([
    ["a group", {}, { hosts: [...hosts, hostsOf("app")] }, lines("registrar", " (new: the group app of hosts)")],
    [
      "a group with tokens, of another domain",
      {},
      { domains: ["example.org", "example.net"], hosts: [...hosts, { ...pods, domain: "example.net" }] },
      [
        ...lines("operator", " (new: the tokens of auth/k8s for pods)"),
        ...lines("registrar", " (new: the domain example.net and the group pods of hosts)"),
      ],
    ],
    [
      "a group renamed",
      {},
      { hosts: [hostsOf("front"), hostsOf("db")] },
      lines("registrar", " (new: the group front of hosts; gone: the group web of hosts)"),
    ],
    [
      "tokens taken away",
      { hosts: [pods] },
      { hosts: [hostsOf("pods")] },
      lines("operator", " (gone: the tokens of auth/k8s for pods)"),
    ],
    [
      "a group of people",
      {},
      { people: [...small.people.slice(1), peopleOf("other")] },
      lines("people registrar", ` (new: the group other of people; gone: the group ${small.people[0]?.name ?? ""} of people)`),
    ],
    [
      "passwords that are no longer ours",
      {},
      { signIn: signIn.filter(({ method }) => method !== "userpass") },
      [
        ...lines("operator", " (gone: sign-in at auth/userpass)"),
        ...lines("people registrar", " (gone: sign-in at auth/userpass)"),
      ],
    ],
    ["a way to sign in", {}, { signIn: signIn.slice(1) }, lines("operator", " (gone: sign-in at auth/oidc)")],
    [
      "a group that goes to another domain of the fleet",
      { domains: ["example.org", "example.net"], hosts: [...hosts, hostsOf("edge", { domain: "example.net" })] },
      {
        domains: ["example.org", "example.net"],
        hosts: [...hosts.slice(1), hostsOf("web", { domain: "example.net" }), hostsOf("edge", { domain: "example.net" })],
      },
      lines("registrar", ""),
    ],
  ])("%s: in words, with how each is printed", (_what, before, after, said) => {
    expect(told(before, after)).toEqual(said);
  });
});
