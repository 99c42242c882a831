import { stageNames, type Trace } from "./trace.js";

/** For `JSON.stringify`: times in milliseconds, texts as they came. The names are permanent; there may be more of them later. */
export function traceToJson(trace: Trace) {
  return {
    destination: trace.destination,
    command: trace.command,
    version: trace.version,
    startedAt: trace.startedAt.toISOString(),
    took: milliseconds(trace.took),
    loggedIn: trace.refusal === undefined,
    refusal: trace.refusal ?? null,
    exitStatus: trace.exitStatus ?? null,
    stoppedAfter: trace.stoppedAfter ?? null,
    leftOut: trace.leftOut,
    phases: trace.phases.map(({ stage, from, took, entries }) => ({
      stage,
      number: stageNames[stage].number ?? null,
      title: stageNames[stage].title,
      from: milliseconds(from),
      took: milliseconds(took),
      entries: entries.map((entry) => ({
        at: milliseconds(entry.at),
        took: milliseconds(entry.took),
        way: entry.way,
        what: entry.what,
        message: entry.message ?? null,
        mark: entry.mark ?? null,
        facts: entry.facts.map(([name, value]) => ({ name, value })),
        lines: entry.lines,
      })),
    })),
    log: trace.log.map(({ at, by, level, where, text }) => ({ at: milliseconds(at), by, level, where, text })),
  };
}

const milliseconds = (exact: number) => Math.round(exact * 1000) / 1000;
