/**
 * What a machine's console says of its host keys: cloud-init's blocks, lines of ssh-keygen -l, key lines, ssh's own sentences. Only host keys
 * count. Authorized keys, keys of CAs and certificates have fingerprints as well, and are never taken for a host's.
 */
import { isFailure } from "../errors/catalogue.js";
import { certificateTypes, keyTypes } from "../ssh/key-types.js";
import { parsePublicKey } from "../ssh/public-key.js";
import type { HostKey } from "./contract.js";

export interface FoundKey {
  /** As ssh-keygen calls it, such as "ED25519"; undefined where the log does not say it. */
  readonly kind: string | undefined;
  /** "SHA256:…", or "MD5:…" where the log has no other. */
  readonly fingerprint: string;
  /** Whether it is one of the directory's. */
  readonly known: boolean;
}

export interface ConsoleVerdict {
  /** "none": the log shows no host key, and says nothing about the host. */
  readonly kind: "same" | "different" | "none";
  /** Each once, in the log's order. */
  readonly found: readonly FoundKey[];
  /** SHA256 fingerprints of the directory's keys that the log does not show. */
  readonly missing: readonly string[];
}

type Key = Pick<HostKey, "kind" | "type" | "sha256" | "md5" | "publicKey">;
type Seen = Pick<FoundKey, "kind" | "fingerprint">;

/** In characters: what a page takes. Clouds keep 64 KiB. */
export const mostOfConsole = 256 * 1024;
/** In characters; longer than the line of an RSA key of 16384 bits. */
const longestLine = 8192;
/** A block has a few lines. One whose end is missing does not reach to the end of the log. */
const longestBlock = 64;

/**
 * Compares the host keys in a console's log with the directory's.
 *
 * Where the log has cloud-init's blocks of host keys, only these count: keys of an image that were replaced at the first boot are printed
 * before them. Types of keys that ssh-trust does not know, such as DSA, are left out, as the directory has none of them.
 */
export function checkConsoleLog(text: string, keys: readonly Key[]): ConsoleVerdict {
  const lines = linesOf(text);
  const inBlocks = hostKeysIn(lines, true);
  const seen = inBlocks.length > 0 ? inBlocks : hostKeysIn(lines, false);
  const found = new Map<string, FoundKey>();
  const shown = new Set<string>();
  for (const { kind, fingerprint } of seen) {
    const key = keys.find(({ sha256, md5 }) => fingerprint === sha256 || fingerprint === md5);
    if (key !== undefined) shown.add(key.sha256);
    const name = key?.sha256 ?? fingerprint;
    if (!found.has(name)) found.set(name, { kind: key?.kind ?? kind, fingerprint, known: key !== undefined });
  }
  const all = [...found.values()];
  return {
    kind: all.length === 0 ? "none" : all.every(({ known }) => known) ? "same" : "different",
    found: all,
    missing: keys.map(({ sha256 }) => sha256).filter((each) => !shown.has(each)),
  };
}

const linesOf = (text: string): readonly string[] =>
  withoutEscapes(text)
    .split(/\r\n|\r|\n/)
    .map((line) => line.slice(0, longestLine).trim());

const escape = "\\u{1b}";
const bell = "\\u{7}";
/** ECMA-48: control sequences, what sets a title, all other sequences. */
const sequences = new RegExp(
  `${escape}(?:\\[[0-?]*[ -\\/]*[@-~]|\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)|[ -\\/]*[0-Z\\\\^-~])`,
  "gu",
);

/** Without what only moves a terminal's cursor or paints; line ends and tabs stay. */
const withoutEscapes = (text: string): string => text.replace(sequences, "").replace(/(?![\t\n\r])[\p{Cc}\u2028\u2029]/gu, "");

/** @param blocks whether only what is in cloud-init's blocks counts, or only what is outside of them */
function hostKeysIn(lines: readonly string[], blocks: boolean): readonly Seen[] {
  const found: Seen[] = [];
  let left = 0;
  for (const [at, line] of lines.entries()) {
    if (/-----BEGIN SSH HOST KEY (?:FINGERPRINTS|KEYS)-----/.test(line)) left = longestBlock + 1;
    else if (line.includes("-----END SSH HOST KEY ")) left = 0;
    left = Math.max(0, left - 1);
    if (line === "" || left > 0 !== blocks || isTable(line)) continue;
    const seen = blocks ? (fingerprintOf(line) ?? keyOf(line)) : outsideOfBlocks(lines, at);
    if (seen !== undefined && isOfHost(seen)) found.push(seen);
  }
  return found;
}

function outsideOfBlocks(lines: readonly string[], at: number): Seen | undefined {
  const line = lines[at] ?? "";
  if (ofOthers.test(line)) return undefined;
  return fingerprintOf(line) ?? saidBy(lines, at) ?? (isPlain(line) ? keyOf(line) : undefined);
}

