/** Thousands of hosts: eight are read at a time, in the order of their names. */
import { expect, test } from "@jest/globals";
import { listHosts } from "../../../src/host/list-hosts.js";
import type { VaultApi } from "../../../src/vault/api.js";
import { showList } from "../../../src/cli/verbs/host/show-list.js";
import { describeCounts } from "../../../src/cli/verbs/host/state-words.js";
import type { StoredFleet } from "../../../src/fleet/stored.js";
import { fleetOf } from "../fleet/fleet-of.js";

const key = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"A".repeat(43)}`;
const now = new Date("2026-01-31T12:00:00Z");
const stored: StoredFleet = { schema: 1, fleet: fleetOf({}), cas: { host: [key], user: [key] } };
const nameOf = (count: number) => `web-${String(count).padStart(4, "0")}`;

function vault(roles: readonly string[], entries: readonly string[]) {
  const seen = { reading: 0, most: 0, paths: [] as string[] };
  const api = {
    address: "https://vault",
    now: () => Promise.resolve(now),
    list: (path: string) => Promise.resolve(path.endsWith("/role") ? roles : entries),
    async read(path: string, schema: { parse: (value: unknown) => unknown }) {
      seen.paths.push(path);
      seen.most = Math.max(seen.most, (seen.reading += 1));
      await new Promise(setImmediate);
      seen.reading -= 1;
      return schema.parse({
        data: { data: { schema: 3 }, metadata: { created_time: "2026-01-31T11:00:00.123456789Z", version: 1 } },
      });
    },
  } as unknown as VaultApi;
  return { api, seen };
}

test("all are read, and no more at a time than eight", async () => {
  const roles = Array.from({ length: 3000 }, (_, count) => nameOf(2999 - count));
  const { api, seen } = vault(
    roles,
    roles.slice(0, 2000).map((name) => `${name}.example.org`),
  );
  const hosts = await listHosts(api, stored);
  expect(hosts.map(({ name }) => name)).toEqual(roles.map((name) => `${name}.example.org`).sort());
  expect([seen.paths.length, seen.most]).toEqual([2000, 8]);
  expect(describeCounts(hosts)).toBe("3000 hosts: 1000 not enrolled yet, 2000 unreadable");
});

test("a name that is none goes into no path, and is shown as it is", async () => {
  const { api, seen } = vault(["web-1", "../../sys/mounts", "a\u001b[2J"], ["x/", "../fleet"]);
  const hosts = await listHosts(api, stored);
  expect(seen.paths).toEqual([]);
  const shown = showList(hosts, now, undefined);
  expect(shown).toContain("a\\033[2J.example.org");
  expect(shown.split("\n")).toHaveLength(hosts.length);
});

test("only those of a group, each in a line where the terminal is wide, in two where it is narrow", async () => {
  const { api } = vault(["web-1", "db-1"], [`${nameOf(1)}.example.org`, "web-1.example.org"]);
  const hosts = await listHosts(api, stored, "web");
  expect(showList(hosts, now, undefined)).toBe(
    [
      "web-0001.example.org  web  without an identity: it can renew nothing, seen 60 min ago",
      "web-1.example.org     web  unreadable: its schema is 3, and 1 is read, seen 60 min ago",
    ].join("\n"),
  );
  expect(showList(hosts, now, 80).split("\n")[1]).toBe(
    "web-1.example.org     web  unreadable: its schema is 3, and 1 is read, seen 60 …",
  );
  expect(showList(hosts, now, 40).split("\n").slice(2)).toEqual([
    "web-1.example.org  web",
    "  unreadable: its schema is 3, and 1 is…",
  ]);
});
