/** The list of hosts: searched, narrowed, sorted and cut into pages here, so that no reader is sent all of it. */
import * as z from "zod";
import { stateKinds } from "../../host/describe-state.js";
import type { ListedHost } from "../../host/list-hosts.js";
import type { HostState } from "../../host/state.js";
import { filters, sortKeys, type Filter, type Freshness, type HostList, type HostSummary, type SortKey } from "../contract.js";
import type { Watched, Watch } from "../watch/watch.js";
import { staysUntil, summaryOf } from "./summary.js";

export const mostOnPage = 500;

/** A query as an address has it: each a text, or left out. */
export const listQuery = z.strictObject({
  q: z.string().max(253).default("").meta({ description: "Part of a host's name or group." }),
  group: z.string().max(63).optional().meta({ description: "Only hosts of this group." }),
  filter: z.enum(filters).optional().meta({
    description:
      "expiring: the certificate ends within a quarter of its life or has ended; uncertified: no valid certificate; stale: not heard of for as long as its group allows, or never; failing: it reports a problem.",
  }),
  sort: z
    .enum([...sortKeys, ...sortKeys.map((key) => `-${key}` as const)])
    .default("name")
    .meta({ description: "What it is sorted by; with - in front, the other way round." }),
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  size: z.coerce.number().int().min(1).max(mostOnPage).default(50).meta({ description: "Hosts on a page." }),
});
export type ListQuery = z.output<typeof listQuery>;

export interface Counted {
  readonly kind: HostState["kind"];
  readonly count: number;
}

export interface Rows {
  readonly rows: readonly HostSummary[];
  readonly counts: readonly Counted[];
  readonly groups: readonly string[];
  /** By each key, as soon as somebody asked for it; the same order for all who read within a moment. */
  readonly sorted: (key: SortKey) => readonly HostSummary[];
  readonly watched: Watched;
}

/** What is shown may be this much older than what is known, in milliseconds: a thousand readers cost what one does. */
const memory = 1000;

/** Rows of the moment. */
export function rowsOf(watch: Watch): () => Rows {
  const make = rowsMaker();
  let last: { readonly at: number; readonly rows: Rows } | undefined;
  return () => {
    if (last === undefined || Date.now() - last.at >= memory) {
      const rows = make(watch.overview(), watch.now());
      last = { at: Date.now(), rows };
    }
    return last.rows;
  };
}

/** A row, and what it was made of: while that stays, so does the row. */
interface Kept {
  readonly row: HostSummary;
  readonly host: ListedHost;
  readonly cas: string;
  /** In milliseconds, by Vault's clock. */
  readonly from: number;
  readonly until: number;
}

/** Of ten thousand rows a few change in a second: only those are made anew, and an order of before is almost the one of now. */
function rowsMaker(): (watched: Watched, now: Date) => Rows {
  let kept = new Map<string, Kept>();
  const orders = new Map<SortKey, readonly string[]>();
  return (watched, now) => {
    const { stored, hosts } = watched;
    const cas = stored.cas.host.join("\n");
    const next = new Map<string, Kept>();
    const numbers = new Map<HostState["kind"], number>();
    for (const [name, { host }] of hosts) {
      const before = kept.get(name);
      const mine =
        before !== undefined && holds(before, host, cas, now) ? again(before, host) : keep(host, stored.cas.host, cas, now);
      next.set(name, mine);
      const { kind } = mine.row.state;
      numbers.set(kind, (numbers.get(kind) ?? 0) + 1);
    }
    kept = next;
    const rows = [...next.values()].map(({ row }) => row);
    const sorted = new Map<SortKey, readonly HostSummary[]>();
    return {
      rows,
      watched,
      counts: stateKinds.flatMap((kind) => (numbers.has(kind) ? [{ kind, count: numbers.get(kind) ?? 0 }] : [])),
      groups: stored.fleet.hosts.map(({ name }) => name),
      sorted: (key) => {
        const known = sorted.get(key);
        if (known !== undefined) return known;
        const order = orderFrom(orders.get(key) ?? [], next, key);
        orders.set(key, order);
        const made = order.flatMap((name) => next.get(name)?.row ?? []);
        sorted.set(key, made);
        return made;
      },
    };
  };
}

