/** People, as a people registrar invites, resets and removes them: with that policy's token and no other, on both servers. */
import { generateKeyPairSync } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { SignInMethod } from "../../src/fleet/fleet.js";
import type { StoredFleet } from "../../src/fleet/stored.js";
import { readInvitation, type Invitation } from "../../src/people/invitation.js";
import { invitePerson, type InviteOptions } from "../../src/people/register/invite.js";
import { listPeople } from "../../src/people/register/list.js";
import { removePerson } from "../../src/people/register/remove.js";
import { resetPerson } from "../../src/people/register/reset.js";
import { wireString } from "../../src/ssh/wire.js";
import { openVaultApi, type VaultApi } from "../../src/vault/api.js";
import { readStoredFleet } from "../../src/vault/stored-fleet.js";
import { applyFleet, text, tokenOf, type AppliedFleet } from "../support/applied-fleet.js";
import { fleetText } from "../support/fleet.js";
import { refused } from "../support/operator.js";
import { personAt } from "../support/person.js";
import { mayOfAllPaths } from "../support/paths.js";
import { until, type Ran } from "../support/project.js";
import { answered, asks, refusedByPolicy, refusedFor } from "../support/requests.js";
import { serverKinds, type Answer } from "../support/servers.js";
import { codeOf } from "../support/totp.js";
import { allowedToPeopleRegistrar, pathsOfPeopleRegistrar, refusedToPeopleRegistrar } from "./tables/people-registrar.js";

jest.setTimeout(180_000);

const at = "auth/ssh-trust/people";
const { x = "" } = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
const publicKey = `ssh-ed25519 ${Buffer.concat([wireString("ssh-ed25519"), wireString(Buffer.from(x, "base64url"))]).toString("base64")}`;

/** Of an invitation that was opened. */
interface Opened {
  readonly password: string;
  readonly otpauth: string;
}

