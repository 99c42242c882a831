/** Whether ssh does for the fleet's hosts what the fleet's block says, as `ssh -G` answers; and else, what is against it, and where. */
import { access, readFile } from "node:fs/promises";
import { commonName } from "../../fleet/common-name.js";
import { matches } from "../../fleet/patterns.js";
import { isHostName } from "../../ground/host-name.js";
import { inParallel } from "../../ground/in-parallel.js";
import type { Env } from "../../settings/reader.js";
import { runOpenSsh } from "../../ssh/openssh.js";
import { appliedLines, type Applied, type AppliedLine } from "./applied.js";
import { readStatement, wordsOf, type Statement } from "./words.js";

/**
 * - `wins`: a line has another value, which ssh takes
 * - `not-applied`: the block has no effect, as what includes it does not match
 * - `certificate`: a certificate of the person's own is offered as well
 * - `other-proof`: a host can be believed without a certificate of the fleet
 * - `alias`: a short name, which ssh does not take for a host of the fleet
 */
export type FindingKind = "wins" | "not-applied" | "certificate" | "other-proof" | "alias";

export interface Finding {
  readonly kind: FindingKind;
  /** A host that it is so for; of an alias, its name. */
  readonly host: string;
  /** Undefined where no file says it. */
  readonly place: { readonly file: string; readonly line: number } | undefined;
  /** The line, or what ssh has instead. */
  readonly says: string;
}

export interface Look {
  /** What makes ssh read the configuration: -F and a file, or nothing. */
  readonly args: readonly string[];
  /** The file of the fleet's block, as ssh finds it there. */
  readonly block: string;
  readonly patterns: readonly string[];
  /** What ssh takes ~ for. */
  readonly home: string;
  readonly env: Env;
}

export interface Examined {
  readonly findings: readonly Finding[];
  /** The names that ssh was asked about. */
  readonly samples: readonly string[];
  /** What comes before the fleet's block and has an effect on its hosts. */
  readonly before: readonly AppliedLine[];
}

/** Or what ssh said against its configuration. */
export type Seen = Examined | { readonly refused: string };

/** A name that a pattern matches. */
export function sampleOf(pattern: string): string | undefined {
  const short = pattern.replace(/[*?]/g, "1");
  return isHostName(short) ? short : commonName(pattern, "*", { left: 1_000_000 });
}

/** Our spelling, which 8.4 knows too, and that of later ones. */
const spelling = (keyword: string) =>
  ({ pubkeyacceptedkeytypes: "pubkeyacceptedalgorithms", hostbasedkeytypes: "hostbasedacceptedalgorithms" })[keyword] ?? keyword;

type Values = ReadonlyMap<string, readonly string[]>;

/** @throws TOOL_MISSING */
export async function examine(look: Look): Promise<Seen> {
  const samples = [...new Set(look.patterns.flatMap((each) => sampleOf(each) ?? []))];
  const found: Finding[] = [];
  const before: AppliedLine[] = [];
  let refused: string | undefined;
  let files: readonly string[] = [];
  await inParallel(samples, 4, async (host) => {
    const [wanted, actual] = await Promise.all([ask(["-F", look.block], host, look.env), ask(look.args, host, look.env)]);
    const problem = [actual, wanted].find((each) => each.refused !== undefined)?.refused;
    if (problem !== undefined) {
      refused = problem;
      return;
    }
    const applied = await appliedLines(actual.said);
    files = applied.files;
    found.push(...(await compare(host, wanted.values, actual.values, applied, look)));
    const first = applied.lines.findIndex(({ file }) => file === look.block);
    before.push(...applied.lines.slice(0, Math.max(first, 0)));
  });
  if (refused !== undefined) return { refused };
  for (const alias of await aliases(files, look.patterns)) {
    const name = alias.host.replace(/[*?]/g, "1");
    const { said } = await ask(look.args, name, look.env);
    // Where its section comes before the block, it is found there.
    if (!(await appliedLines(said)).lines.some(({ file }) => file === look.block)) found.push(alias);
  }
  return { findings: different(found), samples, before: differentLines(before) };
}

interface Answer {
  readonly refused: string | undefined;
  readonly values: Values;
  readonly said: string;
}

