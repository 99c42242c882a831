/** The walkthrough: the chapters in order, run for real, with what was seen and what it took. */
import { relative } from "node:path";
import { fleetFileOf } from "../fleet/fleet.js";
import { hostRole } from "../roles.js";
import { fail } from "../errors/catalogue.js";
import { chapterCount, chaptersOf, storyOf, type PartName } from "../chapters/index.js";
import { makeClientHome } from "./client-home.js";
import { measureFigures } from "./figures.js";
import type { Lab } from "../lab.js";
import { placesOf } from "./places.js";
import { runChapter, type Audience, type StepRunner } from "./run-chapter.js";
import type { Chapter, ChapterResult, Figure, Run } from "./chapter.js";
import { performNeeds } from "../tasks.js";
import { versionsOf } from "./versions.js";

export interface WalkOptions {
  /** The chapters to run, from 1; all where it is left out. */
  readonly only?: readonly number[];
  readonly audience?: Audience & {
    /** Called before a chapter begins; it may wait for the person. */
    readonly beforeChapter?: (number: number, chapter: Chapter) => Promise<void>;
    readonly afterChapter?: (result: ChapterResult) => void;
  };
}

/**
 * Chapters as a person names them.
 * @example chapterNumbers("3,9-11") // [3, 9, 10, 11]
 * @throws CHAPTER_UNKNOWN
 */
export function chapterNumbers(text: string): number[] {
  return text.split(",").flatMap((part) => {
    const [, first = "", last = first] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    const known = [from, to].every((number) => number >= 1 && number <= chapterCount) && from <= to;
    if (!known) throw fail("CHAPTER_UNKNOWN", { chapter: JSON.stringify(part), last: String(chapterCount) });
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

/** The chapters that a person asks for. @throws CHAPTER_UNKNOWN */
export function chaptersAsked({ part, all = false, chapter }: Asked): readonly number[] {
  if (all) return everyChapter;
  return chapter === undefined ? chaptersOf(part) : chapterNumbers(chapter);
}

export interface Asked {
  readonly part: PartName;
  readonly all?: boolean;
  /** As for chapterNumbers. */
  readonly chapter?: string;
}

const everyChapter = Array.from({ length: chapterCount }, (_, index) => index + 1);

/** What commands of chapters name that depends on the server. */
export const knownBefore = ({ vault, settings }: Pick<Lab, "vault" | "settings">): Map<string, string> =>
  new Map([
    ["vault", vault.address],
    ["fleet", relative(settings.root, fleetFileOf(settings))],
  ]);

/** Runs the story, or some chapters of it with what they need. Who runs the whole tutorial gets the figures too. */
export async function walk(lab: Lab, { only = everyChapter, audience = {} }: WalkOptions = {}): Promise<Run> {
  const startedAt = new Date();
  await performNeeds(lab, "walkthrough", ["prepare"]);
  using home = await makeClientHome(lab.settings);
  const runner: StepRunner = { places: placesOf(lab.settings, home), root: lab.settings.root, remembered: knownBefore(lab) };

  const results: ChapterResult[] = [];
  for (const [index, chapter] of storyOf(lab.names).entries()) {
    const number = index + 1;
    if (!only.includes(number)) continue;
    await audience.beforeChapter?.(number, chapter);
    await performNeeds(lab, `chapter ${String(number)}`, chapter.needs);
    const result = await runChapter(runner, number, chapter, audience);
    results.push(result);
    audience.afterChapter?.(result);
  }
  const endedAt = new Date();
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  const figure = walkthroughFigure(only, seconds);
  const figures = figure === undefined ? [] : [figure, ...(await measureFigures(lab, hostRole))];
  return { startedAt, endedAt, seconds, chapters: results, figures, versions: await versionsOf(lab) };
}

/** Where a limit is set for these chapters. */
function walkthroughFigure(only: readonly number[], seconds: number): Figure | undefined {
  const limits = [
    { chapters: chaptersOf("tutorial"), what: "the tutorial", limit: 90 },
    { chapters: everyChapter, what: "the walkthrough", limit: 480 },
  ];
  const known = limits.find(({ chapters }) => chapters.join() === only.join());
  if (known === undefined) return undefined;
  return { what: `${known.what}, prepared, without pauses`, value: seconds, unit: "s", limit: known.limit };
}