describe.each(serverKinds)("%s", (kind) => {
  let fleet: AppliedFleet;
  let api: VaultApi;
  let root: VaultApi;
  let stored: StoredFleet;
  let token: string;
  let totp: string;
  const facts: Record<string, string> = {};
  const own = (): SignInMethod => stored.fleet.signIn.find(({ method }) => method === "userpass") as SignInMethod;

  beforeAll(async () => {
    fleet = await applyFleet(kind, (vault) =>
      fleetText(vault).replace("session: 10h", "limits: { sign-in: 1000, sign: 1000, store: 1000 }"),
    );
    const { must, server } = fleet;
    const printed = await fleet.folder.sshTrust(["apply", "--print-policy", "people"], undefined, { VAULT_ADDR: server.address });
    expect({ exit: printed.exit, stderr: printed.stderr }).toEqual({ exit: 0, stderr: "" });
    await must("sys/policies/acl/company-people", { body: { policy: printed.stdout } });
    const body = { policies: ["company-people"], no_default_policy: true, ttl: "1h" };
    token = tokenOf(await must("auth/token/create-orphan", { body }));
    const settings = {
      address: server.address,
      tls: { caCert: server.caFile },
      namespace: undefined,
      tokenSource: "VAULT_TOKEN",
    };
    api = openVaultApi({ ...settings, token });
    root = openVaultApi({ ...settings, token: server.rootToken });
    stored = await readStoredFleet(api);
    const enforced = (await must("identity/mfa/login-enforcement/ssh-trust-people")).data as Record<string, [string]>;
    totp = enforced["mfa_method_ids"]?.[0] ?? "";
    Object.assign(facts, {
      totp,
      people: enforced["auth_method_accessors"]?.[0] ?? "",
      root: server.rootToken,
      "a key": publicKey,
    });
  }, 180_000);
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
  });

  const people = (args: string, by = token, env: Record<string, string> = {}): Promise<Ran> =>
    fleet.folder.sshTrust(["people", ...args.split(" ")], by, { VAULT_ADDR: fleet.server.address, ...env });
  const ask = (path: string, by: string, body?: unknown) =>
    fleet.server.ask(path, body === undefined ? { token: by } : { token: by, body });
  const options = (groups: readonly string[] = ["platform"], more: Partial<InviteOptions> = {}): InviteOptions => ({
    groups,
    valid: 600,
    tls: { ca: [], serverName: undefined },
    handOver: () => Promise.resolve(),
    ...more,
  });
  const invite = (name: string, groups?: readonly string[], more?: Partial<InviteOptions>, by = api) =>
    invitePerson(by, stored, name, options(groups, more));
  const reset = (name: string, groups: readonly string[] = [], by = api) => resetPerson(by, stored, name, options(groups));
  const remove = (name: string, method = own()) => removePerson(api, stored, name, method);

  /** What the invited person's program does. */
  async function open({ token: wrapped, user }: Pick<Invitation, "token" | "user">): Promise<Opened> {
    const outer = (await fleet.must("sys/wrapping/unwrap", { token: wrapped, method: "POST" })).data;
    expect(outer).toEqual({ user, password: expect.stringMatching(/^[\w-]{43}$/), factor: expect.any(String) });
    const inner = (await fleet.must("sys/wrapping/unwrap", { token: text(outer, "factor"), method: "POST" })).data;
    return { password: text(outer, "password"), otpauth: text(inner, "url") };
  }
  const begin = (name: string, password: string) => fleet.server.ask(`${at}/login/${name}`, { token: "", body: { password } });
  async function signIn(name: string, { password, otpauth }: Opened): Promise<Answer> {
    const { auth } = (await begin(name, password)).body as { auth?: { mfa_requirement?: { mfa_request_id: string } } };
    const body = {
      mfa_request_id: auth?.mfa_requirement?.mfa_request_id,
      mfa_payload: { [totp]: [codeOf(otpauth, new Date())] },
    };
    return fleet.server.ask("sys/mfa/validate", { token: "", body });
  }
  const sign = (by: string) => ask("user-ssh/sign/platform-web", by, { public_key: publicKey, valid_principals: "deploy@web" });
  async function comesIn(invitation: Invitation): Promise<string> {
    const answer = await signIn(invitation.user, await open(invitation));
    expect(answer.status).toBe(200);
    return tokenOf(answer.body);
  }
  const hasUser = async (name: string) => (await fleet.server.ask(`${at}/users/${name}`)).status === 200;
  const entityOf = async (name: string) => {
    const body = { alias_name: name, alias_mount_accessor: facts["people"] };
    return (await fleet.server.ask("identity/lookup/entity", { body })).body.data as
      | { id: string; disabled: boolean }
      | undefined;
  };
  const membersOf = async (group: string) =>
    ((await fleet.must(`identity/group/name/ssh-trust-${group}`)).data?.["member_entity_ids"] ?? []) as readonly string[];

  describe("the people registrar's policy", () => {
    beforeAll(async () => {
      await invite("alice");
      await invite("dora", ["dba"]);
      for (const name of ["alice", "dora"]) facts[`${name}: entity`] = (await entityOf(name))?.id ?? "";
      await fleet.must("identity/group", { body: { name: "admins", policies: ["company-operator"] } });
    });
    test.each(refusedToPeopleRegistrar)("refuses %s", async (...row) => {
      refusedByPolicy(await asks(fleet.server, facts, token, row));
    });
    test.each(allowedToPeopleRegistrar)("allows %s", async (...row) => {
      answered(await asks(fleet.server, facts, token, row));
    });
    test("allows these of all paths", async () => {
      const having = async (...policies: readonly string[]) =>
        tokenOf(await fleet.must("auth/token/create-orphan", { body: { policies, ttl: "1h" } }));
      const [both, usual] = await Promise.all([having("default", "company-people"), having("default")]);
      expect(await mayOfAllPaths(fleet, both, usual)).toEqual([...pathsOfPeopleRegistrar].sort());
    });
    afterAll(async () => {
      await remove("alice");
      await remove("dora");
    });
  });

  describe("refused, and nothing is made", () => {
    test.each<[args: string, code: string, said: string, exit: number]>([
      ["add alice", "USAGE", "--group is missing", 2],
      ["add Alice --group platform", "PERSON_NAME_INVALID", 'did you mean "alice"?', 2],
      ["add a/b --group platform", "PERSON_NAME_INVALID", "has other characters", 2],
      ["add alice --group platform --valid 25h", "USAGE", "--valid:", 2],
      ["add alice --group platform --out ssh-trust.yaml", "INVITATION_FILE_EXISTS", "never overwritten", 1],
      ["add alice --group web", "PEOPLE_GROUP_UNKNOWN", "there are: platform, dba", 1],
      ["add alice --group plaform", "PEOPLE_GROUP_UNKNOWN", 'did you mean "platform"?', 1],
      ["reset alice", "USAGE", "nobody can be asked here: look at people list, then give --yes", 2],
      ["remove alice", "USAGE", "nobody can be asked here: look at people list, then give --yes", 2],
      ["reset alice --yes", "PERSON_UNKNOWN", "Vault knows no alice at auth/ssh-trust/people", 1],
      ["remove alice --yes", "PERSON_UNKNOWN", "people list", 1],
      ["remove alice --method oidc --yes", "USAGE", 'no sign-in by "oidc" (there are: userpass)', 2],
    ])("%s: %s", async (args, code, said, exit) => {
      const { stderr, stdout, exit: ended } = await people(args);
      expect({ ended, stdout, stderr }).toEqual({ ended: exit, stdout: "", stderr: expect.stringContaining(`[${code}]`) });
      expect(stderr).toContain(said);
      expect(stderr).toContain("ssh-trust: hint: ");
      expect(await hasUser("alice")).toBe(false);
    });

    test("a token of the registrar of hosts: the policy that is needed is named", async () => {
      const { stderr, exit } = await people("add alice --group platform", fleet.registrar);
      expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining("apply --print-policy people") });
      expect(await hasUser("alice")).toBe(false);
    });

    test.each<[what: string, signIn: readonly SignInMethod[], said: string]>([
      ["without passwords", [], "the fleet file has no sign-in.userpass"],
      [
        "with passwords of somebody else's",
        [{ method: "userpass", ours: false, path: "userpass" }],
        "one that Vault had already",
      ],
    ])("a fleet %s", async (_what, methods, said) => {
      const other = { ...stored, fleet: { ...stored.fleet, signIn: methods } };
      const error = await refused(invitePerson(api, other, "alice", options()));
      expect(error).toMatchObject({ code: "PEOPLE_WITHOUT_PASSWORDS", message: expect.stringContaining(said) });
    });

    test("where the second factor is not enforced: a password alone would let anybody in", async () => {
      const path = "identity/mfa/login-enforcement/ssh-trust-people";
      const { data = {} } = await fleet.must(path);
      const { mfa_method_ids: methods, auth_method_accessors: mounts } = data;
      await fleet.must(path, { method: "DELETE" });
      expect(await refused(invite("alice"))).toMatchObject({ code: "PEOPLE_SECOND_FACTOR_MISSING" });
      await fleet.must(path, { body: { mfa_method_ids: methods, auth_method_types: ["approle"] } });
      expect(await refused(invite("alice"))).toMatchObject({ code: "PEOPLE_SECOND_FACTOR_MISSING" });
      await fleet.must(path, { method: "DELETE" });
      await fleet.must(path, { body: { mfa_method_ids: methods, auth_method_accessors: mounts } });
      expect(await hasUser("alice")).toBe(false);
    });
  });

  describe("somebody who is invited", () => {
    let before: string;

    test("has a file that is nobody else's to read; nothing secret is said", async () => {
      const { exit, stdout, stderr } = await people("add alice --group platform --out alice.invitation");
      expect({ exit, stdout }).toEqual({ exit: 0, stdout: "alice.invitation" });
      expect(stderr).toMatch(/alice is invited, to the group platform; the invitation can be used once, until [-\d]+ [:\d]+ UTC/);
      expect(stderr).toContain("the first who opens it can sign in as alice");
      expect(stderr).toContain("login --invitation alice.invitation");
      const file = join(fleet.folder.folder, "alice.invitation");
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const invitation = readInvitation(await readFile(file, "utf8"));
      expect(invitation).toMatchObject({ vault: fleet.server.address, mount: "ssh-trust/people", user: "alice" });
      expect(invitation.ca).toEqual([await readFile(fleet.server.caFile, "utf8")]);
      expect(Math.abs(invitation.until.getTime() - Date.now() - 24 * 3600_000)).toBeLessThan(60_000);
      expect(stderr).not.toContain(invitation.token);
    });

    test("opens it once, signs in with a code, chooses a password, and has a key signed", async () => {
      const invitation = readInvitation(await readFile(join(fleet.folder.folder, "alice.invitation"), "utf8"));
      const opened = await open(invitation);
      expect((await ask("sys/wrapping/unwrap", invitation.token, {})).status).toBe(400);
      expect(tokenOf((await begin("alice", opened.password)).body)).toBe("");
      before = tokenOf((await signIn("alice", opened)).body);
      answered(await sign(before));
      answered(await ask(`${at}/users/alice/password`, before, { password: "correct horse battery" }));
      refusedFor(await begin("alice", opened.password), /invalid username or password/);
      expect((await begin("alice", "correct horse battery")).status).toBe(200);
    });

    test("is not invited again; the group keeps all who are in it", async () => {
      const error = await refused(invite("alice"));
      expect(error).toMatchObject({ code: "PERSON_EXISTS", hint: expect.arrayContaining([expect.anything()]) });
      expect(await refused(invite("alice", ["dba"], {}, root))).toMatchObject({ code: "PERSON_EXISTS" });
      answered(await sign(before));
      expect((await begin("alice", "correct horse battery")).status).toBe(200);
    });

    test("is printed, where no file is named", async () => {
      const { exit, stdout, stderr } = await people("add bob --group platform --group dba --valid 1h");
      expect({ exit, stderr }).toEqual({
        exit: 0,
        stderr: expect.stringContaining("bob is invited, to the groups platform, dba"),
      });
      answered(await sign(await comesIn(readInvitation(stdout))));
      expect(await people("list")).toMatchObject({
        exit: 0,
        stdout: "alice  userpass  platform       may sign in\nbob    userpass  platform, dba  may sign in",
        stderr: "",
      });
      expect(JSON.parse((await people("list --format json")).stdout)).toEqual([
        { name: "alice", method: "userpass", groups: ["platform"], state: "active" },
        { name: "bob", method: "userpass", groups: ["platform", "dba"], state: "active" },
      ]);
    });

    test("who is reset: what was before is worth nothing, the groups stay; wrong passwords no longer count", async () => {
      for (let tries = 0; tries < 5; tries++) await begin("alice", "wrong");
      refusedByPolicy(await begin("alice", "correct horse battery"));
      const { exit, stdout, stderr } = await people("reset alice --yes");
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringContaining("no longer work") });
      expect((await sign(before)).status).toBe(403);
      expect((await ask("auth/token/lookup-self", before)).status).toBe(403);
      const after = await comesIn(readInvitation(stdout));
      refusedFor(await begin("alice", "correct horse battery"), /invalid username or password/);
      answered(await sign(after));
    });

    test("who is reset before the invitation was opened: the first one opens nothing any more", async () => {
      const first = await invite("carol");
      const second = await reset("carol");
      const opened = await open(first);
      refusedFor(await begin("carol", opened.password), /invalid username or password/);
      const good = await open(second);
      expect((await signIn("carol", { ...good, otpauth: opened.otpauth })).status).toBe(403);
    });

    test("who is removed: nothing more is signed, at once; the name is free, and a new one inherits nothing", async () => {
      const live = await comesIn(await reset("alice"));
      const old = (await entityOf("alice"))?.id ?? "";
      await fleet.must("identity/group", { body: { name: "admins", member_entity_ids: [old] } });
      const { exit, stdout, stderr } = await people("remove alice --yes");
      expect({ exit, stdout }).toEqual({ exit: 0, stdout: "alice" });
      expect(stderr).toMatch(/what was signed just before is accepted for 1m at most, until [-\d]+ [:\d]+ UTC/);
      expect(stderr).toContain("open sessions continue");
      expect(await entityOf("alice")).toBeUndefined();
      expect(await hasUser("alice")).toBe(false);
      expect(await membersOf("platform")).not.toContain(old);
      const again = await comesIn(await invite("alice", ["dba"]));
      expect((await sign(again)).status).toBe(403);
      expect((await fleet.must("identity/group/name/admins")).data?.["member_entity_ids"]).toEqual([]);
      for (const path of ["auth/token/lookup-self", "ssh-trust/data/fleet"]) refusedTwice(await ask(path, live));
      refusedTwice(await sign(live));
      refusedTwice(await ask("auth/token/renew-self", live, {}));
    });
    /** Vault says of a token that is gone that it is invalid, too. */
    const refusedTwice = ({ status }: Answer) => {
      expect(status).toBe(403);
    };

    test("at a terminal, it is said what would happen, and asked; whoever does not say yes changes nothing", async () => {
      await using registrar = await personAt(fleet.server);
      await registrar.secret(".vault-token", token);
      const live = await comesIn(await invite("fred"));
      for (const [verb, said] of [
        ["reset", /all sign-ins of fred end at once[^]*fred stays in the group platform\n[^]*reset fred\? \[y\/N\] /],
        ["remove", /fred signs in with userpass, and is in the group platform\n[^]*remove fred\? \[y\/N\] /],
      ] as const) {
        const no = await registrar.atTerminal(["people", verb, "fred"], ["[y/N]", "\r"]);
        expect(no).toMatchObject({ exit: 1, left: 0, shown: expect.stringMatching(/\nnothing was changed\n/) });
        expect(no.shown).toMatch(said);
        const interrupted = await registrar.atTerminal(["people", verb, "fred"], ["[y/N]", "\u0003"]);
        expect(interrupted).toMatchObject({ exit: 130, shown: expect.stringMatching(/interrupted; no(?:thing|body) was/) });
      }
      answered(await sign(live));
      const unknown = await registrar.atTerminal(["people", "remove", "nobody"]);
      expect(unknown).toMatchObject({ exit: 1, shown: expect.stringContaining("[PERSON_UNKNOWN]") });
      const yes = await registrar.atTerminal(["people", "remove", "fred"], ["[y/N]", "y\r"]);
      expect(yes).toMatchObject({ exit: 0, left: 0 });
      refusedTwice(await sign(live));
    });

    test("a name that begins as another's does not end the other's sign-ins", async () => {
      const live = await comesIn(await invite("eve"));
      const other = await comesIn(await invite("eve-2"));
      const third = await comesIn(await invite("eve.2"));
      await remove("eve");
      expect((await sign(live)).status).toBe(403);
      answered(await sign(other));
      answered(await sign(third));
    });
  });

  describe("two at once, and those that end half-way", () => {
    test("six invitations to one group at once: all are in it; of two for one name, one is refused", async () => {
      const names = ["p1", "p2", "p3", "p4", "p5"];
      const [twice, ...all] = await Promise.allSettled([invite("p1"), ...names.map((name) => invite(name))]);
      expect([twice, all[0]].map((each) => String(each?.status)).sort()).toEqual(["fulfilled", "rejected"]);
      expect(all.slice(1).every(({ status }) => status === "fulfilled")).toBe(true);
      const members = await membersOf("platform");
      for (const name of names) expect(members).toContain((await entityOf(name))?.id);
      expect((await fleet.server.ask("ssh-trust/metadata/people-are-changed")).status).toBe(404);
    }, 180_000);

    test("what cannot be handed over is taken away again, even where it was opened meanwhile", async () => {
      let live = "";
      const handOver = async (invitation: Invitation) => {
        live = await comesIn(invitation);
        answered(await sign(live));
        throw new Error("no room");
      };
      const before = await membersOf("platform");
      expect((await refused(invite("frank", undefined, { handOver }))).message).toBe("no room");
      expect([await hasUser("frank"), await entityOf("frank")]).toEqual([false, undefined]);
      expect(await membersOf("platform")).toEqual(before);
      expect((await sign(live)).status).toBe(403);
    });

    test("somebody who has only a password: not invited again, listed so, and complete after a reset", async () => {
      await fleet.must(`${at}/users/grace`, { body: { password: "nobody knows" } });
      await fleet.must("ssh-trust/data/people-are-changed", { body: { data: { by: "one that was killed" } } });
      expect(await refused(invite("grace"))).toMatchObject({ code: "PERSON_EXISTS" });
      await fleet.must("ssh-trust/metadata/people-are-changed", { method: "DELETE" });
      expect(await listPeople(api, stored)).toContainEqual({
        name: "grace",
        method: "userpass",
        groups: [],
        state: "unfinished",
      });
      answered(await sign(await comesIn(await reset("grace", ["platform"]))));
    });

    test("somebody whose password is gone: a new one of that name would have the same rights, so what is left goes first", async () => {
      const live = await comesIn(await invite("heidi"));
      await fleet.must(`${at}/users/heidi`, { method: "DELETE" });
      expect(await refused(invite("heidi"))).toMatchObject({ code: "PERSON_REMAINS" });
      expect(await refused(reset("heidi"))).toMatchObject({ code: "PERSON_UNKNOWN" });
      expect(await listPeople(api, stored)).toContainEqual(expect.objectContaining({ name: "heidi", state: "without-password" }));
      expect(await remove("heidi")).toMatchObject({ groups: ["platform"], kept: undefined });
      expect((await sign(live)).status).toBe(403);
      await invite("heidi");
    });

    test("where a group is gone: nobody is put into it, and somebody who was in it is removed all the same", async () => {
      const elsewhere = { ...stored, fleet: { ...stored.fleet, people: [...stored.fleet.people, lost] } };
      const error = await refused(invitePerson(root, elsewhere, "mia", options(["lost"])));
      expect(error).toMatchObject({ code: "PEOPLE_GROUP_MISSING" });
      expect([await hasUser("mia"), await entityOf("mia")]).toEqual([false, undefined]);
      await invite("mia");
      expect(await removePerson(root, elsewhere, "mia", own())).toMatchObject({ groups: ["platform"] });
    });
    const lost = { name: "lost", members: [], identityGroups: [] };

    test("somebody who was disabled: a reset lets nobody in again; removing is finished", async () => {
      await invite("ivan");
      const { id = "" } = (await entityOf("ivan")) ?? {};
      await ask(`identity/entity/id/${id}`, token, { disabled: true });
      expect(await refused(reset("ivan"))).toMatchObject({ code: "PERSON_DISABLED" });
      expect(await listPeople(api, stored)).toContainEqual(expect.objectContaining({ name: "ivan", state: "disabled" }));
      await remove("ivan");
      expect(await entityOf("ivan")).toBeUndefined();
    });

    test("somebody who is removed while another one resets them: the reset says so, and the removal comes to its end", async () => {
      await invite("kim");
      const removing: Promise<unknown>[] = [];
      const write: VaultApi["write"] = async (path, ...rest) => {
        const answer = await api.write(path, ...rest);
        if (path.endsWith("kim/password")) {
          removing.push(remove("kim"));
          await until("the entity to be disabled", 10, async () => (await entityOf("kim"))?.disabled === true, 50);
        }
        return answer;
      };
      expect(await refused(reset("kim", [], { ...api, write }))).toMatchObject({
        code: "PERSON_CHANGED",
        message: "somebody else removed kim at the same time",
      });
      await Promise.all(removing);
      expect(removing).toHaveLength(1);
      expect([await hasUser("kim"), await entityOf("kim")]).toEqual([false, undefined]);
    });

    test("somebody whom root made by hand is reset and removed as any other", async () => {
      await fleet.must(`${at}/users/judy`, { body: { password: "by hand" } });
      const id = text((await fleet.must("identity/entity", { body: { name: "judy" } })).data, "id");
      await fleet.must("identity/entity-alias", { body: { name: "judy", canonical_id: id, mount_accessor: facts["people"] } });
      answered(await sign(await comesIn(await reset("judy", ["platform"]))));
      expect((await entityOf("judy"))?.id).toBe(id);
      expect(await remove("judy")).toMatchObject({ groups: ["platform"], kept: undefined });
    });
  });

  describe("somebody whom an identity provider knows", () => {
    const corp: SignInMethod = { method: "ldap", ours: false, path: "corp" };
    let both: StoredFleet;
    let live: string;
    beforeAll(async () => {
      both = { ...stored, fleet: { ...stored.fleet, signIn: [...stored.fleet.signIn, corp] } };
      await fleet.must("sys/auth/corp", { body: { type: "userpass" } });
      await fleet.must("auth/corp/users/kate", { body: { password: "k", token_policies: "ssh-trust-people-platform" } });
      live = tokenOf(await fleet.must("auth/corp/login/kate", { token: "", body: { password: "k" } }));
      answered(await sign(live));
    });

    test("is found where no method was named", async () => {
      const error = await refused(removePerson(api, both, "kate", own()));
      expect(error).toMatchObject({ code: "PERSON_UNKNOWN", fields: { elsewhere: "ldap" } });
    });

    test("is disabled and kept: deleted, they would be let in again", async () => {
      const removed = await removePerson(api, both, "kate", corp);
      expect(removed).toMatchObject({ method: "ldap", kept: expect.any(String), alsoAt: [] });
      expect((await sign(live)).status).toBe(403);
      const again = await fleet.server.ask("auth/corp/login/kate", { token: "", body: { password: "k" } });
      expect(again.status).toBe(403);
      expect(await listPeople(api, both)).toContainEqual({ name: "kate", method: "ldap", groups: [], state: "disabled" });
      expect(await refused(removePerson(api, both, "nobody", corp))).toMatchObject({ code: "PERSON_UNKNOWN" });
    });

    test("and who has a password as well stays disabled, and is not invited again by that name", async () => {
      await invite("liam");
      const { id = "" } = (await entityOf("liam")) ?? {};
      const mount = ((await fleet.must("sys/auth")).data as { "corp/": { accessor: string } })["corp/"].accessor;
      await fleet.must("identity/entity-alias", { body: { name: "liam", canonical_id: id, mount_accessor: mount } });
      expect(await removePerson(api, both, "liam", own())).toMatchObject({ kept: id, alsoAt: ["auth/corp"] });
      expect([await hasUser("liam"), await entityOf("liam")]).toEqual([false, expect.objectContaining({ disabled: true })]);
      expect(await refused(invite("liam"))).toMatchObject({ code: "PERSON_DISABLED", fields: { kept: true } });
    });
  });
});
