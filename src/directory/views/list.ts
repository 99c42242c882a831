/** The list of hosts: searched, narrowed, sorted and cut into pages here, so that no reader is sent all of it. */
import * as z from "zod";
import { stateKinds } from "../../host/describe-state.js";
import type { HostState } from "../../host/state.js";
import { filters, sortKeys, type Filter, type Freshness, type HostList, type HostSummary, type SortKey } from "../contract.js";
import type { Watched, Watch } from "../watch/watch.js";
import { summaryOf } from "./summary.js";

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
  let last: { readonly at: number; readonly rows: Rows } | undefined;
  return () => {
    const at = Date.now();
    if (last === undefined || at - last.at >= memory) last = { at, rows: makeRows(watch.overview(), watch.now()) };
    return last.rows;
  };
}

function makeRows(watched: Watched, now: Date): Rows {
  const { stored, hosts } = watched;
  const rows = [...hosts.values()].map(({ host }) => summaryOf(host, stored.cas.host, now));
  const numbers = new Map<HostState["kind"], number>();
  for (const { state } of rows) numbers.set(state.kind, (numbers.get(state.kind) ?? 0) + 1);
  const orders = new Map<SortKey, readonly HostSummary[]>();
  return {
    rows,
    watched,
    counts: stateKinds.flatMap((kind) => (numbers.has(kind) ? [{ kind, count: numbers.get(kind) ?? 0 }] : [])),
    groups: stored.fleet.hosts.map(({ name }) => name),
    sorted: (key) => {
      const known = orders.get(key) ?? [...rows].sort(orderOf(key));
      orders.set(key, known);
      return known;
    },
  };
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

const fits: Readonly<Record<Filter, (host: HostSummary, now: Date) => boolean>> = {
  expiring: ({ certificate, state }, now) => {
    if (certificate === null) return state.kind === "expired";
    const [from, until] = [Date.parse(certificate.from), Date.parse(certificate.until)];
    return until - now.getTime() < (until - from) / 4;
  },
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