async function ask(args: readonly string[], host: string, env: Env): Promise<Answer> {
  const { failed, stdout, stderr, reason } = await runOpenSsh("ssh", [...args, "-vvv", "-G", host], 60, { surroundings: env });
  const complaint = stderr.split(/\r?\n/).filter((line) => line !== "" && !/^(?:debug\d: |OpenSSH_)/.test(line));
  if (failed) return { refused: complaint.join("\n") || reason, values: new Map(), said: stderr };
  const values = new Map<string, string[]>();
  for (const line of stdout.split("\n")) {
    const [, keyword = "", value = ""] = /^(\S+) ?(.*)$/.exec(line) ?? [];
    const key = spelling(keyword.toLowerCase());
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  return { refused: undefined, values, said: stderr };
}

async function compare(
  host: string,
  wanted: Values,
  actual: Values,
  applied: Applied,
  { block, home }: Look,
): Promise<Finding[]> {
  const ours = applied.lines.filter(({ file }) => file === block);
  if (ours.length === 0) return [{ kind: "not-applied", host, place: undefined, says: "" }];
  const others = applied.lines.filter(({ file }) => file !== block);
  const accumulate = ["identityfile", "certificatefile"];
  const keys = new Set(ours.map(({ keyword }) => spelling(keyword)).filter((key) => !accumulate.includes(key)));
  const of = (values: Values, key: string) => (values.get(key) ?? []).join("\n");
  const defeated = [...keys].filter((key) => of(wanted, key) !== of(actual, key));
  const lineOf = (key: string) => others.find(({ keyword }) => spelling(keyword) === key);
  const told = (kind: FindingKind, key: string): Finding => {
    const line = lineOf(key);
    return { kind, host, place: line, says: line === undefined ? `${key} ${of(actual, key)}` : written(line) };
  };
  return [
    ...defeated.map((key) => told("wins", key)),
    ...(await ownCertificates(others, home)).map((line): Finding => ({
      kind: "certificate",
      host,
      place: line,
      says: written(line),
    })),
    ...(["", "none"].includes(of(actual, "knownhostscommand")) ? [] : [told("other-proof", "knownhostscommand")]),
    ...(["", "no"].includes(of(actual, "gssapikeyexchange")) ? [] : [told("other-proof", "gssapikeyexchange")]),
  ];
}

const written = ({ keyword, value }: Statement) => `${names.get(keyword) ?? keyword} ${value}`;

/** As people write them. */
const names: ReadonlyMap<string, string> = new Map(
  [
    ...["IdentitiesOnly", "IdentityAgent", "IdentityFile", "CertificateFile", "UserKnownHostsFile", "GlobalKnownHostsFile"],
    ...["StrictHostKeyChecking", "HostKeyAlgorithms", "PubkeyAcceptedKeyTypes", "PubkeyAcceptedAlgorithms", "HostName"],
    ...["PreferredAuthentications", "PubkeyAuthentication", "AddKeysToAgent", "UpdateHostKeys", "CheckHostIP", "PKCS11Provider"],
    ...["VerifyHostKeyDNS", "HashKnownHosts", "NoHostAuthenticationForLocalhost", "KnownHostsCommand", "GSSAPIKeyExchange"],
  ].map((name) => [name.toLowerCase(), name]),
);

/** ssh also takes the certificate that lies beside a key, by its name: ssh_config(5), CertificateFile. */
async function ownCertificates(lines: readonly AppliedLine[], home: string): Promise<readonly AppliedLine[]> {
  const found: AppliedLine[] = [];
  for (const line of lines) {
    const [word = ""] = wordsOf(line.value);
    if (line.keyword === "certificatefile" && word.toLowerCase() !== "none") found.push(line);
    const beside = `${word.replace(/^~(?=\/)/, home)}-cert.pub`;
    const isThere = () =>
      access(beside).then(
        () => true,
        () => false,
      );
    if (line.keyword === "identityfile" && (await isThere())) found.push(line);
  }
  return found;
}

/** `Host web-1` with `HostName web-1.example.org`. */
async function aliases(files: readonly string[], patterns: readonly string[]): Promise<Finding[]> {
  const isFleets = (name: string) => patterns.some((pattern) => matches(pattern, name));
  const found: Finding[] = [];
  for (const file of files) {
    let typed: readonly string[] = [];
    const text = await readFile(file, "utf8").catch(() => "");
    for (const [at, each] of text.split("\n").entries()) {
      const statement = readStatement(each);
      if (statement?.keyword === "host") typed = wordsOf(statement.value).filter((word) => !word.startsWith("!"));
      else if (statement?.keyword === "match") typed = [];
      if (statement?.keyword !== "hostname") continue;
      const [to = ""] = wordsOf(statement.value);
      for (const name of typed.filter((one) => !isFleets(one))) {
        // %h is what was typed; for a pattern, that can be anything.
        const leads = to.replaceAll("%h", name.replace(/[*?]/g, "1"));
        if (isFleets(leads)) found.push({ kind: "alias", host: name, place: { file, line: at + 1 }, says: written(statement) });
      }
    }
  }
  return found;
}

/** What several hosts share is told once. */
function different(all: readonly Finding[]): readonly Finding[] {
  const key = ({ kind, place, says, host }: Finding) =>
    `${kind} ${place === undefined ? says : `${place.file}:${String(place.line)}`} ${kind === "alias" ? host : ""}`;
  return [...new Map([...all].reverse().map((each) => [key(each), each])).values()].reverse();
}

const differentLines = (all: readonly AppliedLine[]): readonly AppliedLine[] => [
  ...new Map(all.map((each) => [`${each.file}:${String(each.line)}`, each])).values(),
];
