/** What the directory says, on a terminal. Names, and what hosts say, are strangers' text. */
import type { ConsoleVerdict } from "../directory/console-log.js";
import type { Freshness, HostDetail, HostSummary } from "../directory/contract.js";
import { whyStale } from "../directory/views/freshness.js";
import { printable } from "../ground/printable.js";
import { bold } from "../terminal/colour.js";
import { table } from "../terminal/table.js";
import { wrap } from "../terminal/wrap.js";
import { moment, span } from "./times.js";

export function listRows(hosts: readonly HostSummary[], now: Date): string {
  return table(
    hosts.map(({ name, group, state, seen }) => [
      printable(name),
      printable(group ?? "-"),
      printable(state.text),
      seenWords(seen, now),
    ]),
  );
}

const seenWords = (seen: string | null, now: Date): string =>
  seen === null ? "" : `seen ${span((now.getTime() - new Date(seen).getTime()) / 1000)} ago`;

/** How old it is, where that is worth a line: an overview may be a minute old, and a host five seconds. */
export function describeAge({ age, asOf, stale, unlisted }: Freshness): readonly string[] {
  if (stale)
    return [
      `stale: ${whyStale({ unlisted })}; this is what it knew ${span(age)} ago, at ${moment(new Date(asOf))}, and may have changed`,
    ];
  return [`as of ${span(age)} ago`];
}

type Row = readonly [what: string, text: string];
const indent = " ".repeat(15);

/** @param columns of the terminal; undefined: there is none */
export function showDetail(host: HostDetail, now: Date, columns: number | undefined): string {
  const line = ([what, text]: Row) => wrap(`${what.padEnd(13)}  ${printable(text)}`, columns, indent);
  const rows: readonly Row[] = [
    ["state", host.state.text],
    ["group", host.group ?? "none"],
    ...(host.certificate === null ? [] : [["certificate", `until ${moment(new Date(host.certificate.until))}`] as const]),
    ...(host.seen === null ? [] : [["seen", `${seenWords(host.seen, now).slice(5)}: ${moment(new Date(host.seen))}`] as const]),
    ...(host.says?.problem == null ? [] : [["problem", host.says.problem] as const]),
    ...(host.says === null || host.says.addresses.length === 0 ? [] : [["addresses", host.says.addresses.join(", ")] as const]),
  ];
  const keys = host.keys.flatMap(({ kind, bits, sha256, md5 }) => [
    `  ${String(bits)} ${sha256} (${kind})`,
    `  ${" ".repeat(String(bits).length)} ${md5}`,
  ]);
  return [
    bold(printable(host.name)),
    ...rows.map(line),
    ...part("keys, as ssh-keygen -l and consoles print them", keys),
    ...part(
      "for known_hosts",
      host.knownHosts.map((each) => `  ${each}`),
    ),
    ...part(
      "to log in",
      host.connect.map((each) => `  ${each}`),
    ),
  ].join("\n");
}

const part = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ["", bold(title), ...lines.map(printable)];

/** What a console shows, and what of the directory's it does not. */
export const describeFound = ({ found, missing }: ConsoleVerdict): string =>
  [
    ...found.map(({ kind = "key", fingerprint, known }) => `${known ? "same     " : "different"}  ${kind} ${fingerprint}`),
    ...missing.map((fingerprint) => `not shown  ${fingerprint}`),
  ].join("\n");
