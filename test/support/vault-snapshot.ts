/** All that a server has of a fleet, to see what an apply changed and what it left alone. */
import type { Server } from "./servers.js";

/** By path of the API. What every read or write changes, such as a time, is left out. */
export type Snapshot = Readonly<Record<string, unknown>>;

/** Times, and counters that go on by themselves. */
const restless = new Set(["last_update_time", "modify_index", "created_time", "updated_time", "creation_time", "oldest_version"]);

export async function snapshotOf(server: Server, namespace?: string): Promise<Snapshot> {
  const found: Record<string, unknown> = {};
  const space = namespace === undefined ? {} : { namespace };
  const data = async (path: string) => (await server.ask(path, space)).body.data;
  const keep = async (path: string, only?: string) => {
    const read = await data(path);
    if (read !== undefined) found[path] = settled(only === undefined ? read : read[only]);
  };
  const each = async (path: string, at: (key: string) => string, only?: string) => {
    const keys = (await server.ask(path, { ...space, method: "LIST" })).body.data?.["keys"] as string[] | undefined;
    await Promise.all((keys ?? []).map((key) => keep(at(key), only)));
  };
  const mounts = ((await data("sys/mounts")) ?? {}) as Record<string, { type: string }>;
  const auth = ((await data("sys/auth")) ?? {}) as Record<string, { type: string }>;
  await Promise.all([
    ...Object.entries(mounts).map(async ([path, mount]) => {
      found[`sys/mounts/${path}`] = settled(mount);
      if (mount.type === "kv") {
        await keep(`${path}config`);
        await each(`${path}metadata`, (key) => `${path}data/${key}`, "data");
      }
      if (mount.type !== "ssh") return;
      await keep(`${path}config/ca`);
      await keep(`${path}config/issuers`);
      await each(`${path}roles`, (key) => `${path}roles/${key}`);
    }),
    ...Object.entries(auth).map(async ([path, mount]) => {
      found[`sys/auth/${path}`] = settled(mount);
      if (!["oidc", "jwt", "ldap"].includes(mount.type)) return;
      await keep(`auth/${path}config`);
      await each(`auth/${path}role`, (key) => `auth/${path}role/${key}`);
    }),
    each("sys/policies/acl", (key) => `sys/policies/acl/${key}`, "policy"),
    each("identity/group/id", (key) => `identity/group/id/${key}`),
    each("sys/quotas/rate-limit", (key) => `sys/quotas/rate-limit/${key}`),
    each("identity/mfa/method/totp", (key) => `identity/mfa/method/totp/${key}`),
    each("identity/mfa/login-enforcement", (key) => `identity/mfa/login-enforcement/${key}`),
  ]);
  return found;
}

function settled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !restless.has(key))
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([key, each]) => [key, settled(each)]),
  );
}

/** The paths at which two snapshots differ: "+ path" for what came, "- path" for what went, "~ path" for what changed; sorted. */
export function differences(before: Snapshot, after: Snapshot): readonly string[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return paths
    .flatMap((path) => {
      if (!(path in before)) return [`+ ${named(path, after)}`];
      if (!(path in after)) return [`- ${named(path, before)}`];
      return JSON.stringify(before[path]) === JSON.stringify(after[path]) ? [] : [`~ ${named(path, after)}`];
    })
    .sort();
}

/** Groups by their names: an id says nothing. */
function named(path: string, { [path]: value }: Snapshot): string {
  if (!path.startsWith("identity/group/id/")) return path;
  return `the group ${(value as { name: string }).name}`;
}
