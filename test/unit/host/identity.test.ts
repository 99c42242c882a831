/** A host's identity: its group and its names are the fleet's to say, and what ends first is what its tokens live by. */
import { describe, expect, test } from "@jest/globals";
import { fail } from "../../../src/errors/catalogue.js";
import type { Fleet, HostGroup } from "../../../src/fleet/fleet.js";
import { hostOf } from "../../../src/host/host.js";
import { enrolHost, removeHost } from "../../../src/host/identity.js";
import type { VaultApi } from "../../../src/vault/api.js";

const group = (name: string, names: readonly string[], also: readonly string[] = []): HostGroup => ({
  name,
  names,
  domain: "example.org",
  also,
  accounts: ["ops"],
  for: 3600,
  forget: 30 * 86_400,
});
const fleet: Pick<Fleet, "hosts" | "domains"> = {
  domains: ["example.org"],
  hosts: [
    group("web", ["web.example.org", "web-*.example.org"], ["www.example.org"]),
    group("db", ["db-?.example.org"]),
    group("inner", ["*.inner.example.org"]),
  ],
};

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
}

const mounted = "auth/ssh-trust/hosts/example.org/role";

/** What of Vault the identity of a host consists of. @param mayDelete whether the token may delete entities */
function server(roles: Record<string, string> = {}, entities: Record<string, string> = {}, mayDelete = true): Server {
  const state = { roles: new Map(Object.entries(roles)), entities: new Map(Object.entries(entities)), done: [] as string[] };
  const answer = (path: string): unknown => {
    if (path.startsWith("sys/internal/ui/mounts/auth/")) return { data: { accessor: "auth_approle_1" } };
    const role = state.roles.get(/\/role\/([^/]+)\/role-id$/.exec(path)?.[1] ?? "");
    return role === undefined ? undefined : { data: { role_id: role } };
  };
  const api: VaultApi = {
    address: "http://vault",
    read: (path, schema) => {
      const found = answer(path);
      return Promise.resolve(found === undefined ? undefined : schema.parse(found));
    },
    list: () => Promise.resolve([]),
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
      if (made !== undefined) state.roles.set(made, `id-of-${made}`);
      return Promise.resolve(path.endsWith("/secret-id") ? schema.parse({ data: { secret_id: "secret" } }) : undefined);
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

describe("a host that is enrolled", () => {
  test("gets an AppRole of its group's policy, named as it is without the domain", async () => {
    const { api, done } = server();
    const host = await enrolHost(api, fleet, "web-1.example.org", { tokenPeriod: 3600 });
    expect(host).toMatchObject({
      roleId: "id-of-web-1",
      secretId: "secret",
      principals: ["web-1.example.org", "www.example.org"],
    });
    expect(done).toEqual([
      `write ${mounted}/web-1 {"token_policies":"ssh-trust-host-web","secret_id_ttl":"840h","token_period":"3600s"}`,
      `write ${mounted}/web-1/secret-id {}`,
    ]);
  });

  test("in a folder of the domain, the name keeps its dots", async () => {
    const { api, done } = server();
    await enrolHost(api, fleet, "a.b.inner.example.org");
    expect(done[0]).toBe(
      `write ${mounted}/a.b.inner {"token_policies":"ssh-trust-host-inner","secret_id_ttl":"840h","token_max_ttl":"24h"}`,
    );
  });

  test("a second time is refused, and nothing is changed", async () => {
    const { api, done } = server({ "web-1": "r1" }, { r1: "e1" });
    await expect(enrolHost(api, fleet, "web-1.example.org")).rejects.toThrow(thrown("HOST_ENROLLED"));
    expect(done).toEqual([]);
  });

  test("under a name of no group, nothing is asked", async () => {
    const { api, done } = server();
    await expect(enrolHost(api, fleet, "x.example.org", { replace: true })).rejects.toThrow(thrown("HOST_IN_NO_GROUP"));
    expect(done).toEqual([]);
  });

  test("in another's place: the other's identity ends first", async () => {
    const { api, done } = server({ "web-1": "r1" }, { r1: "e1" });
    await enrolHost(api, fleet, "web-1.example.org", { replace: true });
    expect(done).toEqual([
      'write identity/entity/id/e1 {"disabled":true}',
      `delete ${mounted}/web-1`,
      'write identity/entity/id/e1 {"disabled":true}',
      "delete identity/entity/id/e1",
      expect.stringContaining(`write ${mounted}/web-1 {`),
      `write ${mounted}/web-1/secret-id {}`,
    ]);
  });
});

describe("a host that is removed", () => {
  test("one that is not there", async () => {
    const { api, done } = server();
    expect(await removeHost(api, fleet, "web-1.example.org")).toBe(false);
    expect(done).toEqual([]);
  });

  test("one that no group has any more", async () => {
    const { api, done } = server({ old: "r1" });
    expect(await removeHost(api, fleet, "old.example.org")).toBe(true);
    expect(done).toEqual([`delete ${mounted}/old`]);
  });

  test("one below none of the domains, and no name", async () => {
    const { api, done } = server();
    await expect(removeHost(api, fleet, "web.example.com")).rejects.toThrow(thrown("HOST_IN_NO_GROUP"));
    await expect(removeHost(api, fleet, "example.org")).rejects.toThrow(thrown("HOST_IN_NO_GROUP"));
    await expect(removeHost(api, fleet, "*.example.org")).rejects.toThrow(thrown("HOST_NAME_INVALID"));
    expect(done).toEqual([]);
  });

  test("one that signs in for the first time meanwhile", async () => {
    const vault = server({ "web-1": "r1" });
    const api: VaultApi = {
      ...vault.api,
      async delete(path) {
        vault.entities.set("r1", "late");
        await vault.api.delete(path);
      },
    };
    await removeHost(api, fleet, "web-1.example.org");
    expect(vault.done).toEqual([
      `delete ${mounted}/web-1`,
      'write identity/entity/id/late {"disabled":true}',
      "delete identity/entity/id/late",
    ]);
  });

  test("by a registrar, who may disable an entity and not delete it", async () => {
    const { api, done } = server({ "web-1": "r1" }, { r1: "e1" }, false);
    expect(await removeHost(api, fleet, "web-1.example.org")).toBe(true);
    expect(done.filter((each) => each.startsWith("write identity"))).toHaveLength(2);
    expect(done.filter((each) => each.startsWith("delete"))).toEqual([`delete ${mounted}/web-1`]);
  });
});
