/** Runs chapters: each step's literal command, and whether what had to be seen was seen. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Places } from "./places.js";
import type { Answers, Chapter, ChapterResult, Sight, Step, StepResult } from "./chapter.js";

export interface StepRunner {
  readonly places: Places;
  /** The project's folder. */
  readonly root: string;
  /** What steps remembered, and what is known before the first. Steps add to it. */
  readonly remembered: Map<string, string>;
}

/** How somebody who watches hears of it. */
export interface Audience {
  readonly beforeStep?: (step: Step, command: string) => void;
  readonly afterStep?: (result: StepResult) => void;
}

export async function runChapter(
  runner: StepRunner,
  number: number,
  chapter: Chapter,
  audience: Audience = {},
): Promise<ChapterResult> {
  const begun = performance.now();
  const steps: StepResult[] = [];
  for (const step of chapter.steps) {
    audience.beforeStep?.(step, fill(step.run, runner.remembered));
    const result = await runStep(runner, step);
    steps.push(result);
    audience.afterStep?.(result);
  }
  return { number, chapter, steps, seconds: (performance.now() - begun) / 1000 };
}

/** Runs one step; where it may take time, until all is seen or the time is over. */
export async function runStep(runner: StepRunner, step: Step): Promise<StepResult> {
  const begun = performance.now();
  const elapsed = () => (performance.now() - begun) / 1000;
  const command = fill(step.run, runner.remembered);
  for (;;) {
    const answers = filled({ ...step.answers, ...step.unasked }, runner.remembered);
    const { exit, output } = await runner.places[step.on ?? "here"](command, answers);
    const asked = Object.keys(step.unasked ?? {}).filter((question) => output.includes(question));
    const missing = [
      ...missingFrom(step.see, exit, output, runner.remembered),
      ...asked.map((question) => `a run that does not ask "${question}"`),
    ];
    if (missing.length > 0 && elapsed() < (step.within ?? 0)) continue;
    const forgotten = remember(runner.remembered, step, output);
    const picture = await pictureOf(runner, step);
    const unseen = step.picture !== undefined && picture === undefined ? [`a picture in ${step.picture.file}`] : [];
    return {
      step,
      command,
      output,
      exit,
      missing: [...missing, ...forgotten, ...unseen],
      seconds: elapsed(),
      answers: Object.fromEntries(Object.entries(answers).filter(([question]) => output.includes(question))),
      ...(picture === undefined ? {} : { picture }),
    };
  }
}

const pngBegins = Buffer.from("89504e470d0a1a0a", "hex");

/** Undefined also where the file is no picture. */
async function pictureOf({ root }: StepRunner, { picture }: Step): Promise<string | undefined> {
  if (picture === undefined) return undefined;
  const bytes = await readFile(join(root, picture.file)).catch(() => undefined);
  return bytes?.subarray(0, pngBegins.length).equals(pngBegins) === true ? bytes.toString("base64") : undefined;
}

/** The answers with remembered values in them. */
const filled = (answers: Answers, remembered: ReadonlyMap<string, string>): Answers =>
  Object.fromEntries(Object.entries(answers).map(([question, answer]) => [question, fill(answer, remembered)]));

/** What of a sight is not there, each in words. */
export function missingFrom(see: Sight, exit: number, output: string, remembered: ReadonlyMap<string, string>): string[] {
  const missing = unknownNames([...(see.text ?? []), ...(see.without ?? [])], remembered).map((name) => `a value for ${name}`);
  const exitSeen = see.exit === "not 0" ? exit !== 0 : exit === see.exit;
  if (!exitSeen) missing.push(`exit status ${String(see.exit)} (it was ${String(exit)})`);
  for (const expected of see.text ?? []) {
    if (!holds(output, expected, remembered)) missing.push(`"${spell(expected, remembered)}"`);
  }
  for (const unwanted of see.without ?? []) {
    if (holds(output, unwanted, remembered)) missing.push(`an output without "${spell(unwanted, remembered)}"`);
  }
  return missing;
}

const holds = (output: string, expected: string | RegExp, remembered: ReadonlyMap<string, string>) =>
  typeof expected === "string" ? output.includes(fill(expected, remembered)) : expected.test(output);

const spell = (expected: string | RegExp, remembered: ReadonlyMap<string, string>) =>
  typeof expected === "string" ? fill(expected, remembered) : expected.source;

const placeholder = /\{\{(\w+)\}\}/g;

/** Puts remembered values in the place of `{{name}}`. */
function fill(text: string, remembered: ReadonlyMap<string, string>): string {
  return text.replace(placeholder, (whole, name: string) => remembered.get(name) ?? whole);
}

/** Names that nothing was remembered for: what depends on them was not seen, least of all that something is absent. */
function unknownNames(texts: readonly (string | RegExp)[], remembered: ReadonlyMap<string, string>): string[] {
  const names = texts.flatMap((text) =>
    typeof text === "string" ? [...text.matchAll(placeholder)].map(([, name]) => name ?? "") : [],
  );
  return [...new Set(names)].filter((name) => !remembered.has(name));
}

function remember(remembered: Map<string, string>, step: Step, output: string): string[] {
  const forgotten: string[] = [];
  for (const [name, pattern] of Object.entries(step.remember ?? {})) {
    const value = pattern.exec(output)?.[1];
    if (value === undefined) forgotten.push(`a value for ${name}`);
    else remembered.set(name, value);
  }
  return forgotten;
}
