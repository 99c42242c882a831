/** Runs the cases in their cells, side by side, and holds what was seen against what has to be. */
import { reasonOf } from "../errors/catalogue.js";
import type { Suite } from "../toolchain/versions.js";
import { groups, type Across, type Case } from "./case.js";
import { shellNames, type Cell } from "./cell.js";
import type { Grounds } from "./grounds.js";

export interface Result {
  readonly case: Pick<Case, "id" | "group" | "what">;
  readonly cell: Cell;
  readonly verdict: "as expected" | "not as expected" | "cannot";
  /** What has to be seen; the reason where a version cannot. */
  readonly expected: string;
  readonly seen: string | undefined;
}

/** As many at a time: most of a cell is waiting. */
const workers = 8;

/** The cells of a group, for these releases. */
export function cellsOf(across: Across, suites: readonly Suite[]): Cell[] {
  switch (across) {
    case "server":
      return suites.map((server) => ({ server }));
    case "client":
      return suites.flatMap((client) => suites.map((server) => ({ client, server })));
    case "shell":
      return shellNames.flatMap((shell) => suites.map((server) => ({ shell, server })));
  }
}

interface Job {
  readonly case: Case;
  readonly cell: Cell;
  readonly turn: string | undefined;
}

/** @param done told of each result as it comes */
export async function runCases(
  grounds: Grounds,
  cases: readonly Case[],
  done: (result: Result, of: number) => void = () => undefined,
): Promise<Result[]> {
  const suites = [...grounds.versions.keys()];
  const jobs = cases.flatMap((each) =>
    cellsOf(groups[each.group].across, suites).map((cell): Job => ({ case: each, cell, turn: each.inTurn?.(cell) })),
  );
  // What takes long begins first: the cells that follow one another.
  const waiting = [...jobs].sort((a, b) => lengthOf(b, jobs) - lengthOf(a, jobs));
  const results = new Map<Job, Result>();
  await inTurns(waiting, async (job) => {
    grounds.lab.signal?.throwIfAborted();
    const result = await runCell(grounds, job.case, job.cell);
    results.set(job, result);
    done(result, jobs.length);
  });
  return jobs.flatMap((job) => results.get(job) ?? []);
}

/** Works some at a time; of those with the same turn one, in their order. What was begun comes to its end. */
async function inTurns(waiting: Job[], work: (job: Job) => Promise<void>): Promise<void> {
  const busy = new Set<string>();
  const running = new Set<Promise<void>>();
  const next = () => {
    const index = waiting.findIndex(({ turn }) => turn === undefined || !busy.has(turn));
    return index === -1 ? undefined : waiting.splice(index, 1)[0];
  };
  const failures: unknown[] = [];
  const begin = (job: Job) => {
    if (job.turn !== undefined) busy.add(job.turn);
    const ended = work(job)
      .catch((error: unknown) => failures.push(error))
      .then(() => {
        if (job.turn !== undefined) busy.delete(job.turn);
        running.delete(ended);
      });
    running.add(ended);
  };
  while (failures.length === 0) {
    const job = running.size < workers ? next() : undefined;
    if (job !== undefined) begin(job);
    else if (running.size > 0) await Promise.race(running);
    else break;
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}

const lengthOf = ({ turn }: Job, jobs: readonly Job[]) =>
  turn === undefined ? 0 : jobs.filter((other) => other.turn === turn).length;

/** A case that throws has seen that. */
export async function runCell(grounds: Pick<Grounds, "versionsOf">, each: Case, cell: Cell): Promise<Result> {
  const versions = grounds.versionsOf(cell);
  const { id, group, what } = each;
  const about = { case: { id, group, what }, cell };
  const reason = each.cannot?.(versions);
  if (reason !== undefined) return { ...about, verdict: "cannot", expected: reason, seen: undefined };
  const expected = each.expected(versions);
  const seen = await each.run(grounds as Grounds, cell).catch((error: unknown) => `it failed: ${reasonOf(error)}`);
  return { ...about, verdict: seen === expected ? "as expected" : "not as expected", expected, seen };
}
