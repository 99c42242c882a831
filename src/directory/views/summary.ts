/** A host as one row of a list. */
import type { StoredFleet } from "../../fleet/stored.js";
import { printable } from "../../ground/printable.js";
import { describeState } from "../../host/describe-state.js";
import type { ListedHost } from "../../host/list-hosts.js";
import { ownCertificates, registeredOf, stateOf } from "../../host/state.js";
import { isValidAt, validFrom, validTo } from "../../ssh/certificate-validity.js";
import type { PublicKey } from "../../ssh/public-key.js";
import type { HostSummary } from "../contract.js";

type Cas = StoredFleet["cas"]["host"];

/** @param now by Vault's clock: a certificate ends, and a host falls silent, without anybody writing anything */
export function summaryOf(host: ListedHost, cas: Cas, now: Date): HostSummary {
  const state = stateOf(host, cas, now);
  return {
    name: printable(host.name),
    group: host.group?.name ?? null,
    state: { kind: state.kind, text: describeState(state) },
    certificate: firstToEnd(host, cas, now),
    keyTypes: [...new Set(keysOf(host).map(({ kind }) => kind))].sort(),
    seen: host.said?.at.toISOString() ?? null,
  };
}

/**
 * Until when its row stays as it is, where nobody writes anything: until a certificate of its own begins or ends, or it is silent for too
 * long. In milliseconds, by Vault's clock; without an end, where time changes nothing.
 */
export function staysUntil({ name, said, forget }: ListedHost, cas: Cas, now: Date): number {
  if (said === undefined) return Number.POSITIVE_INFINITY;
  const certificates = "problem" in said.entry ? [] : ownCertificates(said.entry.read, name, cas);
  const moments = certificates.flatMap((each) =>
    [validFrom(each), validTo(each)].flatMap((end) => (typeof end === "string" ? [] : [end.getTime()])),
  );
  return Math.min(...[...moments, said.at.getTime() + forget * 1000 + 1].filter((moment) => moment > now.getTime()));
}

/** The keys of a host that could be read: those that it says, or those that an operator gave. */
export function keysOf(host: ListedHost): readonly PublicKey[] {
  const registered = registeredOf(host)?.entry;
  const entry = registered ?? host.said?.entry;
  return entry === undefined || "problem" in entry ? [] : entry.read.keys.flatMap((key) => ("read" in key ? [key.read] : []));
}

function firstToEnd({ name, said }: ListedHost, cas: Cas, now: Date): HostSummary["certificate"] {
  if (said === undefined || "problem" in said.entry || said.entry.read.host !== name) return null;
  const [first] = ownCertificates(said.entry.read, name, cas)
    .filter((each) => isValidAt(each, now))
    .flatMap((each) => {
      const [from, until] = [validFrom(each), validTo(each)];
      return until === "forever" ? [] : [{ from: from === "always" ? new Date(0) : from, until }];
    })
    .sort((a, b) => a.until.getTime() - b.until.getTime());
  return first === undefined ? null : { from: first.from.toISOString(), until: first.until.toISOString() };
}
