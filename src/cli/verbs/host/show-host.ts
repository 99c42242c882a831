/** All that is known of a host, with what it means. What the host itself says stands below a line that says so. */
import type { StoredFleet } from "../../../fleet/stored.js";
import { formatDuration } from "../../../ground/duration.js";
import type { AppRole } from "../../../host/app-role.js";
import { policyOf } from "../../../fleet/vault-names.js";
import type { HostEntry } from "../../../host/inventory.js";
import { describeState } from "../../../host/describe-state.js";
import type { ListedHost } from "../../../host/list-hosts.js";
import type { Read } from "../../../host/read.js";
import { dateOf, problemOfCertificate, registeredOf } from "../../../host/state.js";
import type { RegisteredEntry } from "../../../host/uncertified.js";
import type { Writers } from "../../../host/writers.js";
import { certificateToJson } from "../../../ssh/describe-certificate.js";
import { parsePublicKey, type PublicKey } from "../../../ssh/public-key.js";
import { validTo } from "../../../ssh/certificate-validity.js";
import type { Certificate } from "../../../ssh/certificate.js";
import { printable } from "../../../ground/printable.js";
import { programName } from "../../../settings/program.js";
import { bold } from "../../../terminal/colour.js";
import { unbroken, wrap } from "../../../terminal/wrap.js";
import { hostAsData } from "./show-list.js";
import { describeSeen, journal, paintOf } from "./state-words.js";
import { moment, span } from "../../times.js";

export interface Shown {
  readonly host: ListedHost;
  /** Undefined: it has no identity. */
  readonly role: AppRole | undefined;
  /** Of the last versions of its entry. */
  readonly writers: Writers;
  readonly stored: StoredFleet;
  readonly now: Date;
}

type Row = readonly [what: string, text: string];

const indent = " ".repeat(15);

export function showHost(shown: Shown, columns: number | undefined): string {
  const { host, now } = shown;
  const { said } = host;
  const registered = registeredOf(host);
  const line = ([what, text]: Row) => wrap(`${what.padEnd(13)}  ${text}`, columns, indent);
  const seen =
    said === undefined ? [] : [["seen", `${describeSeen(host, now).slice(5)}, by Vault's clock: ${moment(said.at)}`] as const];
  return [
    bold(printable(host.name)),
    ...[["state", paintOf(host.state)(describeState(host.state))] as const, ...whereToLook(host), ...ofVault(shown), ...seen].map(
      line,
    ),
    "",
    ...(registered !== undefined
      ? [bold("an operator says"), ...ofOperator(registered).map(line)]
      : said === undefined && host.state.kind === "kept-out"
        ? []
        : said === undefined
          ? [
              wrap(
                "it has reported nothing yet: it was not started, did not get its identity, or somebody else used that first",
                columns,
                "  ",
              ),
            ]
          : [
              bold("the host says"),
              ...("problem" in said.entry ? [wrap(said.entry.problem, columns, "  ")] : ofHost(said.entry.read, shown).map(line)),
            ]),
  ].join("\n");
}

const whereToLook = ({ state }: ListedHost): readonly Row[] =>
  state.kind === "failing"
    ? [["look at", `${unbroken(journal)}, on the host; to try again at once, as root there: ${unbroken("ssh-trust-host renew")}`]]
    : [];

/** Of a host that cannot be enrolled. */
const ofOperator = ({ entry, at, version }: RegisteredEntry): readonly Row[] => [
  ["given", `${moment(at)}, by Vault's clock (version ${String(version)})`],
  ...("problem" in entry ? [["keys", `unreadable: ${entry.problem}`] as const] : entry.read.keys.map(keyRow)),
];

const keyRow = (key: Read<PublicKey>): Row => [
  "key",
  "read" in key ? `${key.read.kind} ${key.read.fingerprint}` : `unreadable: ${key.problem}`,
];

function ofVault({ host, role }: Shown): readonly Row[] {
  const { name, group, state } = host;
  if (registeredOf(host) !== undefined)
    return [
      ["group", group?.name ?? "none has its name"],
      ["identity", "none: it cannot be enrolled"],
    ];
  if (state.kind === "kept-out")
    return [["identity", `none; to let it in again: ${unbroken(`${programName()} host add ${name} --out <file>`)}`]];
  const policy = group === undefined ? undefined : policyOf.host(group.name);
  const others = role?.policies.filter((each) => each !== policy) ?? [];
  return [
    [
      "group",
      group === undefined
        ? "none has its name any more: it is no longer certified"
        : `${group.name}, certificates of ${formatDuration(group.for)}`,
    ],
    [
      "identity",
      role === undefined
        ? "none: it can no longer sign in"
        : role.cidrs.length === 0
          ? "signs in from anywhere"
          : `signs in from ${role.cidrs.join(", ")}`,
    ],
    ...(others.length === 0 ? [] : [["policies", `${others.map(printable).join(", ")}: not its group's; reissue it`] as const]),
  ];
}

