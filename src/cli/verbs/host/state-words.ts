/** The state of a host in words. What a host said is printable already: it was read so. */
import { printable } from "../../../ground/printable.js";
import type { ListedHost } from "../../../host/list-hosts.js";
import type { HostState } from "../../../host/state.js";
import { dim, green, red, yellow } from "../../../terminal/colour.js";
import { unbroken } from "../../../terminal/wrap.js";
import { moment, span } from "../../times.js";

const plain = (text: string) => text;
const paints: Readonly<Record<HostState["kind"], (text: string) => string>> = {
  certified: green,
  "not-enrolled": plain,
  "no-identity": yellow,
  "kept-out": dim,
  silent: dim,
  failing: red,
  conflict: red,
  expired: red,
  unreadable: yellow,
  "not-certified": yellow,
};

export const paintOf = ({ kind }: HostState) => paints[kind];

export function describeState(state: HostState): string {
  switch (state.kind) {
    case "certified":
      return `certified until ${moment(state.until)}`;
    case "not-enrolled":
      return "not enrolled yet";
    case "no-identity":
      return "without an identity: it can renew nothing";
    case "kept-out":
      return "removed: no token of its platform lets it in again";
    case "silent":
      return `silent since ${moment(state.since)}`;
    case "conflict":
      return "two machines have this identity";
    case "failing":
      return `failing${state.since === undefined ? "" : ` since ${moment(state.since)}`}: ${state.problem}`;
    case "expired":
      return `expired ${moment(state.at)}`;
    case "unreadable":
      return `unreadable: ${state.problem}`;
    case "not-certified":
      return "it shows no certificate of this fleet";
  }
}

/** Where a host says all that it does. */
export const journal = "journalctl -u ssh-trust-host";

/** What to do about hosts that fail; undefined where none does. @param program what ssh-trust is called */
export function describeFailing(hosts: readonly Pick<ListedHost, "name" | "state">[], program: string): string | undefined {
  const [first, another] = hosts.filter(({ state }) => state.kind === "failing");
  if (first === undefined) return undefined;
  const name = another === undefined ? printable(first.name) : "<name>";
  return `failing: ${unbroken(`${program} host show ${name}`)} has the whole reason; on the host: ${unbroken(journal)}`;
}

export const describeSeen = ({ said }: Pick<ListedHost, "said">, now: Date): string =>
  said === undefined ? "" : `seen ${span((now.getTime() - said.at.getTime()) / 1000)} ago`;

const counted: readonly (readonly [HostState["kind"], string])[] = [
  ["certified", "certified"],
  ["not-enrolled", "not enrolled yet"],
  ["failing", "failing"],
  ["conflict", "with two machines"],
  ["expired", "expired"],
  ["not-certified", "not certified"],
  ["no-identity", "without an identity"],
  ["unreadable", "unreadable"],
  ["silent", "silent"],
  ["kept-out", "removed"],
];

/** Such as "3 hosts: 2 certified, 1 silent". */
export function describeCounts(hosts: readonly ListedHost[]): string {
  const counts = counted.flatMap(([kind, words]) => {
    const count = hosts.filter(({ state }) => state.kind === kind).length;
    return count === 0 ? [] : [`${String(count)} ${words}`];
  });
  return `${hosts.length === 1 ? "1 host" : `${String(hosts.length)} hosts`}: ${counts.join(", ")}`;
}
