/**
 * Which lines of which files ssh applies for a host, in their order: from what `ssh -vvv -G` says of the sections and the included files
 * that it goes through, and from those files. ssh itself judges which sections match.
 */
import { readFile } from "node:fs/promises";
import { readStatement, wordsOf, type Statement } from "./words.js";

export interface AppliedLine extends Statement {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

/** One reading of a file: the same file may be included in several places. */
interface Reading {
  readonly file: string;
  /** By the number of the line that includes them. */
  readonly included: Map<number, Reading[]>;
  /** Lines that begin a section. */
  readonly matched: Set<number>;
  readonly unmatched: Set<number>;
}

export interface Applied {
  readonly lines: readonly AppliedLine[];
  /** All files that were read, also those of sections that do not match. */
  readonly files: readonly string[];
}

/** @param said by `ssh -vvv -G`, on standard error */
export async function appliedLines(said: string): Promise<Applied> {
  const lines: AppliedLine[] = [];
  const files = new Set<string>();
  // Where names are canonicalised, and for `Match final`, all is read twice.
  for (const text of said.replaceAll("\r", "").split(/^.*re-parsing configuration.*$/m)) {
    for (const reading of readingsIn(text, files)) await walk(reading, lines, 0);
  }
  return { lines, files: [...files] };
}

/** @returns those of files that no other includes */
function readingsIn(text: string, files: Set<string>): readonly Reading[] {
  const roots: Reading[] = [];
  /** The last one of each file. */
  const last = new Map<string, Reading>();
  let announced: { readonly file: string; readonly to: Reading[] } | undefined;
  for (const each of text.split("\n").map(asWritten)) {
    const read = /^debug1: Reading configuration data (.*)$/.exec(each)?.[1];
    if (read !== undefined) {
      const reading: Reading = { file: read, included: new Map(), matched: new Set(), unmatched: new Set() };
      (announced?.file === read ? announced.to : roots).push(reading);
      announced = undefined;
      files.add(read);
      last.set(read, reading);
      continue;
    }
    const [, file = "", number, what = ""] = /^debug[123]: (.*) line (\d+): (.*)$/.exec(each) ?? [];
    const reading = last.get(file);
    if (reading === undefined) continue;
    const line = Number(number);
    const included = /^Including file (.*) depth \d+/.exec(what)?.[1];
    if (included !== undefined) {
      const to = reading.included.get(line) ?? [];
      reading.included.set(line, to);
      announced = { file: included, to };
    } else if (/^(?:Applying options for|matched) /.test(what)) reading.matched.add(line);
    else if (what.startsWith("not matched ")) reading.unmatched.add(line);
  }
  return roots;
}

/** ssh's log has bytes that are not ASCII as \303, and a backslash as two: vis(3). */
function asWritten(logged: string): string {
  if (!logged.includes("\\")) return logged;
  const bytes = logged.replace(/\\(?:([0-7]{3})|\\)/g, (_all, octal?: string) =>
    octal === undefined ? "\\" : String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** As deep as ssh goes itself. */
const deepest = 16;

async function walk(reading: Reading, lines: AppliedLine[], depth: number): Promise<void> {
  if (depth > deepest) return;
  const { file, included, matched } = reading;
  const text = await readFile(file, "utf8").catch(() => "");
  let active = true;
  for (const [at, each] of text.split("\n").entries()) {
    const statement = readStatement(each);
    if (statement === undefined) continue;
    const line = at + 1;
    if (statement.keyword === "host") active = matched.has(line);
    else if (statement.keyword === "match") active = isMatched(statement, line, reading);
    else if (!active) continue;
    else if (statement.keyword === "include") {
      for (const other of included.get(line) ?? []) await walk(other, lines, depth + 1);
    } else lines.push({ ...statement, file, line });
  }
}

/** ssh says nothing of `Match all`. */
const isMatched = ({ value }: Statement, line: number, { matched, unmatched }: Reading): boolean =>
  wordsOf(value).join(" ").toLowerCase() === "all" || (matched.has(line) && !unmatched.has(line));
