/** What a chapter is. The walkthrough, the report, the docs and the end-to-end tests all read the same chapters. */
import type { TaskName } from "../tasks.js";

export interface Chapter {
  readonly title: string;
  /** What it teaches, in a few sentences. */
  readonly teaches: string;
  /** Tasks that must have been done before, where the chapter is read by itself. */
  readonly needs: readonly TaskName[];
  readonly steps: readonly Step[];
  /** What it comes to, where a table says it best. */
  readonly table?: Table;
}

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  /** Each as long as the head; the first cell names the row. */
  readonly rows: readonly (readonly string[])[];
}

/** Where a command is typed, and the prompt that stands before it there. */
export const prompts = {
  /** The project's folder. */
  here: "$",
  /** The lab's client: `docker exec -it laptop bash`. */
  laptop: "laptop$",
} as const;

export type PlaceName = keyof typeof prompts;

/** What a person answers: a part of the question, and what is typed. */
export type Answers = Readonly<Record<string, string>>;

/** What everyone types at the question whether a host is who it says. */
export const blindYes: Answers = { "(yes/no/[fingerprint])?": "yes" };

/**
 * In every text of a step, `{{name}}` stands for what an earlier step remembered, `{{vault}}` for Vault's address, and `{{fleet}}` for
 * the fleet file.
 */
export interface Step {
  /** What it is about, in a sentence or two. */
  readonly about: string;
  /** Where it is typed; in the project's folder where this is left out. */
  readonly on?: PlaceName;
  /** The literal command that a person would type. */
  readonly run: string;
  /** What the person answers where ssh asks; a question that is not among them is refused. */
  readonly answers?: Answers;
  /** What the person would answer, where ssh must not ask: such a question is not what had to be seen. */
  readonly unasked?: Answers;
  readonly see: Sight;
  /** What the step proves, in one sentence; steps without a claim prepare for one. */
  readonly claim?: string;
  /** Values for later steps: a name, and a pattern whose first group is the value. */
  readonly remember?: Readonly<Record<string, RegExp>>;
  /** The command is repeated until all is seen, for so many seconds at the most. */
  readonly within?: number;
  /** A picture that the command makes, for the report: a PNG below the project's folder, and what it shows, in words. */
  readonly picture?: { readonly file: string; readonly shows: string };
  /** The parts of the output, each explained. */
  readonly legend?: Readonly<Record<string, string>>;
}

/** What must be seen. */
export interface Sight {
  readonly exit: number | "not 0";
  /** Strings or patterns that the output holds. */
  readonly text?: readonly (string | RegExp)[];
  /** Strings or patterns that it does not hold. */
  readonly without?: readonly (string | RegExp)[];
}

export interface StepResult {
  readonly step: Step;
  /** The command as it ran, all values filled in. */
  readonly command: string;
  /** Both outputs, as they came. */
  readonly output: string;
  readonly exit: number;
  /** What was asked, and the answer that was given: all values filled in. */
  readonly answers: Answers;
  /** The step's picture: a PNG in base64. */
  readonly picture?: string;
  /** What had to be seen and was not; empty when all was. */
  readonly missing: readonly string[];
  readonly seconds: number;
}

export interface ChapterResult {
  readonly number: number;
  readonly chapter: Chapter;
  readonly steps: readonly StepResult[];
  readonly seconds: number;
}

/** A measured figure and the limit it is held to. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: "s" | "×";
  readonly limit: number;
}

/** One run of the walkthrough. */
export interface Run {
  readonly startedAt: Date;
  /** When the last chapter ended: before the figures are measured. */
  readonly endedAt: Date;
  /** Of the chapters: without the preparations and the pauses between them, so less than from the start to the end. */
  readonly seconds: number;
  readonly chapters: readonly ChapterResult[];
  readonly figures: readonly Figure[];
  /** Name and version of what it ran with: OpenSSH, Vault, Docker, Terraform. */
  readonly versions: Readonly<Record<string, string>>;
}

export const wasSeen = (result: StepResult): boolean => result.missing.length === 0;

/** Every claim of a run with its evidence, in order. */
export function claimsOf(run: Pick<Run, "chapters">): { chapter: number; claim: string; seen: boolean; evidence: string }[] {
  return run.chapters.flatMap(({ number, steps }) =>
    steps.flatMap((result) =>
      result.step.claim === undefined
        ? []
        : [{ chapter: number, claim: result.step.claim, seen: wasSeen(result), evidence: evidenceOf(result) }],
    ),
  );
}

/** The line of the output that shows it, or what was missed. */
function evidenceOf(result: StepResult): string {
  if (!wasSeen(result)) return result.missing.join("; ");
  const lines = result.output.split("\n").map((line) => line.trim());
  for (const expected of result.step.see.text ?? []) {
    const pattern = typeof expected === "string" ? undefined : new RegExp(expected.source, expected.flags.replace("g", ""));
    const line = lines.find((candidate) =>
      pattern === undefined ? candidate.includes(String(expected)) : pattern.test(candidate),
    );
    if (line !== undefined && line !== "") return line;
  }
  return lines.find((line) => line !== "") ?? `exit status ${String(result.exit)}`;
}
