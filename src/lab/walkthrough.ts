/** The walkthrough: the chapters in order, run for real, with what was seen and what it took. */
import { hostRole } from "../roles.js";
import { fail } from "../errors.js";
import { chapters } from "./chapters/index.js";
import { makeClientHome } from "./client-home.js";
import { measureFigures } from "./figures.js";
import type { Lab } from "./lab.js";
import { placesOf } from "./places.js";
import { runChapter, type Audience, type StepRunner } from "./run-chapter.js";
import type { Chapter, ChapterResult, Figure, Run } from "./story.js";
import { performNeeds } from "./tasks.js";
import { versionsOf } from "./versions.js";

export interface WalkOptions {
  /** The chapters to run, from 1; all where it is left out. */
  readonly only?: number | undefined;
  readonly audience?: Audience & {
    /** Called before a chapter begins; it may wait for the person. */
    readonly beforeChapter?: (number: number, chapter: Chapter) => Promise<void>;
    readonly afterChapter?: (result: ChapterResult) => void;
  };
}

/** @throws CHAPTER_UNKNOWN */
export function chapterNumber(text: string): number {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (chapters[number - 1] === undefined) throw fail("CHAPTER_UNKNOWN", { chapter: text, last: String(chapters.length) });
  return number;
}

/** Runs the story, or one chapter of it with what that chapter needs. */
export async function walk(lab: Lab, { only, audience = {} }: WalkOptions = {}): Promise<Run> {
  const startedAt = new Date();
  await performNeeds(lab, "walkthrough", ["prepare"]);
  using home = await makeClientHome(lab.settings);
  const runner: StepRunner = { places: placesOf(lab.settings.root, home), remembered: new Map([["vault", lab.vault.address]]) };

  const results: ChapterResult[] = [];
  for (const [index, chapter] of chapters.entries()) {
    const number = index + 1;
    if (only !== undefined && only !== number) continue;
    await audience.beforeChapter?.(number, chapter);
    await performNeeds(lab, `chapter ${String(number)}`, chapter.needs);
    const result = await runChapter(runner, number, chapter, audience);
    results.push(result);
    audience.afterChapter?.(result);
  }
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  const figures: Figure[] = only === undefined ? [walkthroughFigure(seconds), ...(await measureFigures(lab, hostRole))] : [];
  return { startedAt, seconds, chapters: results, figures, versions: await versionsOf(lab) };
}

const walkthroughFigure = (seconds: number): Figure => ({
  what: "the walkthrough, prepared, without pauses",
  value: seconds,
  unit: "s",
  limit: 60,
});
