import { typed } from "../errors/hint.js";
import { stageNames, type Refusal, type Trace } from "./trace.js";

/**
 * For `JSON.stringify`: times in milliseconds, texts as they came. The names are permanent; there may be more of them later.
 * @param program what `ssh-trust` is called here, for the commands of a hint
 * @example
 * ```ts
 * import { traceLogin, traceToJson } from "ssh-trust";
 *
 * const options = ["-p", "3022", "-i", "id_ed25519"];
 * const trace = await traceLogin({ destination: "admin-ssh-user@localhost", command: ["whoami"], options, timeoutSeconds: 30 });
 * console.log(JSON.stringify(traceToJson(trace)).includes('"destination":"admin-ssh-user@localhost"')); // true
 * ```
 */
export function traceToJson(trace: Trace, program = "ssh-trust") {
  return {
    destination: trace.destination,
    command: trace.command,
    version: trace.version,
    startedAt: trace.startedAt.toISOString(),
    took: milliseconds(trace.took),
    loggedIn: trace.refusal === undefined,
    refusal: trace.refusal === undefined ? null : refusalToJson(trace.refusal, program),
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
        kind: entry.kind,
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

const refusalToJson = ({ stage, kind, reason, hint }: Refusal, program: string) => ({
  stage,
  kind,
  reason,
  hint: hint.map(({ say, run }) => ({ say, run: run === undefined ? null : typed(run, program) })),
});

const milliseconds = (exact: number) => Math.round(exact * 1000) / 1000;
