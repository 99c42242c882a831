/** The walkthrough on a terminal. */
import { createInterface } from "node:readline/promises";
import { bold, cyan, dim, green, red, yellow } from "./colour.js";
import { chapters } from "../lab/chapters/index.js";
import { claimsOf, prompts, wasSeen, type Figure, type Run, type StepResult, type Table } from "../lab/story.js";
import type { WalkOptions } from "../lab/walkthrough.js";
import { print } from "./report.js";

const width = () => Math.min(process.stdout.columns || 100, 100);

/** Breaks a text into lines that fit, each behind an indent. */
function wrapped(text: string, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && indent.length + line.length + 1 + word.length > width()) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((text) => indent + text).join("\n");
}

export function listChapters(): string {
  return chapters
    .map(({ title, steps }, index) => `${String(index + 1).padStart(2)}  ${title} ${dim(`(${String(steps.length)} steps)`)}`)
    .join("\n");
}

/** Prints as the story goes. @param pause whether to wait for Enter before each chapter but the first */
export function onTerminal(pause: boolean): NonNullable<WalkOptions["audience"]> {
  let first = true;
  return {
    async beforeChapter(number, chapter) {
      if (pause && !first) await enter();
      first = false;
      const title = ` ${String(number)}. ${chapter.title} `;
      print(`\n${bold(cyan(`──${title}${"─".repeat(Math.max(2, width() - title.length - 2))}`))}\n`);
      print(`${wrapped(chapter.teaches)}\n`);
    },
    beforeStep(step, command) {
      print(wrapped(step.about));
      print(`  ${dim(prompts[step.on ?? "here"])} ${bold(command)}`);
    },
    afterChapter: ({ chapter: { table } }) => {
      if (table !== undefined) print(showTable(table));
    },
    afterStep: (result) => {
      print(stepOutput(result));
    },
  };
}

/** Row by row: columns of sentences do not fit beside one another. */
function showTable({ title, head, rows }: Table): string {
  const cells = (row: readonly string[]) =>
    row.slice(1).map((cell, column) => wrapped(`${dim(`${head[column + 1] ?? ""}:`)} ${cell}`, "    "));
  return [bold(title), ...rows.flatMap((row) => [`  ${bold(row[0] ?? "")}`, ...cells(row)]), ""].join("\n");
}

async function enter(): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // While it waits for a line, Ctrl-C reaches the terminal's reader only, and the end of the input nobody.
  terminal.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
  const ended = new Promise<void>((resolve) => terminal.once("close", resolve));
  await Promise.race([terminal.question(dim("\npress Enter for the next chapter (Ctrl-C to leave) ")), ended]);
  terminal.close();
}

function stepOutput(result: StepResult): string {
  const { step, output, missing } = result;
  const lines =
    output.trimEnd() === ""
      ? []
      : output
          .trimEnd()
          .split("\n")
          .map((line) => `  ${dim(line)}`);
  const legend = Object.entries(step.legend ?? {}).map(
    ([field, meaning]) => `    ${field.padEnd(18)}${wrapped(meaning, " ".repeat(22)).trimStart()}`,
  );
  const verdict = wasSeen(result)
    ? `  ${green("✓")} ${step.claim ?? "as it should be"}`
    : [`  ${red("✗")} ${step.claim ?? "not as it should be"}`, ...missing.map((what) => red(`    not seen: ${what}`))].join("\n");
  return [...lines, ...legend, verdict, ""].join("\n");
}

/** The table of every claim with its evidence, and the figures. */
export function showClaims(run: Run): string {
  const claims = claimsOf(run);
  const seen = claims.filter((claim) => claim.seen).length;
  return [
    "",
    bold(`what was seen: ${String(seen)} of ${String(claims.length)}`),
    ...claims.flatMap(({ chapter, claim, seen: shown, evidence }) => [
      wrapped(`${shown ? green("✓") : red("✗")} ${String(chapter)}. ${claim}`),
      dim(`     ${evidence.slice(0, Math.max(20, width() - 5))}`),
    ]),
    ...(run.figures.length === 0 ? [] : ["", bold("how long it took"), ...run.figures.map(figureLine)]),
  ].join("\n");
}

function figureLine({ what, value, unit, limit }: Figure): string {
  const text = `${value.toFixed(1)} ${unit}, limit ${String(limit)} ${unit}: ${what}`;
  return `${value <= limit ? green("✓") : yellow("!")} ${text}`;
}
