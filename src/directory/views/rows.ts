/** The rows of the list: made of all that is known once a second, whoever reads. */
import { stateKinds } from "../../host/describe-state.js";
import type { ListedHost } from "../../host/list-hosts.js";
import type { HostState } from "../../host/state.js";
import type { HostSummary, SortKey } from "../contract.js";
import type { Watch, Watched } from "../watch/watch.js";
import { narrow, orderOf, type Narrowing } from "./narrow.js";
import { staysUntil, summaryOf } from "./summary.js";

export interface Counted {
  readonly kind: HostState["kind"];
  readonly count: number;
}

/** What a list is asked for. */
export interface Search extends Narrowing {
  /** With "-" in front, the other way round. */
  readonly sort: SortKey | `-${SortKey}`;
}

export interface Rows {
  readonly counts: readonly Counted[];
  readonly groups: readonly string[];
  /** Those that are searched for, in their order. */
  readonly find: (search: Search) => readonly HostSummary[];
  /** What is made of them once for all who ask the same within a moment. @param what all that it depends on, and which kind it is */
  readonly once: <T extends object>(what: readonly unknown[], make: () => T) => T;
  readonly watched: Watched;
}

/** What is kept for the moment, of each kind. */
const mostKept = 100;

/** What is shown may be this much older than what is known, in milliseconds: a thousand readers cost what one does. */
const memory = 1000;

/** Rows of the moment. */
export function rowsOf(watch: Watch): () => Rows {
  const make = rowsMaker();
  let last: { readonly at: number; readonly rows: Rows } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at >= memory) last = { at: now, rows: make(watch.overview(), watch.now()) };
    return last.rows;
  };
}

/** A row, and what it was made of: while that stays, so does the row. */
interface Kept {
  readonly row: HostSummary;
  /** As it was read last: what was read before is let go of. */
  host: ListedHost;
  readonly cas: string;
  /** In milliseconds, by Vault's clock. */
  readonly from: number;
  readonly until: number;
}

/** All rows in one order, and their hosts' names. */
interface Ordered {
  readonly names: readonly string[];
  readonly rows: readonly HostSummary[];
}

/** Of ten thousand rows a few change in a second: only those are made anew, and an order of before is almost the one of now. */
function rowsMaker(): (watched: Watched, now: Date) => Rows {
  const kept = new Map<string, Kept>();
  let orders = new Map<SortKey, Ordered>();
  let before: ReadonlyMap<SortKey, Ordered["names"]> = new Map();
  let counts: readonly Counted[] = [];
  return (watched, now) => {
    if (bringUpToDate(kept, watched, now)) {
      before = new Map([...before, ...[...orders].map(([key, { names }]) => [key, names] as const)]);
      orders = new Map();
      counts = countsOf(kept);
    }
    const [mine, last] = [orders, before];
    const inOrder = (key: SortKey): Ordered => {
      const made = mine.get(key) ?? orderFrom(last.get(key) ?? [], kept, key);
      mine.set(key, made);
      return made;
    };
    const once = keeper();
    return {
      watched,
      counts,
      groups: watched.stored.fleet.hosts.map(({ name }) => name),
      once,
      find: ({ q, group, filter, sort }) =>
        once(["found", q, group, filter, sort], () => {
          const key = sort.replace(/^-/, "") as SortKey;
          const found = narrow(inOrder(key).rows, { q, group, filter }, now);
          return key === sort ? found : found.toReversed();
        }),
    };
  };
}

function keeper(): Rows["once"] {
  const kept = new Map<string, object>();
  const numbers = new Map<unknown, number>();
  return <T extends object>(what: readonly unknown[], make: () => T): T => {
    const id = JSON.stringify(what);
    const known = kept.get(id);
    if (known !== undefined) return known as T; // by its kind, which is the first of what it depends on
    const made = make();
    const number = numbers.get(what[0]) ?? 0;
    if (number < mostKept) {
      kept.set(id, made);
      numbers.set(what[0], number + 1);
    }
    return made;
  };
}

/** @returns whether a row has changed, came or went */
function bringUpToDate(kept: Map<string, Kept>, { stored, hosts }: Watched, now: Date): boolean {
  const cas = stored.cas.host.join("\n");
  let isChanged = false;
  for (const [name, { host }] of hosts) {
    const before = kept.get(name);
    if (before !== undefined && holds(before, host, cas, now)) {
      before.host = host;
      continue;
    }
    const row = summaryOf(host, stored.cas.host, now);
    kept.set(name, { row, host, cas, from: now.getTime(), until: staysUntil(host, stored.cas.host, now) });
    isChanged = true;
  }
  if (kept.size === hosts.size) return isChanged;
  for (const name of kept.keys()) if (!hosts.has(name)) kept.delete(name);
  return true;
}

function countsOf(kept: ReadonlyMap<string, Kept>): readonly Counted[] {
  const numbers = new Map<HostState["kind"], number>();
  for (const { row } of kept.values()) numbers.set(row.state.kind, (numbers.get(row.state.kind) ?? 0) + 1);
  return stateKinds.flatMap((kind) => {
    const count = numbers.get(kind) ?? 0;
    return count === 0 ? [] : [{ kind, count }];
  });
}

/** Whether a row is still as it was: what was read again and has not changed is the same object. */
const holds = ({ host: before, cas: of, from, until }: Kept, host: ListedHost, cas: string, now: Date): boolean =>
  now.getTime() >= from &&
  now.getTime() < until &&
  of === cas &&
  before.said === host.said &&
  before.unread === host.unread &&
  before.identity === host.identity &&
  before.keptOut === host.keptOut &&
  before.forget === host.forget &&
  before.group?.name === host.group?.name &&
  before.registered?.version === host.registered?.version &&
  before.registered?.at.getTime() === host.registered?.at.getTime();

/** @param before the order of a moment ago: to sort what is almost sorted takes one walk through it */
function orderFrom(before: readonly string[], kept: ReadonlyMap<string, Kept>, key: SortKey): Ordered {
  const left = new Set(kept.keys());
  const known = before.filter((name) => left.delete(name));
  const compareRows = orderOf(key);
  const all = [...known, ...left]
    .flatMap((name) => {
      const row = kept.get(name)?.row;
      return row === undefined ? [] : [{ name, row }];
    })
    .sort((a, b) => compareRows(a.row, b.row));
  return { names: all.map(({ name }) => name), rows: all.map(({ row }) => row) };
}
