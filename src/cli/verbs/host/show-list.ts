/** Hosts as lines of a terminal, and as data. */
import { printable } from "../../../ground/printable.js";
import { describeState } from "../../../host/describe-state.js";
import type { ListedHost } from "../../../host/list-hosts.js";
import { asJson } from "../../../terminal/json.js";
import { describeSeen, paintOf } from "./state-words.js";

/** No column is wider: a name of 253 characters would leave no room for all the others. */
const widest = { name: 64, group: 24 };

/** @param columns of the terminal; undefined: there is none, and each host is one line whatever its length */
export function showList(hosts: readonly ListedHost[], now: Date, columns: number | undefined): string {
  const rows = hosts.map((host) => ({ name: printable(host.name), group: host.group?.name ?? "-", host }));
  const width = (of: "name" | "group") => Math.min(widest[of], Math.max(...rows.map((row) => row[of].length)));
  const [name, group] = [width("name"), width("group")];
  const room = columns === undefined ? Infinity : columns - name - group - 4;
  const isNarrow = room < 44;
  return rows
    .map((row) => {
      const said = [describeState(row.host.state), describeSeen(row.host, now)].filter((part) => part !== "").join(", ");
      const paint = paintOf(row.host.state);
      if (isNarrow) return `${row.name}  ${row.group}\n  ${paint(cut(said, (columns ?? Infinity) - 2))}`;
      return `${row.name.padEnd(name)}  ${row.group.padEnd(group)}  ${paint(cut(said, room))}`;
    })
    .join("\n");
}

const cut = (text: string, room: number): string => (text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`);

export const listAsJson = (hosts: readonly ListedHost[]): string => asJson(hosts.map(hostAsData));

/** Times are as JSON has them, UTC. */
export const hostAsData = ({ name, group, identity, state, said }: ListedHost) => ({
  name,
  group: group?.name ?? null,
  identity,
  state,
  seen: said?.at ?? null,
});
