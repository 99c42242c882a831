/** The recorded logs, laid out. How they were recorded: logs/record.sh. */
import { readdirSync, readFileSync } from "node:fs";
import { hintText, typed } from "../../../src/errors/hint.js";
import { layOut, type Recording } from "../../../src/trace/lay-out.js";
import { readLog, type LogLine } from "../../../src/trace/log.js";
import type { Entry, Trace } from "../../../src/trace/trace.js";

const folder = new URL("logs/", import.meta.url);

export const logNames = readdirSync(folder)
  .filter((name) => name.endsWith(".log"))
  .map((name) => name.replace(".log", ""));

export const logText = (name: string) => readFileSync(new URL(`${name}.log`, folder), "utf8");

/** Lines as ssh signs them. */
export const signed = (...texts: string[]): string => texts.map((text) => `debug1: x.c:x():1 (pid=1): ${text}\r\n`).join("");

/** The log with these lines behind the one that holds `mark`. */
export function withLines(name: string, mark: string, ...texts: string[]): string {
  const log = logText(name);
  const end = log.indexOf("\n", log.indexOf(mark)) + 1;
  if (!log.includes(mark)) throw new TypeError(`${mark} is not in ${name}`);
  return log.slice(0, end) + signed(...texts) + log.slice(end);
}

/** Lays lines out, a millisecond from one to the next. */
export const laidOut = (lines: readonly LogLine[], more: Partial<Recording> = {}): Trace =>
  layOut({
    destination: "alice@localhost",
    command: "true",
    version: "OpenSSH_9.2p1",
    startedAt: new Date("2026-11-21T12:00:00Z"),
    took: lines.length,
    log: lines.map((line, index) => ({ ...line, at: index })),
    secretlySigned: false,
    others: [],
    leftOut: 0,
    word: "the-secret-word",
    stoppedAfter: undefined,
    certificates: new Map(),
    revokedKeys: new Set(),
    ...more,
  });

export const traced = (name: string, more?: Partial<Recording>): Trace => laidOut(readLog(logText(name)), more);

export const entriesOf = ({ phases }: Trace): Entry[] => phases.flatMap(({ entries }) => [...entries]);

export const whats = (trace: Trace): string[] => entriesOf(trace).map(({ what }) => what);

/** In one line, as a person reads it. */
export const hintOf = ({ refusal }: Trace): string => hintText(refusal?.hint ?? [], (run) => typed(run, "ssh-trust"));
