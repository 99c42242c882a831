/** A host's identity: its group and its names are the fleet's to say, and what ends first is what its tokens live by. */
import { describe, expect, test } from "@jest/globals";
import { fail } from "../../../src/errors/catalogue.js";
import type { HostGroup } from "../../../src/fleet/fleet.js";
import type { StoredFleet } from "../../../src/fleet/stored.js";
import { addHost, type AddedHost } from "../../../src/host/add.js";
import { endAppRole, keepOut } from "../../../src/host/end-identity.js";
import { domainOfHost, hostOf } from "../../../src/host/host.js";
import type { VaultApi } from "../../../src/vault/api.js";
import { fleetOf } from "../fleet/fleet-of.js";

const group = (name: string, names: readonly string[], also: readonly string[] = []): HostGroup => ({
  name,
  names,
  domain: "example.org",
  also,
  accounts: ["ops"],
  for: 3600,
  forget: 30 * 86_400,
});
const domain = "example.org";
const fleet = fleetOf({
  domains: [domain],
  hosts: [
    group("web", ["web.example.org", "web-*.example.org"], ["www.example.org"]),
    group("db", ["db-?.example.org"]),
    group("inner", ["*.inner.example.org"]),
  ],
});
const stored: StoredFleet = { schema: 1, fleet, cas: { host: ["ssh-ed25519 A"], user: ["ssh-ed25519 B"] } };

const thrown = (code: string) => expect.objectContaining({ code });

describe("a name", () => {
  test.each([
    ["web.example.org", "web", ["web.example.org", "www.example.org"]],
    ["web-1.example.org", "web", ["web-1.example.org", "www.example.org"]],
    ["db-1.example.org", "db", ["db-1.example.org"]],
    ["a.inner.example.org", "inner", ["a.inner.example.org"]],
  ])("%s is of %s", (name, group, principals) => {
    expect(hostOf(fleet, name)).toMatchObject({ name, group: { name: group }, principals });
  });

  test.each(["example.org", "www.example.org", "db-10.example.org", "web.example.com", "web", "10.0.0.1"])(
    "%s is of no group: those that there are, are told",
    (name) => {
      expect(() => hostOf(fleet, name)).toThrow(thrown("HOST_IN_NO_GROUP"));
      expect(() => hostOf(fleet, name)).toThrow("web: web.example.org, web-*.example.org; db: db-?.example.org; inner: ");
    },
  );

  test("without any group", () => {
    expect(() => hostOf({ hosts: [] }, "web.example.org")).toThrow("there is none");
  });

  // Some of these a pattern would match.
  test.each([
    "",
    "*",
    "web-..example.org",
    "db-.example.org",
    "web-..example.org",
    "db-.example.org",
    "web-1.example.org,web-2.example.org",
    "web-1.example.org web-2.example.org",
    "web-1.example.org\n",
    "web-1.example.org.",
    "Web-1.example.org",
    "web-/../db-1.example.org",
    "web-{{x}}.example.org",
    "web-..example.org",
    "db-.example.org",
    ".inner.example.org",
  ])("%j is none, whatever the patterns", (name) => {
    expect(() => hostOf(fleet, name)).toThrow(thrown("HOST_NAME_INVALID"));
  });
});

interface Server {
  readonly api: VaultApi;
  /** What was changed, in order. */
  readonly done: string[];
  readonly entities: Map<string, string>;
  roles: Map<string, string>;
  readonly policies: Map<string, string>;
}

const mounted = "auth/ssh-trust/hosts/example.org/role";

