/** Who may log in where as whom, by which rule; and what is said to those who may not. */
import { describe, expect, test } from "@jest/globals";
import { hintText, typed } from "../../../../src/errors/hint.js";
import type { SshTrustError } from "../../../../src/errors/catalogue.js";
import type { AskedFor } from "../../../../src/people/login/asked-for.js";
import { hopTo, type HopRequest } from "../../../../src/people/login/hop.js";
import { chooseRule, type OwnKeyRequest } from "../../../../src/people/login/sign-own-key.js";
import type { Me } from "../../../../src/people/me.js";
import { fleetOf, hostsOf, ruleOf } from "../../fleet/fleet-of.js";

const fleet = fleetOf({
  hosts: [hostsOf("web", { also: ["www.example.org"] }), hostsOf("db"), hostsOf("jump")],
  access: [
    ruleOf("platform-web"),
    ruleOf("platform-web.tunnels", { on: "web", as: ["deploy"], with: ["pty", "port-forwarding"] }),
    ruleOf("platform-jump", { on: "jump", as: ["ops"] }),
    ruleOf("robots-jump", { on: "jump", as: ["robot"], with: ["port-forwarding", "user-rc"] }),
    ruleOf("robots-jump.shell", { on: "jump", as: ["robot"], with: ["pty"] }),
    ruleOf("robots-db", { on: "db", as: ["ops"], with: [] }),
    ruleOf("dba-db", { as: ["postgres-admin"] }),
  ],
});
const tunnel: AskedFor = { permission: "port-forwarding", by: "-L" };
const agent: AskedFor = { permission: "agent-forwarding", by: "-A" };
const meOf = (...groups: string[]): Me => ({
  ...{ name: "alice", entity: "e", until: undefined, renewable: true, life: 60 },
  policies: groups.map((each) => `ssh-trust-people-${each}`),
});
const alice = meOf("platform");

/** The error's code, what it says, and its hint. */
function refusal(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    const { code, message, hint } = error as SshTrustError;
    return [code, message, hintText(hint, (run) => typed(run, "ssh-trust"))];
  }
  return ["accepted"];
}
const login = (to: string, request: HopRequest = {}, me = alice) => {
  const [user = "", name = ""] = to.split("@");
  return hopTo(fleet, me, { user, name }, request);
};

describe("a login is refused", () => {
  const groups = "(web: web-*.example.org, www.example.org; db: db-*.example.org; jump: jump-*.example.org)";
  test.each<[what: string, to: string, request: HopRequest, me: Me, code: string, says: string, hint: string]>([
    [
      ...(["outside the fleet", "git@github.com", {}, alice, "LOGIN_HOST_UNKNOWN"] as const),
      `the fleet has no host github.com ${groups}`,
      "hosts outside the fleet are reached with plain ssh: ssh github.com",
    ],
    [
      ...(["by a short name", "deploy@web-1", {}, alice, "LOGIN_HOST_UNKNOWN"] as const),
      "the fleet has no host web-1 (",
      "write the full name: ssh-trust ssh deploy@web-1.example.org; or, hosts outside",
    ],
    [
      ...(["by a name in capitals", "deploy@WEB-1.example.org", {}, alice, "LOGIN_HOST_UNKNOWN"] as const),
      "WEB-1.example.org",
      "write the full name: ssh-trust ssh deploy@web-1.example.org",
    ],
    ["by an empty name", "deploy@", {}, alice, "LOGIN_HOST_UNKNOWN", "no host  (", "ssh ''"],
    [
      ...(["as another account", "root@web-1.example.org", {}, alice, "LOGIN_ACCOUNT_DENIED"] as const),
      "no rule lets alice log in to web-1.example.org (web) as root",
      "alice may log in to web as deploy, ops: ssh-trust ssh deploy@web-1.example.org",
    ],
    [
      ...(["to another's group", "postgres-admin@db-1.example.org", {}, alice, "LOGIN_ACCOUNT_DENIED"] as const),
      "(db) as postgres-admin",
      "to web as deploy, ops; to jump as ops",
    ],
    [
      ...(["by nobody's token", "deploy@web-1.example.org", {}, meOf(), "LOGIN_ACCOUNT_DENIED"] as const),
      "as deploy",
      "alice may not log in anywhere; an operator adds them",
    ],
    [
      ...(["by another's rule", "deploy@web-1.example.org", { rule: "dba-db" }, alice, "LOGIN_RULE_UNKNOWN"] as const),
      "the rule dba-db does not let alice log in to web-1.example.org as deploy",
      "these do: platform-web, platform-web.tunnels: --rule platform-web",
    ],
    [
      ...(["through a host without port-forwarding", "ops@jump-1.example.org", { goesOn: true }, alice] as const),
      ...(["LOGIN_JUMP_DENIED", "not go on from there: no rule has port-forwarding on jump", "an operator adds"] as const),
    ],
    [
      ...(["with a tunnel that no rule permits", "ops@web-1.example.org", { needs: [tunnel] }, alice] as const),
      ...(["LOGIN_OPTION_DENIED", "(web) as ops, but not with -L (port-forwarding): no rule permits that"] as const),
      'an operator adds port-forwarding to "with" of the rule platform-web in the fleet file, and applies that: ssh-trust apply',
    ],
    [
      ...([
        "by a rule without the tunnel",
        "deploy@web-1.example.org",
        { needs: [tunnel], rule: "platform-web" },
        alice,
      ] as const),
      ...(["LOGIN_OPTION_DENIED", "not with -L (port-forwarding): the rule platform-web does not permit that"] as const),
      "the rule platform-web.tunnels does: --rule platform-web.tunnels; or, an operator adds port-forwarding",
    ],
    [
      ...(["with more than any one rule permits", "deploy@web-1.example.org", { needs: [tunnel, agent] }, alice] as const),
      ...(["LOGIN_OPTION_DENIED", "not with -A (agent-forwarding): no rule permits that"] as const),
      'an operator adds agent-forwarding to "with" of the rule platform-web.tunnels',
    ],
  ])("%s", (_what, to, request, me, code, says, hint) => {
    const [was, said, hinted] = refusal(() => login(to, request, me));
    expect(was).toBe(code);
    expect(said).toContain(says);
    expect(hinted).toContain(hint);
  });
});

