/** From ssh's log to the phases of the handshake. */
import type { Certificate } from "../ssh/certificate.js";
import { Consistency } from "./consistency.js";
import { Draft, type Findings } from "./draft.js";
import type { Event } from "./events.js";
import { host } from "./host.js";
import type { LogLine } from "./log.js";
import { readEvent } from "./read-event.js";
import { ownEnd } from "./own-end.js";
import type { Ending } from "./refusals/ending.js";
import { refusalOf } from "./refusals/refusal-of.js";
import { session } from "./session.js";
import { setup } from "./setup.js";
import type { Entry, Fact, Phase, Refusal, Stage, Trace } from "./trace.js";
import { user } from "./user.js";

/** One run of ssh. */
export interface Recording {
  readonly destination: string;
  readonly command: string;
  readonly version: string;
  readonly startedAt: Date;
  /** Until ssh ended, in milliseconds. */
  readonly took: number;
  /** What ssh itself said. */
  readonly log: readonly LogLine[];
  /** By a secret, so that it is ssh's own for certain: log.ts. */
  readonly secretlySigned: boolean;
  /** What others said meanwhile. */
  readonly others: readonly LogLine[];
  /** Characters of others' that are in no line. */
  readonly leftOut: number;
  /** What ssh says when it begins the session: log.ts. */
  readonly word: string;
  /** ssh was stopped after so many seconds; undefined where it ended by itself. */
  readonly stoppedAfter: number | undefined;
  /** The user certificates that were offered, by `idOf`, as far as they could be read. */
  readonly certificates: ReadonlyMap<string, Certificate>;
  /** The fingerprints of the keys that the files of known_hosts revoke for the host. */
  readonly revokedKeys: ReadonlySet<string>;
}

const readers: Readonly<Record<Stage, (draft: Draft, event: Event) => void>> = { setup, host, user, session };

/** Lays a run out in phases. It takes any log: what it does not understand it leaves out. */
export function layOut(recording: Recording): Trace {
  const { destination, command, version, startedAt, took, leftOut, stoppedAfter } = recording;
  const log = [...recording.log, ...recording.others].sort((one, other) => one.at - other.at);
  const draft = new Draft(log, recording.certificates);
  const consistency = new Consistency();
  let flooded = false;
  for (const [index, line] of log.entries()) {
    flooded ||= line.by === "gap" && !draft.loggedIn;
    const event = line.by === "ssh" ? readEvent(line.level, line.text) : undefined;
    if (event === undefined) continue;
    draft.goTo(index);
    if (event.kind === "session-begins") draft.loggedIn ||= event.word === recording.word && !flooded;
    else read(draft, event, consistency);
  }
  const { contradiction } = consistency;
  const believed = contradiction === undefined && !flooded;
  if (!believed) forget(draft);
  const refusal = draft.loggedIn && believed ? undefined : whyRefused(draft, recording, { contradiction, flooded });
  const notes = refusal !== undefined && believed && !isCertain(draft, recording) ? doubt(draft) : [];
  if (refusal !== undefined) end(draft, refusal.reason, notes, took);
  const phases = phasesOf(draft, took);
  const { exitStatus } = draft;
  return { destination, command, version, startedAt, took, phases, refusal, exitStatus, stoppedAfter, leftOut, log };
}

function read(draft: Draft, event: Event, consistency: Consistency): void {
  if (!draft.loggedIn) consistency.take(event);
  note(draft.findings, event);
  draft.stage = nextStage(draft, event);
  readers[draft.stage](draft, event);
}

/** What is said in more than one phase, and is no entry. */
function note(findings: Findings, event: Event): void {
  if (event.kind === "complaint") findings.complaints.push(event.text);
  if (event.kind === "host-key-alias") findings.hostKeyAlias = event.name;
  if (event.kind === "will-attempt") findings.planned.push(event.identity.name);
}

/** What came after the host's version, the first text of the host's, and the last that is one line for certain, may be the host's. */
function forget(draft: Draft): void {
  const version = draft.entries.findIndex(({ kind }) => kind === "server-version");
  if (version < 0) return;
  draft.entries.splice(version + 1);
  draft.stage = "host";
  draft.exitStatus = undefined;
}

/** Whether a refused login is in ssh's words only, or else contradicts itself: own-end.ts. */
function isCertain({ stage }: Draft, { log, secretlySigned, stoppedAfter }: Recording): boolean {
  const last = log.at(-1);
  return secretlySigned || (stoppedAfter === undefined && last?.level === "" && ownEnd(last.text) === stage);
}

/** Nothing counts as a proof; where something would have, that is to be said. */
function doubt({ entries }: Draft): Fact[] {
  const proofs = entries.filter(({ mark }) => mark === "proof" || mark === "lock");
  for (const entry of proofs) delete entry.mark;
  if (proofs.length === 0) return [];
  return [["but", "the host decided when: before OpenSSH 9.8, it may have written all of this since its version itself"]];
}

function whyRefused(
  { findings, stage }: Draft,
  { stoppedAfter, certificates, revokedKeys, startedAt, others }: Recording,
  doubts: Pick<Ending, "contradiction" | "flooded">,
): Refusal {
  const othersLast = others.findLast(({ text }) => text.trim() !== "")?.text.trim() ?? "";
  return refusalOf({ ...findings, ...doubts, stage, stoppedAfter, certificates, revokedKeys, time: startedAt, othersLast });
}

/** A phase begins with its first message; there is no way back, whatever a later key exchange in the session looks like. */
function nextStage(draft: Draft, event: Event): Stage {
  const { stage, loggedIn, findings } = draft;
  if (loggedIn) return "session";
  const keyExchange = event.kind === "packet" && event.way === "sent" && (event.type === 30 || event.type === 34);
  if (stage === "setup" && findings.greeted && (keyExchange || event.kind === "kex-reply")) return "host";
  if (stage === "host" && draft.last("service-accept") !== undefined && event.kind !== "complaint") return "user";
  return stage;
}

/** The last entry of a login that was refused: where the last lines are that ssh wrote. */
function end(draft: Draft, reason: string, facts: readonly Fact[], took: number): void {
  const last = draft.log.findLastIndex(({ by, level }) => by === "ssh" && level === "");
  if (last >= 0) draft.goTo(last);
  const entry = draft.add({ stage: draft.stage, kind: "ended", way: "here", what: `the end: ${reason}`, facts, mark: "refused" });
  if (last < 0) Object.assign(entry, { at: took, lines: [] });
}

const order: readonly Stage[] = ["setup", "host", "user", "session"];

function phasesOf(draft: Draft, took: number): Phase[] {
  let before = 0;
  const entries = draft.entries.map((open): Entry => {
    const at = Math.max(before, open.at);
    const entry = { ...open, at, took: at - before };
    before = at;
    return entry;
  });
  const reached = order.filter((stage) => entries.some((entry) => entry.stage === stage));
  let from = 0;
  return reached.map((stage, index) => {
    const own = entries.filter((entry) => entry.stage === stage);
    const until = index === reached.length - 1 ? took : (own.at(-1)?.at ?? from);
    const phase = { stage, from, took: Math.max(0, until - from), entries: own };
    from = until;
    return phase;
  });
}
