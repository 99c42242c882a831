/** Signing in, and what is left to somebody who was removed. */
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { enrol, setMembers, text, tokenOf, type Person } from "../support/applied-fleet.js";
import { openCompany, type Company, type Whose } from "../support/company.js";
import { answered, refusedByPolicy, refusedFor, type Row } from "../support/requests.js";
import { serverKinds, type Answer } from "../support/servers.js";
import { codeOf } from "../support/totp.js";
import { entry, org } from "./tables/bodies.js";

jest.setTimeout(180_000);

describe.each(serverKinds)("%s", (kind) => {
  let company: Company;
  const ask = (whose: Whose, row: Row) => company.ask(whose, row);

  beforeAll(async () => {
    company = await openCompany(kind);
  }, 180_000);
  afterAll(async () => {
    await company[Symbol.asyncDispose]();
  });

  describe("signing in with a password and a code", () => {
    let carol: Person;
    beforeAll(async () => {
      carol = await company.add("carol");
    });
    const now = () => codeOf(carol.otpauth, new Date());
    /** For the reason that Vault gives. */
    const refusedAsSecondFactor = ({ status, body }: Answer, onVault: RegExp) => {
      const always = /found multiple passcodes|maximum TOTP validation attempts/;
      const said = kind === "Vault" || always.source.includes(onVault.source);
      const reason = said ? onVault : /MFA credentials not supplied or incorrect/;
      expect([status, body.errors?.join("; ")]).toEqual([403, expect.stringMatching(reason)]);
    };

    test("the password alone: no token", async () => {
      const { status, body } = await company.password("carol", carol.password);
      expect([status, body.auth?.client_token]).toEqual([200, ""]);
      expect(body.auth).toMatchObject({ mfa_requirement: { mfa_constraints: { "ssh-trust-people": {} } } });
    });

    const passwords = [
      ["a wrong password", "carol", "wrong"],
      ["another's password", "carol", "alice's password"],
      ["somebody who is not there", "mallory", "carol's password"],
    ] as const;
    test.each(passwords)("%s: refused before a code is asked for", async (_, who, given) => {
      refusedFor(await company.password(who, given), /invalid username or password/);
    });

    // OpenBao says of most that they were not supplied or incorrect.
    const codes: readonly (readonly [what: string, passcode: () => unknown, onVault: RegExp])[] = [
      ["a wrong code", () => [wrongCode(carol)], /failed to validate TOTP passcode/],
      ["no code", () => [], /MFA credentials not supplied/],
      ["an empty code", () => [""], /MFA credentials not supplied/],
      ["two codes, of which one is right", () => [wrongCode(carol), now()], /found multiple passcodes/],
      ["another's code", () => [codeOf(company.alice.otpauth, new Date())], /failed to validate TOTP passcode/],
    ];
    test.each(codes)("the password and %s: refused", async (_, passcode, onVault) => {
      refusedAsSecondFactor(await company.code(await company.password("carol", carol.password), passcode()), onVault);
    });

    test("a code for a sign-in that nobody began: refused", async () => {
      const begun = { status: 200, body: { auth: { client_token: "", mfa_requirement: { mfa_request_id: "any" } } } };
      refusedFor(await company.code(begun, [now()]), /invalid request ID/);
    });

    test("a code works once, and so does a sign-in that was begun", async () => {
      const passcode = [now()];
      const begun = await company.password("carol", carol.password);
      const { status, body } = await company.code(begun, passcode);
      expect(status).toBe(200);
      expect(body.auth).toMatchObject({
        policies: ["default", "ssh-trust-people-platform", "ssh-trust-signed-in"],
        lease_duration: 10 * 3600,
        token_type: "service",
      });
      refusedFor(await company.code(begun, passcode), /invalid request ID/);
      refusedAsSecondFactor(
        await company.code(await company.password("carol", carol.password), passcode),
        /failed to validate TOTP passcode/,
      );
    });

    test("after five wrong codes the right one is not looked at for a while, and that is said", async () => {
      const judy = await company.add("judy");
      for (let tries = 0; tries < 5; tries++)
        expect((await company.code(await company.password("judy", judy.password), [wrongCode(judy)])).status).toBe(403);
      refusedAsSecondFactor(await company.signIn("judy", judy), /maximum TOTP validation attempts/);
    });

    test("after five wrong passwords not even the right one is taken for a while", async () => {
      const erin = await company.add("erin");
      for (let tries = 0; tries < 5; tries++) expect((await company.password("erin", "wrong")).status).toBe(400);
      refusedByPolicy(await company.password("erin", erin.password));
      expect(JSON.stringify((await company.must("sys/locked-users")).data)).toContain('"erin"');
    });
  });

  describe("after a removal", () => {
    test("a person who is taken out of the group: the next signature is refused; back in: signed again", async () => {
      const bob = await company.add("bob");
      const token = tokenOf((await company.signIn("bob", bob)).body);
      const signs = () => company.personSigns(token, "ops@web");
      answered(await signs());
      await setMembers(company, "platform", (members) => members.filter((each) => each !== bob.entity));
      refusedByPolicy(await signs());
      refusedByPolicy(await company.server.ask("ssh-trust/data/fleet", { token }));
      await setMembers(company, "platform", (members) => [...members, bob.entity]);
      answered(await signs());
    });

    test("a person whose entity is disabled: neither signature nor sign-in", async () => {
      const trent = await company.add("trent");
      const token = tokenOf((await company.signIn("trent", trent)).body);
      answered(await ask("registrar", ["", `POST identity/entity/id/${trent.entity}`, { disabled: true }]));
      refusedByPolicy(await company.personSigns(token, "ops@web"));
      refusedByPolicy(await company.server.ask("ssh-trust/data/fleet", { token }));
      refusedByPolicy(await company.server.ask("auth/token/renew-self", { token, body: {} }));
      expect((await company.signIn("trent", trent)).status).not.toBe(200);
    });

    const disable = async (roleId: string) => {
      const alias = { alias_name: roleId, alias_mount_accessor: company.facts["hosts"] };
      const { body } = await ask("registrar", ["", "POST identity/lookup/entity", alias]);
      answered(await ask("registrar", ["", `POST identity/entity/id/${text(body.data, "id")}`, { disabled: true }]));
    };

    test("a host whose AppRole is deleted: its live token goes on signing (known); its entity disabled: refused at once", async () => {
      const host = await enrol(company, "example.org", "web-7", "web");
      answered(await ask("registrar", ["", `DELETE ${org}/role/web-7`]));
      answered(await company.hostSigns(host.token, "web", "web-7.example.org"));
      await disable(host.roleId);
      refusedByPolicy(await company.hostSigns(host.token, "web", "web-7.example.org"));
      refusedByPolicy(await company.server.ask("ssh-trust/data/hosts/web-7.example.org", { token: host.token, body: entry }));
      refusedByPolicy(await company.server.ask("auth/token/renew-self", { token: host.token, body: {} }));
    });

    test("a host whose secret id is destroyed: no sign-in; its live token goes on signing (known)", async () => {
      const host = await enrol(company, "example.org", "web-8", "web");
      const destroy = `POST ${org}/role/web-8/secret-id-accessor/destroy`;
      answered(await ask("registrar", ["", destroy, { secret_id_accessor: host.accessor }]));
      refusedFor(await company.hostSignsIn(host), /invalid role or secret ID/);
      answered(await company.hostSigns(host.token, "web", "web-8.example.org"));
    });

    test("a host that is enrolled anew: the old token makes the new one's secret ids (known), until its entity is disabled", async () => {
      const old = await enrol(company, "example.org", "web-6", "web");
      answered(await ask("registrar", ["", `DELETE ${org}/role/web-6`]));
      const young = await enrol(company, "example.org", "web-6", "web");
      const secretId = () => company.server.ask(`${org}/role/web-6/secret-id`, { token: old.token, body: {} });
      answered(await secretId());
      refusedByPolicy(await company.server.ask(`${org}/role/web-6/role-id`, { token: old.token }));
      await disable(old.roleId);
      refusedByPolicy(await secretId());
      answered(await company.hostSigns(young.token, "web", "web-6.example.org"));
    });
  });
});

/** One that is right neither now nor in the half minutes around. */
function wrongCode({ otpauth }: Person): string {
  const near = [-1, 0, 1].map((each) => codeOf(otpauth, new Date(Date.now() + each * 30_000)));
  return ["000000", "111111", "222222", "333333"].find((each) => !near.includes(each)) ?? "";
}