function ofHost(entry: HostEntry, { host: { name }, writers, stored, now }: Shown): readonly Row[] {
  const time = (seconds: number) => {
    const date = dateOf(seconds);
    return date === undefined ? "it does not say" : moment(date);
  };
  const due = (dateOf(entry.next)?.getTime() ?? 0) - now.getTime();
  return [
    ["name", `${entry.host}, group ${entry.group}`],
    ["written", `${time(entry.written)}, by its own clock`],
    ["problem", entry.problem === "" ? "none" : `${entry.problem} (since ${time(entry.since)})`],
    ["next", `${time(entry.next)}${entry.next === 0 ? "" : due > 0 ? `, in ${span(due / 1000)}` : ", which has passed"}`],
    ...(entry.conflict
      ? [["conflict", "another machine writes here with the same identity: one is a copy; reissue it"] as const]
      : []),
    ...describeWriters(writers).map((text): Row => ["written by", text]),
    ["addresses", entry.addresses.join(", ") || "none"],
    ["OpenSSH", entry.openssh],
    ["script", entry.script],
    ["machine", `${entry.machine}, boot ${entry.boot}`],
    ...entry.keys.map(keyRow),
    ...entry.certificates.map((each): Row => ["certificate", describeCertificate(each, entry, name, stored, now)]),
    ...entry.userCas.map((each): Row => [
      "lets in",
      `people certified by ${each}${isUserCa(each, stored) ? "" : ", which is not the fleet's user CA"}`,
    ]),
    ...entry.otherWays.map((each): Row => ["but", each]),
  ];
}

/** Nothing where it is one machine. Vault's clock says when, and only the host says which machine. */
export function describeWriters({ machines, inTurn }: Writers): readonly string[] {
  const [only, other] = machines;
  if (only === undefined || (other === undefined && !inTurn)) return [];
  if (other === undefined)
    return [
      `2 machines in turn, both with the id ${only.machine}, last ${moment(only.until)} by Vault's clock: one is a copy of the other's disk`,
    ];
  const each = machines.map(({ machine, since, until }, at) =>
    inTurn
      ? `${machine} last ${moment(until)}`
      : at < machines.length - 1
        ? `${machine} until ${moment(until)}`
        : `${machine} since ${moment(since)}`,
  );
  const why = inTurn
    ? "they have the same identity or the same name at the same time"
    : "the later one is a copy, or a new machine that continues this entry";
  return [`${String(machines.length)} machines${inTurn ? " in turn" : ""}: ${each.join(", ")}, by Vault's clock: ${why}`];
}

function describeCertificate(each: Read<Certificate>, entry: HostEntry, name: string, { cas }: StoredFleet, now: Date): string {
  if ("problem" in each) return `unreadable: ${each.problem}`;
  const { publicKey, principals, keyId } = each.read;
  const problem = problemOfCertificate(each.read, entry, name, cas.host);
  const end = validTo(each.read);
  const left = end === "forever" ? 0 : end.getTime() - now.getTime();
  const life = end === "forever" ? "for ever" : `${moment(end)} (${left > 0 ? `${span(left / 1000)} left` : "expired"})`;
  const what = `${publicKey.kind}, until ${life}, for ${printable(principals.join(", "))}, id ${printable(keyId)}`;
  return problem === undefined ? what : `worth nothing: ${problem}; ${what}`;
}

const isUserCa = (fingerprint: string, { cas }: StoredFleet): boolean =>
  cas.user.some((line) => fingerprint === parsePublicKey(line).fingerprint);

/** The same as data. */
export function shownAsData({ host, role, writers, stored }: Shown) {
  const entry = host.said?.entry;
  const registered = registeredOf(host);
  return {
    ...hostAsData(host),
    role: role ?? null,
    registered: registered === undefined ? null : registeredAsData(registered),
    writers,
    says: entry === undefined || "problem" in entry ? null : entryAsData(entry.read, host.name, stored),
  };
}

const registeredAsData = ({ entry, at, version }: RegisteredEntry) => ({
  at,
  version,
  ...("problem" in entry ? entry : { keys: entry.read.keys.map(keyAsData) }),
});

const keyAsData = (key: Read<PublicKey>) =>
  "read" in key ? { kind: key.read.kind, bits: key.read.bits, fingerprint: key.read.fingerprint } : key;

const entryAsData = (entry: HostEntry, name: string, { cas }: StoredFleet) => ({
  ...entry,
  keys: entry.keys.map((key) => ("read" in key ? { kind: key.read.kind, fingerprint: key.read.fingerprint } : key)),
  certificates: entry.certificates.map((each) =>
    "problem" in each
      ? each
      : {
          ...certificateToJson(each.read),
          problem: problemOfCertificate(each.read, entry, name, cas.host) ?? null,
        },
  ),
});
