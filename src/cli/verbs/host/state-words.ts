/** The state of a host on a terminal. What a host said is printable already: it was read so. */
import { printable } from "../../../ground/printable.js";
import type { ListedHost } from "../../../host/list-hosts.js";
import { kindInWords, stateKinds } from "../../../host/describe-state.js";
import type { HostState } from "../../../host/state.js";
import { dim, green, red, yellow } from "../../../terminal/colour.js";
import { unbroken } from "../../../terminal/wrap.js";
import { span } from "../../times.js";

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
  uncertified: plain,
};

export const paintOf = ({ kind }: HostState) => paints[kind];

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

/** Such as "3 hosts: 2 certified, 1 silent". */
export function describeCounts(hosts: readonly ListedHost[]): string {
  const counts = stateKinds.flatMap((kind) => {
    const count = hosts.filter(({ state }) => state.kind === kind).length;
    return count === 0 ? [] : [`${String(count)} ${kindInWords[kind]}`];
  });
  return `${hosts.length === 1 ? "1 host" : `${String(hosts.length)} hosts`}: ${counts.join(", ")}`;
}