/** Authorized keys are in one of cloud-init's tables, whatever is in front of it; a picture of a key has the same border. */
const isTable = (line: string) => /^(?:.*\bci-info: *)?[|+]/.test(line);

const kinds: ReadonlySet<string> = new Set([...keyTypes.values()].map(({ kind }) => kind));
const isOfHost = ({ kind }: Seen) => kind === undefined || kinds.has(kind);

const sha256 = "SHA256:[A-Za-z0-9+/]{43}=?(?![A-Za-z0-9+/=])";
const md5 = "(?:MD5:)?(?:[0-9A-Fa-f]{2}:){15}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:])";
const ofKey = `(${sha256}|${md5})`;

/** As the directory has it. */
const asDirectory = (text: string): string =>
  text.startsWith("SHA256:") ? text.replace("=", "") : `MD5:${text.replace("MD5:", "").toLowerCase()}`;

/** What nobody says of a host's own key. */
const ofOthers = /[Aa]uthorized|cert-authority|TrustedUserCA|(?<!\S)CA(?!\S)/;

/** ssh-keygen -l, as cloud-init prints it as well: bits, fingerprint, comment or file, kind. PuTTY has the key's type in front. */
const listed = new RegExp(`(?:^|\\s)\\d{3,5}\\s${ofKey}`);

function fingerprintOf(line: string): Seen | undefined {
  const fingerprint = listed.exec(line)?.[1];
  if (fingerprint === undefined) return undefined;
  return { kind: /\(([A-Z0-9-]{2,32})\)$/.exec(line)?.[1], fingerprint: asDirectory(fingerprint) };
}

const inSentence = new RegExp(`(?:^|\\s)([A-Z0-9-]{2,32}|Host) key fingerprint is:? ${ofKey}`);
const inDebug = new RegExp(`Server host key: (\\S{1,64}) ${ofKey}`);
const aloneInFront = new RegExp(`(?:^|\\s)${ofKey}(?:[.\\s]|$)`);

/** What ssh says of a host, and ssh-keygen of a key that it made for one. */
function saidBy(lines: readonly string[], at: number): Seen | undefined {
  const line = lines[at] ?? "";
  const [, word, said] = inSentence.exec(line) ?? [];
  if (said !== undefined) return { kind: word === "Host" ? undefined : word, fingerprint: asDirectory(said) };
  const [, type = "", debugged] = inDebug.exec(line) ?? [];
  if (debugged !== undefined) return { kind: keyTypes.get(type)?.kind ?? type, fingerprint: asDirectory(debugged) };
  const kind = kindAbove(lines, at);
  const fingerprint = kind === undefined ? undefined : aloneInFront.exec(line)?.[1];
  return fingerprint === undefined ? undefined : { kind, fingerprint: asDirectory(fingerprint) };
}

/** The kind of a host's key whose fingerprint is announced for this line. */
function kindAbove(lines: readonly string[], at: number): string | undefined {
  const [saved = "", above = ""] = [lines[at - 2], lines[at - 1]];
  const sent = /fingerprint for the ([A-Z0-9-]{2,32}) key sent by the remote host is$/.exec(above)?.[1];
  if (sent !== undefined) return sent;
  if (!above.endsWith("The key fingerprint is:")) return undefined;
  return /has been saved in \S{0,256}ssh_host_([a-z0-9]{1,16})_key/.exec(saved)?.[1]?.toUpperCase();
}

const keyLinePattern = new RegExp(
  `(?<!\\S)(${[...keyTypes.keys()].map((type) => type.replaceAll(".", "\\.")).join("|")})\\s+(AAAA[A-Za-z0-9+/]+={0,2})(?!\\S)`,
);

function keyOf(line: string): Seen | undefined {
  const [, type = "", base64] = keyLinePattern.exec(line) ?? [];
  if (base64 === undefined) return undefined;
  try {
    const { kind, fingerprint } = parsePublicKey(`${type} ${base64}`);
    return { kind, fingerprint };
  } catch (error) {
    if (!isFailure(error)) throw error;
    return undefined; // it was cut off, or another line was printed into it
  }
}

/**
 * Whether a key line stands by itself, as in a .pub file, behind what a log has in front of each line, or behind a host's name
 * (ssh-keyscan): what has options, a marker, a dash or a quote in front is in authorized_keys, known_hosts or user-data.
 */
function isPlain(line: string): boolean {
  const before = line.slice(0, Math.max(0, line.search(keyLinePattern))).trim();
  if (/["'=@|{]/.test(before) || [...certificateTypes.keys()].some((type) => line.includes(type))) return false;
  return before === "" || /[:\]>]$/.test(before) || /(?:^|\s)[\w[][\w.,:[\]-]*$/.test(before);
}