function keep(host: ListedHost, cas: readonly string[], of: string, now: Date): Kept {
  return { row: summaryOf(host, cas, now), host, cas: of, from: now.getTime(), until: staysUntil(host, cas, now) };
}

/** What was read before is let go of. */
const again = (before: Kept, host: ListedHost): Kept => (before.host === host ? before : { ...before, host });

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
function orderFrom(before: readonly string[], rows: ReadonlyMap<string, Kept>, key: SortKey): readonly string[] {
  const left = new Set(rows.keys());
  const order = before.filter((name) => left.delete(name));
  order.push(...left);
  const compareRows = orderOf(key);
  const rowOf = (name: string) => rows.get(name)?.row;
  return order.sort((a, b) => {
    const [one, other] = [rowOf(a), rowOf(b)];
    return one === undefined || other === undefined ? 0 : compareRows(one, other);
  });
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
/** What is not there comes last. */
const last = "\u{10ffff}";
const keyOf: Readonly<Record<SortKey, (host: HostSummary) => string>> = {
  name: ({ name }) => name,
  group: ({ group }) => group ?? last,
  state: ({ state }) => String(stateKinds.indexOf(state.kind)).padStart(2, "0"),
  expires: ({ certificate }) => certificate?.until ?? last,
  seen: ({ seen }) => seen ?? last,
};
const orderOf = (key: SortKey) => (a: HostSummary, b: HostSummary) =>
  compare(keyOf[key](a), keyOf[key](b)) || compare(a.name, b.name);

const failing: ReadonlySet<HostState["kind"]> = new Set(["failing", "conflict", "unreadable"]);
const unheard: ReadonlySet<HostState["kind"]> = new Set(["silent", "not-enrolled"]);

const lastQuarters = new WeakMap<HostSummary, number>();

/** When the last quarter of its certificate's life begins, in milliseconds. */
function expiresSoonFrom(host: HostSummary): number {
  const known = lastQuarters.get(host);
  if (known !== undefined) return known;
  const { certificate, state } = host;
  const [from, until] = certificate === null ? [0, 0] : [Date.parse(certificate.from), Date.parse(certificate.until)];
  const begins = certificate === null ? (state.kind === "expired" ? 0 : Number.POSITIVE_INFINITY) : until - (until - from) / 4;
  lastQuarters.set(host, begins);
  return begins;
}

const fits: Readonly<Record<Filter, (host: HostSummary, now: Date) => boolean>> = {
  expiring: (host, now) => now.getTime() > expiresSoonFrom(host),
  uncertified: ({ certificate, state }) => certificate === null && state.kind !== "kept-out",
  stale: ({ state }) => unheard.has(state.kind),
  failing: ({ state }) => failing.has(state.kind),
};

/** A page of the list. A page behind the last one is empty. */
export function pageOf(rows: Rows, query: ListQuery, now: Date, fresh: Freshness): HostList {
  const { q, group, filter, sort, page, size } = query;
  const text = q.trim().toLowerCase();
  const key = sort.replace(/^-/, "") as SortKey;
  const found = rows
    .sorted(key)
    .filter(
      (host) =>
        (text === "" || host.name.includes(text) || host.group?.includes(text) === true) &&
        (group === undefined || host.group === group) &&
        (filter === undefined || fits[filter](host, now)),
    );
  const ordered = sort.startsWith("-") ? found.toReversed() : found;
  return {
    hosts: ordered.slice((page - 1) * size, page * size),
    total: found.length,
    page,
    pages: Math.ceil(found.length / size),
    complete: rows.watched.complete,
    ...fresh,
  };
}
