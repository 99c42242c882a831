/** What each token of an applied fleet may do with Vault, and what it may not: docs/fleet-access.md says it to people. */
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { certificateOf, enrol, text, tokenOf, unwrap } from "../support/applied-fleet.js";
import { openCompany, type Company, type Whose } from "../support/company.js";
import { mayOfAllPaths } from "../support/paths.js";
import { answered, refusedByPolicy, refusedFor, type Row } from "../support/requests.js";
import { serverKinds } from "../support/servers.js";
import { appRole, entry, org } from "./tables/bodies.js";
import { extension, life, name, refusedByHostRole, refusedByUserRole, type Asked } from "./tables/by-roles.js";
import { refusedToAll, refusedToStrangers } from "./tables/everyone.js";
import { refusedToHost } from "./tables/hosts.js";
import { pathsOfOperator, refusedToOperator } from "./tables/operator.js";
import { refusedToPerson } from "./tables/people.js";
import { allowedToRegistrar, pathsOfRegistrar, refusedToRegistrar } from "./tables/registrar.js";

jest.setTimeout(180_000);

describe.each(serverKinds)("%s", (kind) => {
  let company: Company;
  const ask = (whose: Whose, row: Row) => company.ask(whose, row);
  const sign = (whose: Whose, path: string, asked: Readonly<Record<string, unknown>>) => company.sign(whose, path, asked);

  beforeAll(async () => {
    company = await openCompany(kind);
  }, 180_000);
  afterAll(async () => {
    await company[Symbol.asyncDispose]();
  });

  describe("the host web-1.example.org: its role refuses", () => {
    test.each(refusedByHostRole)("%s", async (_, asked, reason) => {
      const own = { cert_type: "host", valid_principals: "web-1.example.org" };
      refusedFor(await sign("host", "host-ssh/sign/web", { ...own, ...asked }), reason);
    });
  });
  describe("the host web-1.example.org: its policy refuses", () => {
    test.each([...refusedToHost, ...refusedToAll])("%s", async (...row) => {
      refusedByPolicy(await ask("host", row));
    });
  });
  describe("Alice, of the group platform: her rule's role refuses", () => {
    test.each(refusedByUserRole)("%s", async (_, asked, reason) => {
      refusedFor(await sign("alice", "user-ssh/sign/platform-web", { valid_principals: "deploy@web", ...asked }), reason);
    });
  });
  describe("Alice, of the group platform: her policies refuse", () => {
    test.each([...refusedToPerson, ...refusedToAll])("%s", async (...row) => {
      refusedByPolicy(await ask("alice", row));
    });
  });
  describe("the registrar: the policy refuses", () => {
    test.each([...refusedToRegistrar, ...refusedToAll])("%s", async (...row) => {
      refusedByPolicy(await ask("registrar", row));
    });
  });
  describe("the operator: the policy refuses", () => {
    test.each(refusedToOperator)("%s", async (...row) => {
      refusedByPolicy(await ask("operator", row));
    });
  });
  describe("who is in no group: refused", () => {
    test.each([...refusedToStrangers, ...refusedToAll])("%s", async (...row) => {
      refusedByPolicy(await ask("stranger", row));
    });
  });
  describe("without a token: refused", () => {
    test.each([...refusedToStrangers, ...refusedToAll])("%s", async (...row) => {
      refusedByPolicy(await ask("none", row));
    });
  });
  describe("the host web-1.example.org may", () => {
    const own = { cert_type: "host", valid_principals: "web-1.example.org" };
    const signed: readonly (readonly [what: string, asked: Readonly<Record<string, unknown>>, names: readonly string[]])[] = [
      ["have its own name signed", {}, ["web-1.example.org"]],
      ["have the group's other name signed", { valid_principals: "www.example.org" }, ["www.example.org"]],
      [
        "have both signed, sorted",
        { valid_principals: "www.example.org,web-1.example.org" },
        ["web-1.example.org", "www.example.org"],
      ],
      ["name one twice", { valid_principals: "web-1.example.org,web-1.example.org" }, ["web-1.example.org"]],
      ["have blanks around it", { valid_principals: " web-1.example.org ,, " }, ["web-1.example.org"]],
      ["ask for the group's whole time", { ttl: "72h" }, ["web-1.example.org"]],
      ["ask for less", { ttl: "1h" }, ["web-1.example.org"]],
    ];
    test.each(signed)("%s: a host certificate of these names and no other", async (_, asked, names) => {
      const answer = await sign("host", "host-ssh/sign/web", { ...own, ...asked });
      answered(answer);
      const certificate = certificateOf(answer);
      expect(certificate).toMatchObject({ certType: "host", principals: names, signatureType: "ssh-ed25519" });
      expect(certificate.keyId).toMatch(/^web:[0-9a-f]{64}:/);
      expect([certificate.criticalOptions.size, certificate.extensions.size]).toEqual([0, 0]);
      expect(secondsLeft(certificate)).toBeLessThanOrEqual(asked["ttl"] === "1h" ? 3600 : 72 * 3600);
    });

    test("make its entry, write it again, and not over what another wrote first", async () => {
      const path = "POST ssh-trust/data/hosts/web-1.example.org";
      answered(await ask("host", ["", path, entry]));
      answered(await ask("host", ["", path, { ...entry, options: { cas: 1 } }]));
      refusedFor(await ask("host", ["", path, { ...entry, options: { cas: 1 } }]), /check-and-set parameter did not match/);
    });

    test("make its next secret id, sign in with it, and destroy those before, and no neighbour's", async () => {
      const { web1, web2, hostSignsIn } = company;
      const at = `POST ${org}/role/web-1/secret-id`;
      const first = { roleId: web1.roleId, secretId: web1.secretId };
      const { data } = (await ask("host", ["", at, {}])).body;
      const next = { ...first, secretId: text(data, "secret_id") };
      const another = await unwrap(company, await ask("host", ["", at, {}, 60]));
      expect(data).toMatchObject({ secret_id_ttl: 35 * 86_400, secret_id_num_uses: 0 });
      expect((await hostSignsIn(next)).status).toBe(200);

      answered(await ask("host", ["", `${at}/destroy`, { secret_id: first.secretId }]));
      const accessor = text(another, "secret_id_accessor");
      answered(await ask("host", ["", `${at}-accessor/destroy`, { secret_id_accessor: accessor }]));
      await ask("host", ["its neighbour's, as if it were its own", `${at}/destroy`, { secret_id: web2.secretId }]);
      await ask("host", ["", `${at}-accessor/destroy`, { secret_id_accessor: web2.accessor }]);
      refusedFor(await hostSignsIn(first), /invalid role or secret ID/);
      refusedFor(await hostSignsIn({ ...first, secretId: text(another, "secret_id") }), /invalid role or secret ID/);
      refusedFor(await hostSignsIn({ ...next, roleId: web2.roleId }), /invalid role or secret ID/);
      answered(await hostSignsIn(next));
      answered(await hostSignsIn(web2));
    });

    test("renew its token, for as long as its AppRole says at most", async () => {
      const { body } = await ask("host", ["", "POST auth/token/renew-self", { increment: "1000h" }]);
      expect((body.auth as { lease_duration?: number } | undefined)?.lease_duration).toBeLessThanOrEqual(24 * 3600);
    });
  });

  test("a host of the other domain may have its own name signed, and nothing of this one's", async () => {
    const edge = await enrol(company, "example.net", "edge-2", "edge");
    expect(certificateOf(await company.hostSigns(edge.token, "edge", "edge-2.example.net"))).toMatchObject({
      principals: ["edge-2.example.net"],
      keyId: expect.stringMatching(/^edge:/),
    });
    refusedFor(await company.hostSigns(edge.token, "edge", "edge-2.example.org"), name);
    refusedByPolicy(await company.hostSigns(edge.token, "web", "edge-2.example.org"));
    refusedByPolicy(await company.server.ask("ssh-trust/data/hosts/edge-2.example.org", { token: edge.token, body: entry }));
  });

  describe("people may", () => {
    const web = { rule: "platform-web", life: 60, extensions: ["permit-pty"] };
    const db = { rule: "dba-db", life: 60, extensions: ["permit-port-forwarding", "permit-pty"] };
    const reserve = { ...db, rule: "dba-db_reserve", life: 3600 };
    const signed: readonly (readonly [string, "alice" | "dora", typeof web, Readonly<Record<string, unknown>>, string[]])[] = [
      ["Alice: one account", "alice", web, { valid_principals: "deploy@web" }, ["deploy@web"]],
      ["Alice: her rule's accounts, sorted", "alice", web, { valid_principals: "ops@web,deploy@web" }, ["deploy@web", "ops@web"]],
      ["Alice: the rule's whole time", "alice", web, { valid_principals: "ops@web", ttl: "60s" }, ["ops@web"]],
      ["Alice: less", "alice", { ...web, life: 5 }, { valid_principals: "ops@web", ttl: "5s" }, ["ops@web"]],
      [
        "Alice: empty lists of options",
        "alice",
        web,
        { valid_principals: "ops@web", critical_options: {}, extensions: {} },
        ["ops@web"],
      ],
      ["Dora: her rule's account", "dora", db, { valid_principals: "postgres-admin@db" }, ["postgres-admin@db"]],
      ["Dora: the same for the reserve", "dora", reserve, { valid_principals: "postgres-admin@db" }, ["postgres-admin@db"]],
    ];
    test.each(signed)(
      "%s: a certificate of these and no other",
      async (_, who, { rule, life, extensions }, asked, principals) => {
        const answer = await sign(who, `user-ssh/sign/${rule}`, asked);
        answered(answer);
        const certificate = certificateOf(answer);
        expect(certificate).toMatchObject({ certType: "user", principals });
        expect(certificate.keyId).toMatch(new RegExp(`^${rule}:[0-9a-f]{64}:.*${who}$`));
        expect([...certificate.extensions.keys()]).toEqual(extensions);
        expect(certificate.criticalOptions.size).toBe(0);
        expect(secondsLeft(certificate)).toBeLessThanOrEqual(life);
      },
    );

    test("set their own password, and nothing else of their user", async () => {
      const path = "POST auth/ssh-trust/people/users/alice/password";
      answered(await ask("alice", ["", path, { password: company.alice.password }]));
      refusedByPolicy(await ask("alice", ["", path, { password: "another", token_policies: "ssh-trust-people-dba" }]));
      refusedByPolicy(await ask("alice", ["", path, { password_hash: "$2a$10$" }]));
      expect((await company.password("alice", company.alice.password)).status).toBe(200);
    });

    test("look up, renew and end their own token, also where Vault's policy default does not say so", async () => {
      const { must, alice, server } = company;
      const made = await must("auth/token/create", {
        body: { policies: ["ssh-trust-signed-in"], no_default_policy: true, ttl: "1h" },
      });
      const token = tokenOf(made);
      answered(await server.ask("auth/token/lookup-self", { token }));
      answered(await server.ask("auth/token/renew-self", { token, body: {} }));
      refusedByPolicy(
        await server.ask("auth/ssh-trust/people/users/alice/password", { token, body: { password: alice.password } }),
      );
      answered(await server.ask("auth/token/revoke-self", { token, body: {} }));
    });

    test("read the fleet, and nothing else of the store", async () => {
      const { body } = await ask("alice", ["", "GET ssh-trust/data/fleet"]);
      expect(body.data).toMatchObject({ data: { schema: 1, fleet: { domains: ["example.org", "example.net"] } } });
    });
  });

  describe("Dora, of the group dba: refused", () => {
    const own = { valid_principals: "postgres-admin@db" };
    const refusedToDora: readonly Asked[] = [
      ["a longer life than the rule's, for which there is the reserve", { ttl: "1h" }, life],
      ["another group's account", { valid_principals: "postgres-admin@web" }, name],
      ["agent forwarding", { extensions: { "permit-agent-forwarding": "" } }, extension],
    ];
    test.each(refusedToDora)("%s", async (_, asked, reason) => {
      refusedFor(await sign("dora", "user-ssh/sign/dba-db", { ...own, ...asked }), reason);
    });
    test("the reserve for longer than it is", async () => {
      refusedFor(await sign("dora", "user-ssh/sign/dba-db_reserve", { ...own, ttl: "3601s" }), life);
    });
    test("the other group's rule", async () => {
      refusedByPolicy(await sign("dora", "user-ssh/sign/platform-web", { valid_principals: "deploy@web" }));
    });
  });

  test("a token whose name is made to look like another role's: the role is still what the key id begins with", async () => {
    const policies = ["ssh-trust-people-platform"];
    const made = await company.must("auth/token/create", { body: { policies, display_name: "dba-db:0:root\nhost db:" } });
    const answer = await company.personSigns(tokenOf(made), "deploy@web");
    expect(certificateOf(answer).keyId).toMatch(/^platform-web:[0-9a-f]{64}:token-/);
  });

  describe("the registrar may", () => {
    test.each(allowedToRegistrar)("%s", async (...row) => {
      answered(await ask("registrar", row));
    });

    test("an AppRole in two groups of a domain on Vault, which holds lists by their items; never with anything else", async () => {
      const both = "ssh-trust-host-web,ssh-trust-host-db";
      for (const token_policies of [both, both.split(",")]) {
        const { status } = await ask("registrar", ["", `POST ${org}/role/both`, { token_policies }]);
        expect(status).toBe(kind === "Vault" ? 204 : 403);
      }
      const one = await ask("registrar", ["", `POST ${org}/role/both`, { token_policies: ["ssh-trust-host-web"] }]);
      expect(one.status).toBe(kind === "Vault" ? 204 : 403);
      const mixed = ["ssh-trust-host-web", "ssh-trust-host-edge"];
      refusedByPolicy(await ask("registrar", ["", `POST ${org}/role/both`, { token_policies: mixed }]));
    });

    test("an AppRole without a policy on Vault, which takes nothing for a list that is allowed: it can do nothing", async () => {
      for (const token_policies of ["", []]) {
        const { status } = await ask("registrar", ["", `POST ${org}/role/nobody`, { token_policies }]);
        expect(status).toBe(kind === "Vault" ? 204 : 403);
      }
    });

    test("a secret id with metadata: it makes no other host", async () => {
      const row: Row = ["", `POST ${org}/role/web-1/secret-id`, { metadata: '{"role_name":"web-2"}' }, 60];
      const secretId = text(await unwrap(company, await ask("registrar", row)), "secret_id");
      const token = tokenOf((await company.hostSignsIn({ ...company.web1, secretId })).body);
      refusedFor(await company.hostSigns(token, "web", "web-2.example.org"), name);
      answered(await company.hostSigns(token, "web", "web-1.example.org"));
    });

    test("a host whose name its group's pattern does not match (known): the group is still what the key id begins with", async () => {
      const { token } = await enrol(company, "example.org", "db-9", "web");
      const answer = await company.hostSigns(token, "web", "db-9.example.org");
      expect(certificateOf(answer)).toMatchObject({ keyId: expect.stringMatching(/^web:/), principals: ["db-9.example.org"] });
      refusedByPolicy(await company.hostSigns(token, "db", "db-9.example.org"));
    });

    test.each(["we*", "*", "+", "web-1,web-2", "web 1", "web-1/secret-id", "-web", "web-", "wéb"])(
      "no AppRole that is called %s",
      async (odd) => {
        const { status } = await ask("registrar", ["", `POST ${org}/role/${encodeURIComponent(odd)}`, appRole({})]);
        expect([403, 404, 405]).toContain(status);
      },
    );

    test("an AppRole in capitals: it is the same as the one without", async () => {
      await enrol(company, "example.org", "WEB-5", "web");
      const { token } = await enrol(company, "example.org", "web-5", "db");
      refusedByPolicy(await company.hostSigns(token, "web", "web-5.example.org"));
      refusedFor(await company.hostSigns(token, "db", "WEB-5.example.org"), name);
      answered(await company.hostSigns(token, "db", "web-5.example.org"));
    });
  });

  describe("the operator may", () => {
    test("have another key made where there is one on OpenBao, which signs with it then and keeps the old one (known)", async () => {
      const { must, server } = company;
      const key = () => server.ask("host-ssh/public_key");
      const before = await key();
      const old = kind === "OpenBao" ? text((await must("host-ssh/config/issuers")).data, "default") : "";
      const answer = await ask("operator", ["", "POST host-ssh/config/ca", { generate_signing_key: true, key_type: "ed25519" }]);
      if (kind === "Vault") refusedFor(answer, /keys are already configured/);
      else await must("host-ssh/config/issuers", { body: { default: old } });
      expect(await key()).toEqual(before);
    });
    test("write the fleet's policies, and with them give anybody anything (known)", async () => {
      const policy = 'path "sys/seal" { capabilities = ["update", "sudo"] }';
      answered(await ask("operator", ["", "POST sys/policies/acl/ssh-trust-other", { policy }]));
      answered(await ask("operator", ["", "DELETE sys/policies/acl/ssh-trust-other"]));
    });
  });

  describe("without a token, one may", () => {
    test.each(["host-ssh/public_key", "user-ssh/public_key", "sys/health", "sys/seal-status"])("read %s", async (path) => {
      expect((await ask("none", ["", `GET ${path}`])).status).toBe(200);
    });
  });

  describe("beside what any token may:", () => {
    const policiesGive = async (token: string) => {
      const { data } = await company.must("sys/internal/ui/resultant-acl", { token });
      const { exact_paths, glob_paths } = data as Record<string, Record<string, { readonly capabilities: readonly string[] }>>;
      const all = Object.entries({ ...exact_paths, ...glob_paths });
      return new Map(all.map(([path, { capabilities }]) => [path, [...capabilities].sort().join(", ")]));
    };
    const ofPeople = (name: string) => ({
      "ssh-trust/data/fleet": "read",
      [`auth/ssh-trust/people/users/${name}/password`]: "update",
    });
    const given: readonly (readonly [
      what: string,
      whose: keyof typeof company.tokens,
      paths: Readonly<Record<string, string>>,
    ])[] = [
      [
        "the host web-1.example.org may these",
        "host",
        {
          [`${org}/role/web-1/secret-id`]: "update",
          [`${org}/role/web-1/secret-id-accessor/destroy`]: "update",
          [`${org}/role/web-1/secret-id/destroy`]: "update",
          "host-ssh/sign/web": "update",
          "ssh-trust/data/hosts/web-1.example.org": "create, update",
        },
      ],
      ["Alice may these", "alice", { ...ofPeople("alice"), "user-ssh/sign/platform-web": "update" }],
      [
        "Dora may these",
        "dora",
        { ...ofPeople("dora"), "user-ssh/sign/dba-db": "update", "user-ssh/sign/dba-db_reserve": "update" },
      ],
    ];
    test.each(given)("%s", async (_, whose, expected) => {
      const usual = await policiesGive(company.tokens.stranger);
      const more = [...(await policiesGive(company.tokens[whose]))].filter(
        ([path]) => !/oidc|identity\/entity/.test(path) && !usual.has(path),
      );
      expect(Object.fromEntries(more)).toEqual(expected);
    });

    /** Of each path that the server has, with any name in it: what the wildcards of a policy happen to match as well. */
    const matched: readonly (readonly [what: string, whose: keyof typeof company.tokens, paths: readonly string[]])[] = [
      ["the registrar may these of all paths", "registrar", pathsOfRegistrar],
      ["the operator may these of all paths", "operator", pathsOfOperator],
    ];
    test.each(matched)("%s", async (_, whose, expected) => {
      const may = await mayOfAllPaths(company, company.tokens[whose], company.tokens.stranger);
      expect(may).toEqual([...expected].sort());
    });
  });
});

const secondsLeft = ({ validBefore }: { readonly validBefore: bigint }): number => Number(validBefore) - Date.now() / 1000;
