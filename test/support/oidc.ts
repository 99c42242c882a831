/**
 * An OpenID provider for real: that of the test's own server. People sign in there with a name and a password; what a browser would do is
 * done by its API. https://developer.hashicorp.com/vault/docs/secrets/identity/oidc-provider
 */
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { applyFleet, text, tokenOf, type AppliedFleet } from "./applied-fleet.js";
import { fleetText, type FleetFolder } from "./fleet.js";
import type { Server, ServerKind } from "./servers.js";

export const callback = "http://localhost:8250/oidc/callback";

export interface OidcFleet extends AppliedFleet {
  /** Somebody at the provider. @returns a token of theirs there, as a browser has it in a cookie */
  readonly person: (name: string, ...groups: readonly string[]) => Promise<string>;
  /** Says who is in a group of the provider's. */
  readonly members: (group: string, ...names: readonly string[]) => Promise<void>;
  /**
   * What the provider sends a browser to, once the person has agreed: the address of the program that waits.
   * @param address that the person was shown
   */
  readonly agreed: (address: string, person: string) => Promise<string>;
}

const provider = "identity/oidc/provider/company";

/**
 * A fleet whose group platform is the provider's group platform-team; the group dba has no people.
 * @param directory lines of the fleet file for one, and where browsers come back to it
 */
export async function openOidcFleet(
  kind: ServerKind,
  directory?: { readonly text: string; readonly callback: string },
): Promise<OidcFleet> {
  const prepare = async (server: Server, folder: FleetFolder) => {
    const { id, secret } = await makeProvider(server, directory?.callback);
    await copyFile(server.caFile, join(folder.folder, "provider-ca.pem"));
    await writeFile(join(folder.folder, "client-secret"), secret, { mode: 0o600 });
    return fleetText(server.address)
      .replace("platform: {}", "platform: { oidc: platform-team }")
      .replace(
        "session: 10h",
        `limits: { sign-in: 1000, sign: 1000, store: 1000 }
sign-in:
  userpass: {}
  oidc:
    issuer: "${server.address}/v1/${provider}"
    client-id: ${id}
    scopes: [groups, profile]
    user-claim: username
    ca: provider-ca.pem
${directory?.text ?? ""}`,
      );
  };
  const fleet = await applyFleet(kind, { prepare }, ["--oidc-secret-file", "client-secret"]);
  const { must } = fleet;
  const entityOf = async (name: string) => text((await must(`identity/entity/name/at-home-${name}`)).data, "id");
  const members: OidcFleet["members"] = async (group, ...names) => {
    const member_entity_ids = await Promise.all(names.map(entityOf));
    await must(`identity/group/name/${group}`, { body: { type: "internal", member_entity_ids } });
  };
  return {
    ...fleet,
    members,
    async person(name, ...groups) {
      await must(`auth/company/users/${name}`, { body: { password: "at home", token_policies: "company-browser" } });
      const { accessor } = ((await must("sys/auth")).data ?? {})["company/"] as { readonly accessor: string };
      const entity = text((await must("identity/entity", { body: { name: `at-home-${name}`, metadata: { name } } })).data, "id");
      await must("identity/entity-alias", { body: { name, canonical_id: entity, mount_accessor: accessor } });
      for (const group of groups) await members(group, name);
      return tokenOf(await must(`auth/company/login/${name}`, { token: "", body: { password: "at home" } }));
    },
    async agreed(address, person) {
      const asked = new URL(address).searchParams;
      const answer = await fleet.server.ask(`${provider}/authorize?${asked.toString()}`, { token: person });
      const { code, state } = answer.body as { readonly code?: string; readonly state?: string };
      if (code === undefined || state === undefined) throw new Error(`not authorized: ${JSON.stringify(answer)}`);
      return `${asked.get("redirect_uri") ?? callback}?${new URLSearchParams({ code, state }).toString()}`;
    },
  };
}

async function makeProvider(
  { ask, address }: Server,
  further?: string,
): Promise<{ readonly id: string; readonly secret: string }> {
  const must = async (path: string, body?: unknown) => {
    const answer = await ask(path, body === undefined ? {} : { body });
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer.body.data;
  };
  await must("sys/auth/company", { type: "userpass" });
  await must("sys/policies/acl/company-browser", {
    policy: `path "${provider}/authorize" { capabilities = ["read", "update"] }`,
  });
  await must("identity/oidc/key/company", { allowed_client_ids: ["*"], algorithm: "RS256" });
  await must("identity/oidc/scope/groups", { template: '{"groups": {{identity.entity.groups.names}}}' });
  await must("identity/oidc/scope/profile", { template: '{"username": {{identity.entity.metadata.name}}}' });
  await must("identity/oidc/client/ssh-trust", {
    key: "company",
    redirect_uris: [callback, ...(further === undefined ? [] : [further])],
    assignments: ["allow_all"],
  });
  await must(provider, { issuer: address, allowed_client_ids: ["*"], scopes_supported: ["groups", "profile"] });
  const client = await must("identity/oidc/client/ssh-trust");
  return { id: text(client, "client_id"), secret: text(client, "client_secret") };
}
