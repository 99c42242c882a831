/** Which machines wrote a host's entry: of a copied disk, that is often all that can be seen. */
import { describe, expect, test } from "@jest/globals";
import { describeWriters } from "../../../src/cli/verbs/host/show-host.js";
import { readWriters, writersOf } from "../../../src/host/writers.js";
import type { VaultApi } from "../../../src/vault/api.js";

const hour = (at: number) => new Date(Date.UTC(2026, 0, 31, at));
/** @param written such as "a1 a1 b2": machine a in its boot 1, twice, then machine b; one each hour */
const written = (text: string) =>
  text.split(" ").map((each, at) => ({ machine: each.slice(0, 1), boot: each.slice(1), at: hour(at) }));
const words = (text: string) => describeWriters(writersOf(written(text)));

describe("in words", () => {
  test.each(["a1", "a1 a1 a1", "a1 a2 a3"])("%s: one machine, of which nothing is said", (text) => {
    expect(words(text)).toEqual([]);
  });
  test("no version: nothing is said", () => {
    expect(describeWriters(writersOf([]))).toEqual([]);
  });

  const copy = "by Vault's clock: the later one is a copy, or a new machine that continues this entry";
  const both = "by Vault's clock: they have the same identity or the same name at the same time";
  test.each([
    ["a1 b1", `2 machines: a until 2026-01-31 00:00:00 UTC, b since 2026-01-31 01:00:00 UTC, ${copy}`],
    ["a1 a2 b1 b1", `2 machines: a until 2026-01-31 01:00:00 UTC, b since 2026-01-31 02:00:00 UTC, ${copy}`],
    [
      "a1 b1 c1 c2",
      `3 machines: a until 2026-01-31 00:00:00 UTC, b until 2026-01-31 01:00:00 UTC, c since 2026-01-31 02:00:00 UTC, ${copy}`,
    ],
    ["a1 b1 a1", `2 machines in turn: b last 2026-01-31 01:00:00 UTC, a last 2026-01-31 02:00:00 UTC, ${both}`],
    [
      "a1 a2 a1",
      "2 machines in turn, both with the id a, last 2026-01-31 02:00:00 UTC by Vault's clock: one is a copy of the other's disk",
    ],
  ])("%s", (text, said) => {
    expect(words(text)).toEqual([said]);
  });
});

describe("what is read", () => {
  const entry = (machine: string) => ({
    ...{ schema: 1, host: "web-1.example.org", group: "web", written: 0, addresses: [], keys: [], certificates: [] },
    ...{ openssh: "", script: "", machine, boot: "b", userCas: [], next: 0, problem: "", since: 0, conflict: false },
  });
  /** @param versions what each says; "deleted" and "destroyed" are as the store has them then, "gone" goes while it is read */
  function vault(versions: readonly unknown[]) {
    const paths: string[] = [];
    const api = {
      read(path: string, schema: { parse: (value: unknown) => unknown }) {
        paths.push(path);
        if (path === "ssh-trust/metadata/hosts/web-1.example.org") {
          if (versions.length === 0) return Promise.resolve(undefined);
          const listed = versions.map((data, at): readonly [string, object] => [
            String(at + 1),
            { deletion_time: data === "deleted" ? "2026-01-31T11:00:00Z" : "", destroyed: data === "destroyed" },
          ]);
          return Promise.resolve(schema.parse({ data: { versions: Object.fromEntries(listed) } }));
        }
        const number = Number(/^ssh-trust\/data\/hosts\/web-1\.example\.org\?version=(\d+)$/.exec(path)?.[1]);
        const data = versions[number - 1];
        if (data === "gone") return Promise.resolve(undefined);
        return Promise.resolve(schema.parse({ data: { data, metadata: { created_time: hour(number).toISOString() } } }));
      },
    } as unknown as VaultApi;
    return { read: () => readWriters(api, "web-1.example.org"), paths };
  }

  test("no entry", async () => {
    expect(await vault([]).read()).toEqual({ versions: 0, machines: [], inTurn: false });
  });

  test("nothing of what is deleted, destroyed, gone meanwhile, unreadable, or does not say its machine", async () => {
    const { read, paths } = vault(["destroyed", "deleted", "gone", { schema: 2 }, entry(""), entry("a")]);
    expect(await read()).toEqual({
      versions: 1,
      machines: [{ machine: "a", since: hour(6), until: hour(6) }],
      inTurn: false,
    });
    expect(paths).toHaveLength(5);
  });

  test("the last five, in the order of their numbers", async () => {
    const { read, paths } = vault(Array.from({ length: 12 }, (_, at) => entry(at < 7 ? "old" : at < 9 ? "a" : "b")));
    expect(await read()).toEqual({
      versions: 5,
      machines: [
        { machine: "a", since: hour(8), until: hour(9) },
        { machine: "b", since: hour(10), until: hour(12) },
      ],
      inTurn: false,
    });
    expect(paths).toHaveLength(6);
  });

  test("what a machine calls itself is printable", async () => {
    const { machines } = await vault([entry("a\u001b[2J")]).read();
    expect(machines.map(({ machine }) => machine)).toEqual(["a\\033[2J"]);
  });
});
