/** What the directory knows while Vault, or one host's entry, fails: against a Vault that answers as the test says, by a clock that the test moves. */
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { fail } from "../../../src/errors/catalogue.js";
import { toStore } from "../../../src/fleet/stored.js";
import type { Trouble, Watch } from "../../../src/directory/watch/watch.js";
import type { VaultApi } from "../../../src/vault/api.js";
import { fleetOf } from "../fleet/fleet-of.js";

jest.unstable_mockModule("node:timers/promises", () => ({
  setTimeout: (ms: number, value?: unknown, { signal }: { signal?: AbortSignal } = {}) =>
    new Promise((resolve, reject) => {
      const end = () => {
        reject(new DOMException("over", "AbortError"));
      };
      if (signal?.aborted === true) end();
      signal?.addEventListener("abort", end);
      setTimeout(() => {
        signal?.removeEventListener("abort", end);
        resolve(value);
      }, ms);
    }),
}));
const { watchFleet } = await import("../../../src/directory/watch/watch.js");

const key = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"A".repeat(43)}`;
const fleetPath = "ssh-trust/data/fleet";
const listPath = "ssh-trust/metadata/hosts";
const rolesPath = "auth/ssh-trust/hosts/example.org/role";
const pathOf = (name: string) => `ssh-trust/data/hosts/${name}`;
const nameOf = (count: number) => `web-${String(count)}.example.org`;
const address = "https://vault";
const sealed = () => fail("VAULT_SEALED", { address });
const unreachable = () => fail("VAULT_UNREACHABLE", { address, reason: "no answer", source: "x", command: "x" });
const tooLong = (path: string) => fail("VAULT_ANSWER_UNEXPECTED", { path, what: "it is longer than 4 MiB" });
const denied = (path: string) => fail("VAULT_PERMISSION_DENIED", { path });

/** What is asked for is answered at once, but where `answer` throws or waits. */
class FakeVault {
  readonly asked: string[] = [];
  readonly roles = new Set<string>();
  /** What a host said; undefined: it was deleted softly. */
  readonly entries = new Map<string, { value: unknown; version: number } | undefined>();
  readonly uncertified = new Set<string>();
  answer: (path: string) => unknown = () => undefined;
  running = 0;
  most = 0;

  constructor(count: number) {
    for (let each = 1; each <= count; each += 1) this.add(nameOf(each));
  }
  add(name: string): void {
    this.roles.add(name);
    this.entries.set(name, { value: { schema: 3 }, version: 1 });
  }
  remove(name: string): void {
    this.roles.delete(name);
    this.entries.delete(name);
  }
  count(path: string): number {
    return this.asked.filter((each) => each === path).length;
  }
  async #ask<T>(path: string, answer: () => T): Promise<T> {
    this.asked.push(path);
    if (path.startsWith(pathOf(""))) this.most = Math.max(this.most, (this.running += 1));
    try {
      const found = answer(); // as it is when it is asked
      await this.answer(path);
      return found;
    } finally {
      if (path.startsWith(pathOf(""))) this.running -= 1;
    }
  }
  readonly api = {
    address,
    now: () => this.#ask("sys/health", () => new Date()),
    list: (path: string) =>
      this.#ask(path, () =>
        path.endsWith("/role")
          ? [...this.roles].map((name) => name.replace(".example.org", ""))
          : path === listPath
            ? [...this.entries.keys()]
            : [...this.uncertified],
      ),
    read: (path: string, schema: { parse: (value: unknown) => unknown }) =>
      this.#ask(path, () => {
        const name = path.split("/").at(-1) ?? "";
        if (path === fleetPath) return schema.parse({ data: { data: stored } });
        if (path.includes("/role/")) return this.roles.has(`${name}.example.org`) ? schema.parse({ data: {} }) : undefined;
        if (path.includes("/uncertified/") && !this.uncertified.has(name)) return undefined;
        if (path.includes("/uncertified/"))
          return schema.parse({ data: { data: {}, metadata: { created_time: new Date(start).toISOString(), version: 1 } } });
        const entry = this.entries.get(name);
        if (entry === undefined) return undefined;
        const { value: data, version } = entry;
        return schema.parse({ data: { data, metadata: { created_time: new Date(start).toISOString(), version } } });
      }),
  } as unknown as VaultApi;
}
const stored = toStore({ ...fleetOf({}), limits: { ...fleetOf({}).limits, store: 1000 } }, { host: [key], user: [key] });
const start = Date.parse("2026-01-31T12:00:00Z");

let over: AbortController;
const rejections: unknown[] = [];
const rejected = (error: unknown) => {
  rejections.push(error);
};
beforeEach(() => {
  jest.useFakeTimers({ now: start, doNotFake: ["nextTick", "setImmediate", "queueMicrotask"] });
  over = new AbortController();
  rejections.length = 0;
  process.on("unhandledRejection", rejected);
});
afterEach(async () => {
  over.abort();
  await jest.advanceTimersByTimeAsync(20_000);
  process.off("unhandledRejection", rejected);
  jest.useRealTimers();
  expect(rejections).toEqual([]);
});

interface Told {
  readonly watch: Watch;
  readonly away: Trouble[];
  readonly back: number[];
  readonly faults: unknown[];
}
function begin(vault: FakeVault): Told {
  const told = { away: [] as Trouble[], back: [] as number[], faults: [] as unknown[] };
  const watch = watchFleet(
    () => vault.api,
    {
      away: (trouble) => told.away.push(trouble),
      back: (since) => told.back.push(since),
      fault: (error) => told.faults.push(error),
    },
    over.signal,
  );
  return { watch, ...told };
}
const pass = (seconds: number) => jest.advanceTimersByTimeAsync(seconds * 1000);
const stateOf = (watch: Watch, name: string) => watch.overview().hosts.get(name)?.host.state;
const ageOf = (watch: Watch, name: string) => Date.now() - (watch.overview().hosts.get(name)?.readAt ?? 0);
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const readable = { kind: "unreadable", problem: "its schema is 3, and 1 is read" };

test("each host is read, again and again, and nothing is in the way", async () => {
  const vault = new FakeVault(20);
  const { watch, away, faults } = begin(vault);
  await pass(30);
  expect(watch.overview()).toMatchObject({ complete: true, hosts: { size: 20 } });
  expect(Date.now() - watch.overview().readAt).toBeLessThan(12_000);
  expect(vault.count(pathOf(nameOf(1)))).toBeGreaterThan(4);
  expect([away, faults, watch.trouble()]).toEqual([[], [], undefined]);
});

describe("one host that cannot be read", () => {
  test.each<[what: string, error: (path: string) => unknown, problem: RegExp, faults: boolean]>([
    ["an answer that is too long", tooLong, /is longer than 4 MiB/, false],
    ["a path that is refused", denied, /may not use/, false],
    ["a path that never answers in time", unreachable, /no Vault answers/, false],
    ["an exception of ours", () => new RangeError("Maximum call stack size exceeded"), /its log says why/, true],
    ["what is no Error", () => "x", /its log says why/, true],
  ])("%s: it is that host's problem, and the others are read on", async (_what, error, problem, isFault) => {
    const vault = new FakeVault(10);
    const bad = nameOf(3);
    vault.answer = (path) => {
      if (path === pathOf(bad)) throw error(path);
    };
    const { watch, away, faults } = begin(vault);
    await pass(60);
    expect(watch.overview().complete).toBe(true);
    expect(stateOf(watch, bad)).toMatchObject({ kind: "unreadable", problem: expect.stringMatching(problem) });
    for (const other of [1, 2, 4, 10]) {
      expect(stateOf(watch, nameOf(other))).toMatchObject(readable);
      expect(ageOf(watch, nameOf(other))).toBeLessThan(12_000);
    }
    expect([away, watch.trouble()]).toEqual([[], undefined]);
    expect(faults).toHaveLength(isFault ? 1 : 0); // once, and not at each turn
    expect(vault.count(pathOf(bad))).toBeLessThan(20);
    vault.answer = () => undefined;
    await pass(12);
    expect(stateOf(watch, bad)).toMatchObject(readable);
  });

  test("what was known of it stays for a minute where Vault may answer the next time, and is as old as it is", async () => {
    const vault = new FakeVault(5);
    const { watch } = begin(vault);
    await pass(20);
    vault.answer = (path) => {
      if (path === pathOf(nameOf(3))) throw unreachable();
    };
    await pass(30);
    expect(stateOf(watch, nameOf(3))).toMatchObject(readable);
    expect(ageOf(watch, nameOf(3))).toBeGreaterThan(20_000);
    expect(watch.trouble()).toBeUndefined();
    await pass(60);
    expect(stateOf(watch, nameOf(3))).toMatchObject({ problem: expect.stringContaining("no Vault answers") });
  });

  test("one answer that takes long is no silence of Vault's, and keeps nobody waiting", async () => {
    const vault = new FakeVault(5);
    const { watch } = begin(vault);
    await pass(20);
    vault.answer = (path) => (path === pathOf(nameOf(3)) ? later(30_000) : undefined);
    for (let second = 0; second < 25; second += 1) {
      await pass(1);
      expect(watch.trouble()).toBeUndefined();
      expect(ageOf(watch, nameOf(1))).toBeLessThan(13_000);
    }
  });

  test("it is opened: no exception, and what the list says of it", async () => {
    const vault = new FakeVault(3);
    const { watch, faults } = begin(vault);
    await pass(20);
    vault.answer = (path) => {
      if (path === pathOf(nameOf(3))) throw new RangeError("deep");
      if (path.includes("/role/")) throw denied(path);
    };
    await pass(8);
    const [bad, good] = [watch.open(nameOf(3)), watch.open(nameOf(1))];
    await pass(3);
    expect((await bad)?.host.state).toMatchObject({ problem: expect.stringContaining("its log says why") });
    expect((await good)?.host.state).toMatchObject(readable);
    expect(watch.trouble()).toBeUndefined();
    expect(faults).toHaveLength(1);
  });
});

describe("Vault is away", () => {
  test.each<[what: string, error: (path: string) => Error]>([
    ["sealed", sealed],
    ["unreachable", unreachable],
    ["busy", () => fail("VAULT_BUSY", { address, status: "503" })],
    ["a token that is refused for everything", denied],
    ["a proxy in its place", tooLong],
  ])("%s: what is known stays, and it is told", async (_what, error) => {
    const vault = new FakeVault(5);
    vault.uncertified.add("old-1.example.org");
    const { watch, away, back } = begin(vault);
    await pass(20);
    vault.answer = (path) => {
      throw error(path);
    };
    await pass(20);
    expect(watch.trouble()).toMatchObject({ kind: "away" });
    expect([...watch.overview().hosts.keys()].sort()).toEqual(["old-1.example.org", ...[1, 2, 3, 4, 5].map(nameOf)]);
    for (const each of [1, 2, 3, 4, 5]) expect(stateOf(watch, nameOf(each))).toMatchObject(readable);
    expect(away).toHaveLength(1);
    vault.answer = () => undefined;
    await pass(10);
    expect([watch.trouble(), back.length]).toEqual([undefined, 1]);
    expect(ageOf(watch, nameOf(1))).toBeLessThan(10_000);
  });

  test("it hangs: silence after 3 s", async () => {
    const vault = new FakeVault(5);
    const { watch } = begin(vault);
    await pass(20);
    vault.answer = () => later(10_000).then(() => Promise.reject(unreachable()));
    await pass(7);
    expect(watch.trouble()).toMatchObject({ kind: "away", error: { code: "DIRECTORY_VAULT_SILENT" } });
  });
});

describe("the list", () => {
  test.each<[what: string, error: (path: string) => unknown, code: string]>([
    ["is refused", denied, "VAULT_PERMISSION_DENIED"],
    ["is too long", tooLong, "VAULT_ANSWER_UNEXPECTED"],
    ["ends in an exception of ours", () => new RangeError("deep"), "DIRECTORY_FAULT"],
  ])("%s: it is told as that for as long as it lasts; known hosts stay, and are read on", async (_what, error, code) => {
    const vault = new FakeVault(5);
    const { watch, away, back } = begin(vault);
    await pass(20);
    vault.answer = (path) => {
      if (path === rolesPath) throw error(path);
    };
    const before = vault.count(pathOf(nameOf(1)));
    await pass(6);
    for (let second = 0; second < 40; second += 1) {
      await pass(1);
      expect(watch.trouble()).toMatchObject({ kind: "unlisted", error: { code } });
    }
    expect(watch.overview().hosts.size).toBe(5);
    expect(Date.now() - watch.overview().readAt).toBeGreaterThan(35_000);
    expect(vault.count(pathOf(nameOf(1))) - before).toBeGreaterThan(4);
    expect(vault.count(rolesPath)).toBeLessThan(40);
    expect([away.length, back.length]).toEqual([1, 0]);
    vault.answer = () => undefined;
    await pass(10);
    expect([watch.trouble(), back.length]).toEqual([undefined, 1]);
  });

  test("is refused from the start: nothing is complete", async () => {
    const vault = new FakeVault(5);
    vault.answer = (path) => {
      if (path === rolesPath) throw denied(path);
    };
    const { watch } = begin(vault);
    await pass(20);
    expect(watch.trouble()).toMatchObject({ kind: "unlisted" });
    expect(watch.overview()).toMatchObject({ complete: false, hosts: { size: 0 } });
    vault.answer = () => undefined;
    await pass(10);
    expect(watch.overview()).toMatchObject({ complete: true, hosts: { size: 5 } });
  });

  test("somebody opens hosts meanwhile: what fails is told on", async () => {
    const vault = new FakeVault(5);
    const { watch, back } = begin(vault);
    await pass(20);
    vault.answer = (path) => {
      if (path === listPath) throw sealed();
    };
    await pass(10);
    expect(watch.trouble()).toMatchObject({ error: { code: "VAULT_SEALED" } });
    for (const each of [1, 2, 3]) {
      const opened = watch.open(nameOf(each));
      await pass(2);
      expect((await opened)?.host.name).toBe(nameOf(each));
      expect(watch.trouble()).toBeDefined();
    }
    expect(back).toEqual([]);
  });
});

describe("a name of which nothing is left but history", () => {
  test("is looked at as often as any other", async () => {
    const vault = new FakeVault(20);
    vault.roles.delete(nameOf(7));
    vault.entries.set(nameOf(7), undefined);
    const { watch } = begin(vault);
    await pass(20);
    const before = vault.asked.length;
    await pass(60);
    expect(vault.asked.length - before).toBeLessThan(20 * 15 + 12 * 8);
    expect(watch.overview().hosts.has(nameOf(7))).toBe(false);
  });

  test("comes back when the host does, also after the list forgot it", async () => {
    const vault = new FakeVault(3);
    const { watch } = begin(vault);
    await pass(10);
    vault.remove(nameOf(2));
    await pass(10);
    expect(watch.overview().hosts.has(nameOf(2))).toBe(false);
    vault.add(nameOf(2));
    await pass(10);
    expect(watch.overview().hosts.has(nameOf(2))).toBe(true);
  });
});

test("a list that takes long leaves time to read the hosts", async () => {
  const vault = new FakeVault(20);
  const { watch } = begin(vault);
  await pass(30);
  vault.answer = (path) => (path === listPath ? later(2900) : undefined);
  const before = vault.count(pathOf(nameOf(7)));
  await pass(60);
  expect(vault.count(pathOf(nameOf(7))) - before).toBeGreaterThan(5);
  expect(Date.now() - watch.overview().readAt).toBeLessThan(20_000);
});

describe("what is known as of later stays", () => {
  test("the age of a host that is opened is that of the list by which it was looked at", async () => {
    const vault = new FakeVault(5);
    const { watch } = begin(vault);
    await pass(20);
    // Each answer about web-3 was given by the list of before its AppRole was taken, and is late.
    vault.answer = (path) => (path === listPath ? later(2900) : path === pathOf(nameOf(3)) ? later(100) : undefined);
    await pass(1);
    vault.roles.delete(nameOf(3));
    const taken = Date.now();
    for (let turn = 0; turn < 60; turn += 1) {
      await pass(0.25);
      const watched = watch.overview().hosts.get(nameOf(3));
      if (watched?.host.identity === true) expect(watched.readAt).toBeLessThanOrEqual(taken);
    }
    expect(watch.overview().hosts.get(nameOf(3))?.host.identity).toBe(false);
  });

  test("a host that was found to be gone is not brought back by an older list", async () => {
    const vault = new FakeVault(1000); // a sweep takes as long as a list is kept
    const late = nameOf(930); // it is among the last of each
    const { watch } = begin(vault);
    await pass(30);
    const listed = vault.count(listPath);
    while (vault.count(listPath) === listed) await pass(0.1);
    vault.remove(late);
    vault.answer = (path) => (path === listPath ? later(5000) : undefined);
    while (watch.overview().hosts.has(late)) {
      void watch.open(late);
      await pass(0.1);
      expect(vault.count(listPath)).toBeLessThanOrEqual(listed + 2); // it was found before the next list, which is late, says so
    }
    for (let turn = 0; turn < 200; turn += 1) {
      void watch.open(late); // at first by the list of before, which still has it
      await pass(0.1);
      expect(watch.overview().hosts.has(late)).toBe(false);
    }
  });

  test("a look that was asked for before it was found to be gone comes too late", async () => {
    const vault = new FakeVault(1);
    const { watch } = begin(vault);
    await pass(3);
    vault.answer = (path) => (path === pathOf(nameOf(1)) ? later(9000) : undefined);
    const asked = vault.count(pathOf(nameOf(1)));
    while (vault.count(pathOf(nameOf(1))) === asked) await pass(0.1); // a sweep asks for it
    vault.remove(nameOf(1));
    vault.answer = (path) => (path === listPath ? later(20_000) : undefined);
    while (watch.overview().hosts.has(nameOf(1))) {
      void watch.open(nameOf(1));
      await pass(0.5);
      expect(Date.now() - start).toBeLessThan(15_000);
    }
    for (let turn = 0; turn < 20; turn += 1) {
      await pass(0.5);
      expect(watch.overview().hosts.has(nameOf(1))).toBe(false);
    }
  });
});

test("few are read at a time until all have been read, and then as many as it takes, also in a hurry", async () => {
  const vault = new FakeVault(2000);
  vault.answer = () => later(20);
  const { watch } = begin(vault);
  await pass(10);
  expect(watch.overview().complete).toBe(true);
  expect(vault.most).toBe(8);
  vault.most = 0;
  vault.answer = () => {
    throw sealed();
  };
  await pass(70);
  vault.answer = () => later(200);
  await pass(20);
  expect(vault.most).toBeGreaterThan(8);
  expect(vault.most).toBeLessThanOrEqual(64);
});