/** What of Vault the identity of a host consists of. @param mayDelete whether the token may delete entities */
function server(roles: Record<string, string> = {}, entities: Record<string, string> = {}, mayDelete = true): Server {
  const state = {
    roles: new Map(Object.entries(roles)),
    policies: new Map<string, string>(),
    entities: new Map(Object.entries(entities)),
    done: [] as string[],
  };
  const answer = (path: string): unknown => {
    if (path.startsWith("sys/internal/ui/mounts/auth/")) return { data: { accessor: "auth_approle_1" } };
    const name = /\/role\/([^/]+)(?:\/role-id)?$/.exec(path)?.[1] ?? "";
    const role = state.roles.get(name);
    return role === undefined
      ? undefined
      : { data: { role_id: role, token_policies: [state.policies.get(name) ?? "of its group"] } };
  };
  const api: VaultApi = {
    address: "http://vault",
    read: (path, schema) => {
      const found = answer(path);
      return Promise.resolve(found === undefined ? undefined : schema.parse(found));
    },
    list: () => Promise.resolve([]),
    describe: () => Promise.resolve(undefined),
    writeAnonymously: () => Promise.resolve(undefined),
    now: () => Promise.resolve(new Date()),
    wrap: (path) => {
      state.done.push(`wrap ${path}`);
      return Promise.resolve({ token: "wrapping-token", path, until: new Date(3600_000) });
    },
    write: (path, body, schema) => {
      if (path === "identity/lookup/entity") {
        const id = state.entities.get(String(body["alias_name"]));
        return Promise.resolve(id === undefined ? undefined : schema.parse({ data: { id } }));
      }
      state.done.push(`write ${path} ${JSON.stringify(body)}`);
      const [, made] = /\/role\/([^/]+)$/.exec(path) ?? [];
      if (made !== undefined) {
        state.roles.set(made, state.roles.get(made) ?? `id-of-${made}`);
        state.policies.set(made, String(body["token_policies"]));
      }
      return Promise.resolve(undefined);
    },
    delete: (path) => {
      if (path.startsWith("identity/") && !mayDelete) return Promise.reject(fail("VAULT_PERMISSION_DENIED", { path }));
      state.done.push(`delete ${path}`);
      state.roles.delete(path.slice(mounted.length + 1));
      return Promise.resolve();
    },
  };
  return Object.assign(state, { api });
}

describe("a host that is added", () => {
  const given: AddedHost[] = [];
  const add = (api: VaultApi, name: string, cidrs?: readonly string[]) =>
    addHost(api, stored, name, {
      valid: 3600,
      handOver: (host) => Promise.resolve(void given.push(host)),
      ...(cidrs === undefined ? {} : { cidrs }),
    });

  test("gets an AppRole of its group's policy, named as it is without the domain, and a wrapped secret id", async () => {
    const { api, done } = server();
    const host = await add(api, "web-1.example.org");
    expect(host).toMatchObject({
      roleId: "id-of-web-1",
      wrapped: { token: "wrapping-token" },
      principals: ["web-1.example.org", "www.example.org"],
    });
    expect(given.at(-1)).toBe(host);
    expect(done).toEqual([
      "delete ssh-trust/metadata/hosts/web-1.example.org",
      `write ${mounted}/web-1 {"token_policies":"ssh-trust-host-web","secret_id_ttl":"840h","token_max_ttl":"24h"}`,
      `wrap ${mounted}/web-1/secret-id`,
    ]);
  });

  test("in a folder of the domain, the name keeps its dots; addresses hold for the sign-in and for the token", async () => {
    const { api, done } = server();
    await add(api, "a.b.inner.example.org", ["10.0.0.0/8", "192.0.2.1/32"]);
    const bound = "10.0.0.0/8,192.0.2.1/32";
    expect(done[1]).toBe(
      `write ${mounted}/a.b.inner {"token_policies":"ssh-trust-host-inner","secret_id_ttl":"840h","token_max_ttl":"24h",` +
        `"secret_id_bound_cidrs":"${bound}","token_bound_cidrs":"${bound}"}`,
    );
  });

  test.each([
    ["web-1.example.org", "HOST_ENROLLED"],
    ["x.example.org", "HOST_IN_NO_GROUP"],
  ])("%s is refused, %s, and nothing is changed", async (name, code) => {
    const { api, done } = server({ "web-1": "r1" }, { r1: "e1" });
    await expect(add(api, name)).rejects.toThrow(thrown(code));
    expect(done).toEqual([]);
  });

  test("where it cannot be handed over, its identity ends: somebody may have it already", async () => {
    const { api, done } = server({}, { "id-of-web-1": "e1" });
    const handOver = () => Promise.reject(new Error("no machine"));
    await expect(addHost(api, stored, "web-1.example.org", { valid: 3600, handOver })).rejects.toThrow("no machine");
    expect(done.slice(3)).toEqual([
      'write identity/entity/id/e1 {"disabled":true}',
      `delete ${mounted}/web-1`,
      'write identity/entity/id/e1 {"disabled":true}',
      "delete identity/entity/id/e1",
    ]);
  });
});

