/** The state of a host in words, the same on a terminal, on a page and in data. What a host said is printable already: it was read so. */
import { moment } from "../ground/moment.js";
import type { HostState } from "./state.js";

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
    case "uncertified":
      return "without certificates: an operator gave its keys";
  }
}

/** Of each kind, in a count such as "3 certified"; in the order in which they are told. */
export const kindInWords: Readonly<Record<HostState["kind"], string>> = {
  certified: "certified",
  uncertified: "without certificates",
  "not-enrolled": "not enrolled yet",
  failing: "failing",
  conflict: "with two machines",
  expired: "expired",
  "not-certified": "not certified",
  "no-identity": "without an identity",
  unreadable: "unreadable",
  silent: "silent",
  "kept-out": "removed",
};

export const stateKinds = Object.keys(kindInWords) as readonly HostState["kind"][];
