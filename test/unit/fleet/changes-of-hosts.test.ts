import { describe } from "@jest/globals";
import type { HostGroup, HostTokens } from "../../../src/fleet/fleet.js";
import { hostsOf, ruleOf } from "./fleet-of.js";
import { check, type Parts } from "./told.js";

describe("groups of hosts", () => {
  const hosts = (...groups: readonly HostGroup[]): Parts => ({ hosts: groups, access: [] });
  const one = (more: Partial<HostGroup>) => hosts(hostsOf("web", more));
  const tokens = (more: Partial<HostTokens> = {}): HostTokens => ({
    ...{ mount: "k8s", claim: "host", audience: "vault", claims: {} },
    ...more,
  });
  const named = (...names: readonly string[]) => one({ names });
  check([
    [
      "a new one",
      hosts(),
      one({ also: ["www.example.org"] }),
      [
        "+ the group web of hosts is new: hosts named web-*.example.org, which may also use the name www.example.org, " +
          "accounts deploy, ops and postgres-admin, certificates of 72h",
      ],
    ],
    [
      "a new one whose machines enrol themselves",
      hosts(),
      one({ jwt: tokens({ claims: { "/k8s/namespace": ["web", "edge"] } }) }),
      [
        "+ the group web of hosts is new: hosts named web-*.example.org, accounts deploy, ops and postgres-admin, certificates of " +
          "72h; machines enrol themselves with tokens of auth/k8s for the audience vault, which name them by the claim host, and only those " +
          "whose claim /k8s/namespace is edge or web",
      ],
    ],
    [
      "machines may enrol themselves",
      one({}),
      one({ jwt: tokens() }),
      [
        "+ machines of web may now enrol themselves with tokens of auth/k8s for the audience vault, which name them by the claim host",
      ],
    ],
    [
      "they may no longer",
      one({ jwt: tokens() }),
      one({}),
      ["- machines of web can no longer enrol themselves with tokens of auth/k8s"],
    ],
    [
      "by other tokens",
      one({ jwt: tokens({ claims: { a: ["1"], b: ["1"] } }) }),
      one({ jwt: tokens({ mount: "cloud", claim: "vm", audience: "v", claims: { b: ["2"] } }) }),
      [
        "- tokens by which machines of web enrol themselves: a token with 1 as claim b is no longer accepted",
        "+ tokens by which machines of web enrol themselves: the mount below auth/ is now cloud, not k8s",
        "+ tokens by which machines of web enrol themselves: the claim with the name is now vm, not host",
        "+ tokens by which machines of web enrol themselves: the audience is now v, not vault",
        "+ tokens by which machines of web enrol themselves: a token no longer needs the claim a",
        "+ tokens by which machines of web enrol themselves: a token with 2 as claim b is now accepted",
      ],
    ],
    [
      "one that is gone",
      one({}),
      hosts(),
      ["- the group web of hosts is gone: hosts named web-*.example.org are no longer in it"],
    ],
    [
      "more names",
      one({}),
      named("web-*.example.org", "www-*.example.org"),
      ["+ web: its hosts are now named web-*.example.org and www-*.example.org"],
    ],
    [
      "fewer names",
      named("a.example.org", "b.example.org"),
      named("b.example.org"),
      ["- hosts named a.example.org are no longer in web"],
    ],
    [
      "other names",
      named("a.example.org"),
      named("b.example.org"),
      ["- hosts named a.example.org are no longer in web", "+ web: its hosts are now named b.example.org"],
    ],
    [
      "a name that a pattern covers goes",
      named("web-1.example.org", "web-*.example.org"),
      named("web-*.example.org"),
      ["~ web: its hosts are now named web-*.example.org"],
    ],
    [
      "a wider pattern",
      named("web-?.example.org"),
      named("web-*.example.org"),
      ["+ web: its hosts are now named web-*.example.org"],
    ],
    [
      "a narrower pattern",
      named("web-*.example.org"),
      named("web-?.example.org"),
      ["- hosts named web-*.example.org are no longer in web", "~ web: its hosts are now named web-?.example.org"],
    ],
    [
      "other names that may be stood for",
      one({ also: ["a.example.org"] }),
      one({ also: ["www.example.org"] }),
      ["- hosts of web may no longer use the name a.example.org", "+ hosts of web may also use the name www.example.org"],
    ],
    [
      "accounts, domain, times",
      one({}),
      one({ accounts: ["deploy", "ops", "backup"], domain: "web.example.org", for: 86400 }),
      [
        "- web: certificates of its hosts are now valid for 24h, not 72h",
        "~ web: its hosts are now below web.example.org, not example.org",
        "~ web: it no longer has the account postgres-admin",
        "~ web: it now has the account backup",
      ],
    ],
    [
      "another name: rules, and forwarded agents, follow",
      { hosts: [hostsOf("web")], access: [ruleOf("platform-web", { with: ["agent-forwarding"], forwardTo: ["web"] })] },
      {
        hosts: [{ ...hostsOf("web"), name: "www" }],
        access: [ruleOf("platform-web", { on: "www", with: ["agent-forwarding"], forwardTo: ["www"] })],
      },
      [
        "~ the group web of hosts is now called www: principals are now account@www, " +
          "and nobody can log in to its hosts until they are certified under www",
      ],
    ],
    [
      "domains",
      { domains: ["example.net"] },
      { domains: ["example.org"] },
      [
        "- the host CA no longer vouches for names below example.net, and its hosts lose their identities",
        "+ the host CA now vouches for names below example.org",
      ],
    ],
  ]);
});
