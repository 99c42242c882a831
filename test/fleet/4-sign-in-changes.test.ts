/** Ways to sign in that change: what the file leaves out is reset in Vault, and the mount stays. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { placesBeside } from "../../src/operator/fleet/operator.js";
import { planFleet } from "../../src/operator/fleet/plan-fleet.js";
import { fleetFolder, fleetText, type FleetFolder } from "../support/fleet.js";
import { operatorAt, operatorToken, refused, type Operator } from "../support/operator.js";
import { startProvider, type Provider } from "../support/provider.js";
import { startProxy } from "../support/proxy.js";
import { serverKinds, startServer, type Server } from "../support/servers.js";
import { differences, snapshotOf } from "../support/vault-snapshot.js";

jest.setTimeout(180_000);

describe.each(serverKinds)("%s", (kind) => {
  let server: Server;
  let provider: Provider;
  let fleet: FleetFolder;
  let operator: Operator;
  let full: string;

  beforeAll(async () => {
    [server, provider] = await Promise.all([startServer(kind), startProvider()]);
    fleet = await fleetFolder(server);
    full = `${fleetText(server.address)}sign-in:
  userpass: {}
  jwt: { issuer: "${provider.issuer}", audience: vault, claims: { repository: [org/app, org/other], ref: main }, session: 10m, algorithms: [RS256, ES256] }
`;
    operator = operatorAt(server, fleet.folder, await operatorToken(server, full));
    await operator.apply(full);
  }, 300_000);
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const role = async () => (await server.ask("auth/ssh-trust/jwt/role/ssh-trust")).body.data;
  const config = async () => (await server.ask("auth/ssh-trust/jwt/config")).body.data;

  test("claims, algorithms, the session: what is left out is as if it had never been there", async () => {
    const before = await snapshotOf(server);
    expect(await role()).toMatchObject({ bound_claims: { repository: ["org/app", "org/other"], ref: ["main"] }, token_ttl: 600 });
    const less = full
      .replace(/ claims: \{[^}]*\},/, "")
      .replace(", algorithms: [RS256, ES256]", "")
      .replace(" session: 10m", "");
    expect(less).not.toBe(full);
    const done = await operator.apply(less);
    expect(done).toMatchObject({ applied: { added: 0, destroyed: 0 } });
    expect((await role())?.["bound_claims"] ?? {}).toEqual({});
    expect(await role()).toMatchObject({ token_ttl: 900, token_max_ttl: 900 });
    expect(await config()).toMatchObject({ jwt_supported_algs: ["RS256"] });
    expect(await operator.plan(less)).toMatchObject({ changes: false });
    await operator.apply(full);
    expect(differences(before, await snapshotOf(server))).toEqual([]);
  });

  test("a connection that somebody changed is written whole again; a role, too", async () => {
    const before = await snapshotOf(server);
    await server.ask("auth/ssh-trust/jwt/config", {
      body: {
        oidc_discovery_url: provider.issuer,
        bound_issuer: "https://evil.example",
        default_role: "theirs",
        jwt_supported_algs: ["RS256", "PS512"],
      },
    });
    const other = await server.ask("auth/ssh-trust/jwt/role/ssh-trust", {
      body: {
        ...{ role_type: "jwt", user_claim: "/email", bound_audiences: ["other"], token_policies: ["root-ish"] },
        ...{ bound_claims_type: "glob", bound_claims: { x: "*" }, bound_subject: "me" },
        ...{ token_period: "5m", token_num_uses: 3, token_bound_cidrs: ["10.0.0.0/8"], token_no_default_policy: true },
        ...{ expiration_leeway: 3600, not_before_leeway: 3600, user_claim_json_pointer: true, verbose_oidc_logging: true },
        ...{ token_explicit_max_ttl: "9m" },
      },
    });
    expect(other.body.errors).toBeUndefined();
    const done = await operator.apply(full);
    expect(done).toMatchObject({ applied: { changed: 1 }, steps: [expect.stringContaining("auth/ssh-trust/jwt/config")] });
    expect(differences(before, await snapshotOf(server))).toEqual([]);
    expect(await operator.plan(full)).toMatchObject({ changes: false });
  });

  test("passwords stay where somebody else applied since the plan that would end them", async () => {
    const without = full.replace(/ {2}userpass: \{\}\n/, "");
    {
      await using plan = await planFleet(await operator.as(without));
      const { stateFile } = placesBeside(fleet.file);
      const elsewhere = { work: join(fleet.folder, ".ssh-trust", "elsewhere"), stateFile };
      await operator.apply(full.replace("session: 10h", "session: 9h"), { places: elsewhere });
      expect(await refused(plan.carryOut())).toMatchObject({ code: "STATE_CHANGED" });
      expect((await server.ask("sys/auth")).body.data).toHaveProperty(["ssh-trust/people/"]);
    }
    await operator.apply(full);
  });

  test("passwords that the file no longer has: nobody can sign in before the second factor is taken away", async () => {
    await using proxy = await startProxy(server);
    const there: string[][] = [];
    proxy.gate = async (asked) => {
      if (asked.startsWith("DELETE identity/mfa/")) there.push(Object.keys((await server.ask("sys/auth")).body.data ?? {}));
      return undefined;
    };
    const token = await operatorToken(server, full);
    const vault = { address: proxy.address, token, tokenSource: "VAULT_TOKEN", namespace: undefined, tls: {} };
    const without = full.replace(/ {2}userpass: \{\}\n/, "");
    await operator.apply(without, { vault });
    expect(there).toHaveLength(2); // the enforcement, and the method
    for (const mounts of there) expect(mounts).not.toContain("ssh-trust/people/");
    expect(await operator.plan(without)).toMatchObject({ changes: false });
  });
});
