/** Which hosts a query asks for, and in which order. */
import { stateKinds } from "../../host/describe-state.js";
import type { HostState } from "../../host/state.js";
import type { Filter, HostSummary, SortKey } from "../contract.js";

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
export const orderOf = (key: SortKey) => (a: HostSummary, b: HostSummary) =>
  compare(keyOf[key](a), keyOf[key](b)) || compare(a.name, b.name);

/** What narrows a list. */
export interface Narrowing {
  /** Part of a name or of a group; "" for any. */
  readonly q: string;
  readonly group?: string | undefined;
  readonly filter?: Filter | undefined;
}

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

/** @param now by Vault's clock */
export function narrow(hosts: readonly HostSummary[], { q, group, filter }: Narrowing, now: Date): readonly HostSummary[] {
  const text = q.trim().toLowerCase();
  if (text === "" && group === undefined && filter === undefined) return hosts;
  return hosts.filter(
    (host) =>
      (group === undefined || host.group === group) &&
      (filter === undefined || fits[filter](host, now)) &&
      (text === "" || host.name.includes(text) || host.group?.includes(text) === true),
  );
}