describe("an identity that ends", () => {
  test("of a host that is not there", async () => {
    const { api, done } = server();
    expect(await endAppRole(api, "web-1.example.org", domain)).toBe(false);
    expect(done).toEqual([]);
  });

  test("of one that never signed in, and that no group has any more", async () => {
    const { api, done } = server({ old: "r1" });
    expect(await endAppRole(api, "old.example.org", domain)).toBe(true);
    expect(done).toEqual([`delete ${mounted}/old`]);
  });

  test("of one that signs in for the first time meanwhile", async () => {
    const vault = server({ "web-1": "r1" });
    const api: VaultApi = {
      ...vault.api,
      async delete(path) {
        vault.entities.set("r1", "late");
        await vault.api.delete(path);
      },
    };
    await endAppRole(api, "web-1.example.org", domain);
    expect(vault.done).toEqual([
      `delete ${mounted}/web-1`,
      'write identity/entity/id/late {"disabled":true}',
      "delete identity/entity/id/late",
    ]);
  });

  test("by a registrar, who may disable an entity and not delete it", async () => {
    const { api, done } = server({ "web-1": "r1" }, { r1: "e1" }, false);
    expect(await endAppRole(api, "web-1.example.org", domain)).toBe(true);
    expect(done.filter((each) => each.startsWith("write identity"))).toHaveLength(2);
    expect(done.filter((each) => each.startsWith("delete"))).toEqual([`delete ${mounted}/web-1`]);
  });
});

test.each([
  ["web.example.com", "HOST_IN_NO_GROUP"],
  ["example.org", "HOST_IN_NO_GROUP"],
  ["*.example.org", "HOST_NAME_INVALID"],
])("%s is below none of the domains: %s", (name, code) => {
  expect(() => domainOfHost(fleet, name)).toThrow(thrown(code));
});

describe("a machine that is kept out", () => {
  const noRights = `write ${mounted}/web-1 {"token_policies":"ssh-trust-kept-out"}`;

  test("has an AppRole without rights, though it never had one", async () => {
    const { api, done } = server();
    expect(await keepOut(api, "web-1.example.org", domain)).toBe(false);
    expect(done).toEqual([noRights]);
  });

  test("that is enrolled: its entity goes first, and last", async () => {
    const { api, done } = server({ "web-1": "r1" }, { r1: "e1" }, false);
    expect(await keepOut(api, "web-1.example.org", domain)).toBe(true);
    expect(done).toEqual([
      'write identity/entity/id/e1 {"disabled":true}',
      noRights,
      'write identity/entity/id/e1 {"disabled":true}',
    ]);
  });

  /** A machine that comes just when its AppRole is written. */
  const meddled = (vault: Server, after: (writes: number) => void): VaultApi => {
    let writes = 0;
    return {
      ...vault.api,
      async write(path, body, schema) {
        const answer = await vault.api.write(path, body, schema);
        if (path === `${mounted}/web-1`) after((writes += 1));
        return answer;
      },
    };
  };

  test("whose own write lands last: the rights are taken again", async () => {
    const vault = server();
    const api = meddled(vault, (writes) => {
      if (writes === 1) vault.policies.set("web-1", "ssh-trust-host-web");
    });
    await keepOut(api, "web-1.example.org", domain);
    expect(vault.done).toEqual([noRights, noRights]);
    expect(vault.policies.get("web-1")).toBe("ssh-trust-kept-out");
  });

  test("whose rights come back each time: that is told, and its AppRole goes", async () => {
    const vault = server();
    const api = meddled(vault, () => vault.policies.set("web-1", "ssh-trust-host-web"));
    await expect(keepOut(api, "web-1.example.org", domain)).rejects.toThrow(thrown("HOST_TOKEN_STILL_GOOD"));
    expect(vault.done).toEqual([...Array.from({ length: 10 }, () => noRights), `delete ${mounted}/web-1`]);
  });

  test("that signed in for the first time meanwhile", async () => {
    const vault = server({}, {}, false);
    const api = meddled(vault, () => vault.entities.set("id-of-web-1", "late"));
    await keepOut(api, "web-1.example.org", domain);
    expect(vault.done).toEqual([noRights, 'write identity/entity/id/late {"disabled":true}']);
  });
});
