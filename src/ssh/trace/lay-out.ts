/** From ssh's log to the phases of the handshake. */
import type { Certificate } from "../certificate.js";
import { Draft } from "./draft.js";
import { readEvent, type Event } from "./events.js";
import { host } from "./host.js";
import type { LogLine } from "./log.js";
import { refusalOf } from "./refusals/refusal-of.js";
import { session } from "./session.js";
import { setup } from "./setup.js";
import type { Entry, Phase, Refusal, Stage, Trace } from "./trace.js";
import { user } from "./user.js";

/** One run of ssh. */
export interface Recording {
  readonly destination: string;
  readonly command: string;
  readonly version: string;
  readonly startedAt: Date;
  /** Until ssh ended, in milliseconds. */
  readonly took: number;
  readonly log: readonly LogLine[];
  /** ssh was stopped after so many seconds; undefined where it ended by itself. */
  readonly stoppedAfter: number | undefined;
  /** The user certificates that were offered from files, by the name that the log has for them. */
  readonly certificates: ReadonlyMap<string, Certificate>;
}

const readers: Readonly<Record<Stage, (draft: Draft, event: Event) => void>> = { setup, host, user, session };

/** Lays a run out in phases. It takes any log: what it does not understand it leaves out. */
export function layOut(recording: Recording): Trace {
  const { log, certificates } = recording;
  const draft = new Draft(log, certificates);
  for (const [index, line] of log.entries()) {
    const event = line.by === "ssh" ? readEvent(line.level, line.text) : undefined;
    if (event === undefined) continue;
    draft.goTo(index);
    if (event.kind === "complaint") draft.findings.complaints.push(event.text);
    draft.stage = nextStage(draft, event);
    readers[draft.stage](draft, event);
  }
  const refusal = draft.authenticated ? undefined : whyRefused(draft, recording);
  if (refusal !== undefined) end(draft, refusal.reason, recording.took);
  return {
    destination: recording.destination,
    command: recording.command,
    version: recording.version,
    startedAt: recording.startedAt,
    took: recording.took,
    phases: phasesOf(draft, recording.took),
    refusal,
    exitStatus: draft.exitStatus,
    log,
  };
}

function whyRefused({ findings, stage }: Draft, { stoppedAfter, certificates, startedAt, log }: Recording): Refusal {
  const othersLast = log.findLast(({ by, text }) => by === "others" && text.trim() !== "")?.text.trim() ?? "";
  return refusalOf({ ...findings, stage, stoppedAfter, certificates, time: startedAt, othersLast });
}

/** A phase begins with its first message; there is no way back, whatever a later key exchange in the session looks like. */
function nextStage({ stage, authenticated, findings, entries }: Draft, event: Event): Stage {
  if (authenticated) return event.kind === "authenticated" ? "user" : "session";
  const keyExchange = event.kind === "packet" && event.way === "sent" && (event.type === 30 || event.type === 34);
  if (stage === "setup" && findings.greeted && (keyExchange || event.kind === "kex-reply")) return "host";
  if (stage === "host" && entries.at(-1)?.message === "SSH_MSG_SERVICE_ACCEPT" && event.kind !== "complaint") return "user";
  return stage;
}

/** The last entry of a login that was refused: where the last lines are that ssh wrote. */
function end(draft: Draft, reason: string, took: number): void {
  const last = draft.log.findLastIndex(({ by, level }) => by === "ssh" && level === "");
  if (last >= 0) draft.goTo(last);
  const entry = draft.add({ stage: draft.stage, way: "here", what: `the end: ${reason}`, mark: "refused" });
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