describe("a login is by", () => {
  test.each<[what: string, to: string, request: HopRequest, rule: string]>([
    ["the one rule that has the account", "ops@web-1.example.org", {}, "platform-web"],
    ["the rule that permits most", "deploy@web-1.example.org", {}, "platform-web.tunnels"],
    ["the rule that is named", "deploy@web-1.example.org", { rule: "platform-web" }, "platform-web"],
    ["the rules of the group with that other name", "ops@www.example.org", {}, "platform-web"],
    ["one that permits what is asked for", "deploy@web-1.example.org", { needs: [tunnel] }, "platform-web.tunnels"],
    ["one with port-forwarding where ssh goes on", "deploy@web-1.example.org", { goesOn: true }, "platform-web.tunnels"],
  ])("%s", (_what, to, request, rule) => {
    expect(login(to, request).rule.name).toBe(rule);
  });
});

test.each<[what: string, to: string, prefersTerminal: boolean, rule: string]>([
  ["one with a terminal, where one is wanted", "robot@jump-1.example.org", true, "robots-jump.shell"],
  ["the one that permits most, where none is wanted", "robot@jump-1.example.org", false, "robots-jump"],
  ["one without a terminal, where there is no other", "ops@db-1.example.org", true, "robots-db"],
])("a robot's login is by %s", (_what, to, prefersTerminal, rule) => {
  expect(login(to, { prefersTerminal }, meOf("robots")).rule.name).toBe(rule);
});

describe("a key is not signed", () => {
  const sign = (request: Partial<OwnKeyRequest>, me = alice) => chooseRule(fleet, me, { on: "web", accounts: [], ...request });
  test.each<[what: string, request: Partial<OwnKeyRequest>, me: Me, code: string, says: string, hint: string]>([
    ["for no group", { on: "web-1" }, alice, "SIGN_GROUP_UNKNOWN", "no group of hosts and no host web-1", "name a group"],
    ["for a pattern", { on: "web-*.example.org" }, alice, "SIGN_GROUP_UNKNOWN", "", ""],
    [
      "by one of several rules",
      {},
      alice,
      "SIGN_RULES_SEVERAL",
      "platform-web: deploy, ops, for 1m, with pty",
      "--rule platform-web",
    ],
    ["for others' accounts", { accounts: ["ops", "root"] }, alice, "SIGN_DENIED", "for web as ops, root", "as deploy, ops"],
    ["on another's group", { on: "db" }, alice, "SIGN_DENIED", "for db", "to web as deploy, ops; to jump as ops"],
    ["by nobody's token", {}, meOf(), "SIGN_DENIED", "for web", "may not log in anywhere"],
    ["by another's rule", { rule: "dba-db" }, alice, "LOGIN_RULE_UNKNOWN", "the rule dba-db", "these do: platform-web,"],
    ["for longer", { rule: "platform-web", ttl: 61 }, alice, "USAGE", "the rule platform-web has 1m at most", ""],
  ])("%s", (_what, request, me, code, says, hint) => {
    const [was, said, hinted] = refusal(() => sign(request, me));
    expect(was).toBe(code);
    expect(said).toContain(says);
    expect(hinted).toContain(hint);
  });

  test.each<[what: string, request: Partial<OwnKeyRequest>, rule: string, accounts: string]>([
    ["all accounts of the rule", { rule: "platform-web" }, "platform-web", "deploy,ops"],
    ["the one rule with that account", { accounts: ["ops"] }, "platform-web", "ops"],
    ["a host of the group", { on: "jump-7.example.org", ttl: 30 }, "platform-jump", "ops"],
  ])("but signed for: %s", (_what, request, rule, accounts) => {
    const chosen = sign(request);
    expect([chosen.rule.name, chosen.accounts.join()]).toEqual([rule, accounts]);
  });
});
