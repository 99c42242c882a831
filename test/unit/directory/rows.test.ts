/** The list's rows while hosts come, change and go: what is kept from one second to the next shows in no answer. */
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { filters, sortKeys, type HostSummary } from "../../../src/directory/contract.js";
import { narrow, orderOf } from "../../../src/directory/views/narrow.js";
import { rowsOf, type Search } from "../../../src/directory/views/rows.js";
import { summaryOf } from "../../../src/directory/views/summary.js";
import type { Watch, WatchedHost } from "../../../src/directory/watch/watch.js";
import { toStore } from "../../../src/fleet/stored.js";
import type { ListedHost } from "../../../src/host/list-hosts.js";
import { stateOf, type Known } from "../../../src/host/state.js";
import { ed25519 } from "../../support/keys.js";
import { fleetOf, hostsOf } from "../fleet/fleet-of.js";

const ca = ed25519(7).publicKey;
const fleet = fleetOf({ hosts: [hostsOf("web"), hostsOf("db")] });
const start = Date.parse("2026-01-31T12:00:00Z");

beforeEach(() => {
  jest.useFakeTimers({ now: start });
});
afterEach(() => {
  jest.useRealTimers();
});

/** The same numbers in each run: https://en.wikipedia.org/wiki/Linear_congruential_generator */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

function open() {
  const hosts = new Map<string, WatchedHost>();
  let stored = toStore(fleet, { host: [ca], user: [ca] });
  const watch = {
    overview: () => ({ stored, hosts, readAt: Date.now(), complete: true }),
    now: () => new Date(),
  } as unknown as Watch;
  return {
    hosts,
    rows: rowsOf(watch),
    read: (name: string, more: Partial<Known> = {}): void => {
      const known = { name, identity: true, keptOut: false, said: undefined, forget: 30, ...more };
      const group = fleet.hosts.find((each) => name.startsWith(each.name));
      const host: ListedHost = { ...known, group, state: stateOf(known, stored.cas.host, new Date()) };
      hosts.set(name, { host, triedAt: 0, saidAt: 0, readAt: 0 });
    },
    applied: (cas: readonly string[]): void => {
      stored = toStore(fleet, { host: [...cas], user: [ca] });
    },
    /** As one who keeps nothing would find them. */
    plainly: ({ q, group, filter, sort }: Search): readonly HostSummary[] => {
      const all = [...hosts.values()].map(({ host }) => summaryOf(host, stored.cas.host, new Date()));
      const key = sort.replace(/^-/, "") as (typeof sortKeys)[number];
      const found = [...narrow(all, { q, group, filter }, new Date())].sort(orderOf(key));
      return key === sort ? found : found.reverse();
    },
  };
}

const searches: readonly Search[] = [
  ...sortKeys.flatMap((sort): Search[] => [
    { q: "", sort },
    { q: " WEB-1", sort: `-${sort}` },
  ]),
  ...filters.map((filter): Search => ({ q: "", filter, sort: "-seen" })),
  { q: "", group: "db", sort: "state" },
  { q: "nobody", sort: "name" },
];

test("after any change, each search finds what is there now, in its order", () => {
  const next = numbers(1);
  const { hosts, rows, read, plainly } = open();
  const change = () => {
    const name = `${next(2) === 0 ? "web" : "db"}-${String(next(40))}.example.org`;
    const kind = next(7);
    if (kind === 0) hosts.delete(name);
    else if (kind === 1) read(name, { keptOut: true });
    else if (kind === 2) read(name, { identity: false, unread: "it is no entry" });
    else if (kind === 4)
      read(name, { identity: false, registered: { entry: { problem: "no" }, at: new Date(), version: next(9) } });
    else if (kind === 3) read(name, { said: { entry: { problem: "no" }, at: new Date(), version: next(9) } });
    else read(name, { said: { entry: { problem: "no" }, at: new Date(start), version: 1 }, forget: next(100) });
  };
  for (let round = 0; round < 60; round++) {
    for (let changes = next(4); changes > 0; changes--) change(); // none in each fourth round
    jest.advanceTimersByTime(1000);
    const found = searches.map((search) => rows().find(search));
    expect(found).toEqual(searches.map((search) => plainly(search)));
    const counts = new Map(rows().counts.map(({ kind, count }) => [kind, count]));
    for (const { kind } of plainly({ q: "", sort: "name" }).map(({ state }) => state))
      counts.set(kind, (counts.get(kind) ?? 0) - 1);
    expect([...counts.values()].every((count) => count === 0)).toBe(true);
  }
});

test("a host falls silent, and a CA is another, though nobody wrote anything", () => {
  const { rows, read, plainly, applied } = open();
  read("web-1.example.org", { said: { entry: { problem: "it is no entry" }, at: new Date(), version: 1 } });
  const all: Search = { q: "", sort: "name" };
  const kindOf = () => rows().find(all)[0]?.state.kind;
  expect(kindOf()).toBe("unreadable");
  jest.advanceTimersByTime(31_000);
  expect(kindOf()).toBe("silent");
  applied([ed25519(8).publicKey]);
  jest.advanceTimersByTime(1000);
  expect(rows().find(all)).toEqual(plainly(all));
});

test("within a second, the same search is made once; after it, anew", () => {
  const { rows, read } = open();
  read("web-1.example.org");
  const find = (q = "") => rows().find({ q, sort: "-name" });
  const first = find();
  read("web-2.example.org");
  jest.advanceTimersByTime(999);
  expect(find()).toBe(first);
  expect(find("web-2")).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(find().map(({ name }) => name)).toEqual(["web-2.example.org", "web-1.example.org"]);
});

test("so many searches are not kept, and found all the same", () => {
  const { rows, read } = open();
  read("web-1.example.org");
  const find = (at: number) => rows().find({ q: `${at % 2 === 0 ? "web-1" : "no"}${" ".repeat(at)}`, sort: "name" });
  const many = Array.from({ length: 150 }, (_, at) => find(at));
  expect(many.filter(({ length }) => length === 1)).toHaveLength(75);
  expect(many.filter((each, at) => find(at) === each)).toHaveLength(100);
});
