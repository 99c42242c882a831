/** A fleet that is there already, and a file that changes, or a Vault that somebody changed by hand: only what has to change changes. */
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { fleetFolder, fleetText, type FleetFolder } from "../support/fleet.js";
import { operatorAt, operatorToken, type Operator } from "../support/operator.js";
import { signedIn } from "../support/people.js";
import { serverKinds, startServer, type Server } from "../support/servers.js";
import { differences, snapshotOf, type Snapshot } from "../support/vault-snapshot.js";

jest.setTimeout(180_000);

interface Edit {
  /** On both servers; else on one of them, by turns. */
  readonly both?: true;
  readonly edit: (text: string) => string;
  readonly words: readonly string[];
  /** Of Terraform: added, changed, destroyed. */
  readonly counts: readonly [number, number, number];
  /** What is different in Vault, beside the entry that clients read. */
  readonly differs: readonly string[];
  /** What is not as before once the file is as before: what has an id of Vault's, made anew. */
  readonly stays?: readonly string[];
}

const edits: Readonly<Record<string, Edit>> = {
  "a rule taken away": {
    both: true,
    edit: (text) => text.replace(/ {2}- \{ name: dba-db.*\n/, ""),
    words: ["withdraws: dba may no longer log in as postgres-admin on db"],
    counts: [0, 2, 3],
    differs: [
      "- sys/policies/acl/ssh-trust-reserve-dba-db",
      "- user-ssh/roles/dba-db",
      "- user-ssh/roles/dba-db_reserve",
      "~ sys/policies/acl/ssh-trust-people-dba",
      "~ the group ssh-trust-dba",
    ],
  },
  "a group of people with another name is another list of members": {
    edit: (text) => text.replace("  platform: {}", "  core: {}").replace("who: platform", "who: core"),
    words: [
      "withdraws: platform may no longer log in as deploy, ops on web",
      "withdraws: the group platform of people is gone, and who was in it",
      "grants: core may now log in as deploy, ops on web (rule platform-web): 1m, pty",
      "grants: the group core of people is new",
    ],
    counts: [2, 0, 2],
    differs: [
      "+ sys/policies/acl/ssh-trust-people-core",
      "+ the group ssh-trust-core",
      "- sys/policies/acl/ssh-trust-people-platform",
      "- the group ssh-trust-platform",
    ],
    stays: ["+ the group ssh-trust-platform", "- the group ssh-trust-platform"],
  },
  "a group of hosts renamed": {
    edit: (text) => text.replace("  web: {", "  front: {").replace("on: web", "on: front"),
    words: [
      "changes: the group web of hosts is now called front: principals are now account@front, and nobody can log in to its hosts until they are certified under front",
    ],
    counts: [2, 1, 2],
    differs: [
      "+ host-ssh/roles/front",
      "+ sys/policies/acl/ssh-trust-host-front",
      "- host-ssh/roles/web",
      "- sys/policies/acl/ssh-trust-host-web",
      "~ user-ssh/roles/platform-web",
    ],
  },
  "a group of hosts split": {
    edit: (text) => text.replace(/(?= {2}db: )/, `  app: { names: "app-*.example.org", accounts: [deploy] }\n`),
    words: ["grants: the group app of hosts is new: hosts named app-*.example.org, accounts deploy, certificates of 72h"],
    counts: [2, 0, 0],
    differs: ["+ host-ssh/roles/app", "+ sys/policies/acl/ssh-trust-host-app"],
  },
  "a domain added": {
    edit: (text) =>
      text
        .replace("[example.org]", "[example.org, example.net]")
        .replace("people:\n", `  edge: { names: "edge-*.example.net", accounts: [deploy] }\npeople:\n`),
    words: [
      "grants: the group edge of hosts is new: hosts named edge-*.example.net, accounts deploy, certificates of 72h",
      "grants: the host CA now vouches for names below example.net",
    ],
    counts: [4, 0, 0],
    differs: [
      "+ host-ssh/roles/edge",
      "+ sys/auth/ssh-trust/hosts/example.net/",
      "+ sys/policies/acl/ssh-trust-host-edge",
      "+ sys/quotas/rate-limit/ssh-trust-limit-auth.ssh-trust.hosts.example.net",
    ],
  },
  "another session": {
    edit: (text) => text.replace("session: 10h", "session: 8h"),
    words: ["withdraws: a sign-in lasts at most 8h, not 10h"],
    counts: [0, 1, 0],
    differs: ["~ sys/auth/ssh-trust/people/"],
  },
  "also taken away": {
    edit: (text) => text.replace(" also: [www.example.org],", ""),
    words: ["withdraws: hosts of web may no longer use the name www.example.org"],
    counts: [0, 1, 0],
    differs: ["~ host-ssh/roles/web"],
  },
  "with narrowed": {
    edit: (text) => text.replace("[pty, port-forwarding]", "[]"),
    words: ["withdraws: dba may no longer use a pty and port forwarding on db"],
    counts: [0, 2, 0],
    differs: ["~ user-ssh/roles/dba-db", "~ user-ssh/roles/dba-db_reserve"],
  },
  "a reserve taken away": {
    edit: (text) => text.replace(", reserve: 1h", ""),
    words: ["withdraws: rule dba-db: there is no longer a reserve certificate"],
    counts: [0, 1, 2],
    differs: ["- sys/policies/acl/ssh-trust-reserve-dba-db", "- user-ssh/roles/dba-db_reserve", "~ the group ssh-trust-dba"],
  },
};

interface ByHand {
  readonly both?: true;
  readonly does: (server: Server) => Promise<unknown>;
  readonly counts: readonly [number, number, number];
  readonly steps?: readonly string[];
  readonly stays?: readonly string[];
}

const entry = "the entry ssh-trust/data/fleet, which clients read";
const post = (path: string, body: unknown) => (server: Server) => server.ask(path, { body });
const remove = (path: string) => (server: Server) => server.ask(path, { method: "DELETE" });

const byHand: Readonly<Record<string, ByHand>> = {
  "a role that signs for longer and for root": {
    both: true,
    does: post("user-ssh/roles/platform-web", {
      ...{ key_type: "ca", allow_user_certificates: true, allowed_users: "root@web", max_ttl: "24h", ttl: "24h" },
      ...{ allowed_extensions: "*", allow_user_key_ids: true, allow_empty_principals: true, algorithm_signer: "rsa-sha2-256" },
    }),
    counts: [0, 1, 0],
  },
  "a role deleted": { does: remove("host-ssh/roles/db"), counts: [1, 0, 0] },
  "a policy widened": {
    does: post("sys/policies/acl/ssh-trust-people-dba", { policy: 'path "*" { capabilities = ["sudo", "read"] }' }),
    counts: [0, 1, 0],
  },
  "a policy deleted": { does: remove("sys/policies/acl/ssh-trust-signed-in"), counts: [0, 1, 0] },
  "a group with another policy": {
    does: post("identity/group", {
      name: "ssh-trust-dba",
      type: "internal",
      policies: ["ssh-trust-people-platform", "root-ish"],
    }),
    counts: [0, 1, 0],
  },
  "a sign-in that lasts for a month, seen by everyone": {
    does: post("sys/auth/ssh-trust/people/tune", {
      ...{ max_lease_ttl: "720h", default_lease_ttl: "720h", description: "mine", listing_visibility: "unauth" },
    }),
    counts: [0, 1, 0],
  },
  "no second factor any more": {
    both: true,
    does: remove("identity/mfa/login-enforcement/ssh-trust-people"),
    counts: [1, 0, 0],
    stays: ["~ identity/mfa/login-enforcement/ssh-trust-people"], // its id
  },
  "a rate limit raised": {
    does: post("sys/quotas/rate-limit/ssh-trust-limit-user-ssh", { path: "user-ssh", rate: 100_000, interval: 1 }),
    counts: [0, 1, 0],
  },
  "the mount where hosts sign in, taken away": {
    does: remove("sys/auth/ssh-trust/hosts/example.org"),
    // With its rate limit; and its accessor is in the hosts' roles and policies.
    counts: [2, 4, 0],
    stays: [
      "~ host-ssh/roles/db",
      "~ host-ssh/roles/web",
      "~ sys/auth/ssh-trust/hosts/example.org/",
      "~ sys/policies/acl/ssh-trust-host-db",
      "~ sys/policies/acl/ssh-trust-host-web",
    ],
  },
  "the entry deleted": { does: remove("ssh-trust/data/fleet"), counts: [0, 0, 0], steps: [entry] },
  "the entry deleted for good": { does: remove("ssh-trust/metadata/fleet"), counts: [0, 0, 0], steps: [entry] },
};

describe.each(serverKinds)("%s", (kind) => {
  let server: Server;
  let fleet: FleetFolder;
  let operator: Operator;
  let text: string;
  let first: Snapshot;

  beforeAll(async () => {
    server = await startServer(kind);
    fleet = await fleetFolder(server);
    text = fleetText(server.address);
    operator = operatorAt(server, fleet.folder, await operatorToken(server, text));
    await operator.apply(text);
    // Whom somebody added to a group is not in the file.
    const { id } = (await server.ask("identity/entity", { body: { name: "bob" } })).body.data ?? {};
    await server.ask("identity/group/name/ssh-trust-dba", { body: { member_entity_ids: [id] } });
    first = await snapshotOf(server);
  }, 300_000);
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const here = <T extends { readonly both?: true }>(all: Readonly<Record<string, T>>) =>
    Object.entries(all).filter(([, { both }], place) => both === true || serverKinds[place % 2] === kind);

  test.each(here(edits))("%s", async (_name, { edit, words, counts: [added, changed, destroyed], differs, stays = [] }) => {
    const counts = { added, changed, destroyed, imported: 0 };
    const done = await operator.apply(edit(text));
    expect(done).toEqual({ words, planned: counts, applied: counts, steps: [entry], changes: true });
    expect(differences(first, await snapshotOf(server))).toEqual([...differs, "~ ssh-trust/data/fleet"].sort());
    // As before: what was added goes, and the other way round.
    expect((await operator.apply(text)).applied).toEqual({ ...counts, added: destroyed, destroyed: added });
    const last = await snapshotOf(server);
    expect(differences(first, last)).toEqual(stays);
    first = last;
  });

  test.each(here(byHand))("by hand: %s", async (_name, { does, counts: [added, changed, destroyed], steps = [], stays = [] }) => {
    await does(server);
    const counts = { added, changed, destroyed, imported: 0 };
    expect(await operator.apply(text)).toMatchObject({ planned: counts, steps, changes: true });
    const last = await snapshotOf(server);
    expect(differences(first, last)).toEqual(stays);
    first = last;
  });

  test("people and hosts stay signed in while session and descriptions change", async () => {
    const person = await signedIn(server, "alice");
    const at = "auth/ssh-trust/hosts/example.org";
    await server.ask(`${at}/role/web-1`, { body: { token_policies: ["ssh-trust-host-web"] } });
    const [id, secret] = await Promise.all([
      server.ask(`${at}/role/web-1/role-id`),
      server.ask(`${at}/role/web-1/secret-id`, { method: "POST" }),
    ]);
    const login = await server.ask(`${at}/login`, { body: { ...id.body.data, ...secret.body.data } });
    const tokens = [person, login.body.auth?.client_token ?? ""];
    await server.ask("sys/auth/ssh-trust/hosts/example.org/tune", { body: { description: "another" } });
    const done = await operator.apply(text.replace("session: 10h", "session: 8h"));
    expect(done.applied).toEqual({ added: 0, changed: 2, destroyed: 0, imported: 0 });
    for (const token of tokens) {
      expect((await server.ask("auth/token/lookup-self", { token })).status).toBe(200);
      expect((await server.ask("auth/token/renew-self", { token, body: {} })).status).toBe(200);
    }
    await operator.apply(text);
    expect(differences(first, await snapshotOf(server))).toEqual([]);
  });

  if (kind === "OpenBao")
    test("a rate limit below what apply itself asks for is waited for", async () => {
      expect((await operator.apply(`${text}limits: { sign: 3 }\n`)).applied).toMatchObject({ changed: 2 });
      expect(await operator.plan(`${text}limits: { sign: 3 }\n`)).toMatchObject({ changes: false });
      expect((await operator.apply(text)).applied).toMatchObject({ changed: 2 });
      expect(differences(first, await snapshotOf(server))).toEqual([]);
    });

  test("then there is nothing to change", async () => {
    expect(await operator.plan(text)).toMatchObject({ changes: false, words: [], steps: [] });
  });
});
