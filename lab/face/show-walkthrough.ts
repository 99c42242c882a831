/** The walkthrough on a terminal. */
import { createInterface } from "node:readline";
import { bold, cyan, dim, green, red, yellow } from "../../src/terminal/colour.js";
import {
  claimsOf,
  prompts,
  wasSeen,
  type Chapter,
  type Figure,
  type Run,
  type StepResult,
  type Table,
} from "../runner/chapter.js";
import { chaptersOf, partNames, type PartName } from "../chapters/index.js";
import type { LabNames } from "../names.js";
import { account, hostName } from "../story.js";
import type { WalkOptions } from "../runner/walkthrough.js";
import { print } from "../../src/terminal/report.js";
import { terminalColumns, wrap } from "../../src/terminal/wrap.js";

const width = () => terminalColumns() ?? 100;

/** A paragraph. */
const wrapped = (text: string) => wrap(text, width());

/** A text behind a beginning of so many columns; its other lines are indented as far. */
const hanging = (begin: string, text: string, columns: number) => `${begin}${wrap(text, width(), " ".repeat(columns))}`;

export function listChapters(chapters: readonly Chapter[]): string {
  return partNames
    .flatMap((part) => [
      bold(`--part ${part}`),
      ...chaptersOf(part).map((number) => {
        const { title = "", steps = [] } = chapters[number - 1] ?? {};
        return `${String(number).padStart(4)}  ${title} ${dim(`(${String(steps.length)} steps)`)}`;
      }),
    ])
    .join("\n");
}

/** What somebody who saw this may want to do next: commands that work now. */
export function nextSteps({ chapters }: Run, names: LabNames): string {
  const seen = chapters.map(({ number }) => number);
  const whole = (part: PartName) => chaptersOf(part).every((number) => seen.includes(number));
  const login = `ssh -F ${names.folder}/client/ssh_config -o UserKnownHostsFile=./${names.knownHosts} -p ${String(names.ports["ssh-with-trusted-user-ca"])} -i ${names.keys}/alice_id_rsa ${account}@${hostName}`;
  const next: readonly (readonly [what: string, command: string])[] = [
    ...(whole("tutorial")
      ? ([
          ["a new certificate for Alice, for 15 minutes", names.task("sign-user-key", "alice")],
          ["log in as Alice yourself", login],
          ["the same login, laid open", login.replace("ssh -F", "npx ssh-trust trace -F")],
        ] as const)
      : []),
    ...(whole("lab")
      ? ([["the small cloud by hand: docs/lab.md", names.task("cloud", "launch web")]] as const)
      : ([["a cloud, an attacker, a CA in a safe", names.task("walkthrough", "--part lab")]] as const)),
    ...(whole("fleet") ? [] : ([["who may log in where, in one file", names.task("walkthrough", "--part fleet")]] as const)),
    ["what runs now", names.task("status")],
    ["take all of it away", names.task("clean")],
  ];
  return ["", bold("what to try next"), ...next.flatMap(([what, command]) => [`  ${what}`, `    ${dim("$")} ${command}`])].join(
    "\n",
  );
}

/** Prints as the story goes. @param pause whether to wait for Enter before each chapter but the first */
export function onTerminal(pause: boolean): NonNullable<WalkOptions["audience"]> {
  let first = true;
  return {
    async beforeChapter(number, chapter) {
      if (pause && !first) await enter();
      first = false;
      const title = ` ${String(number)}. ${chapter.title} `;
      print(`\n${bold(cyan(`──${title}${"─".repeat(Math.max(2, width() - title.length - 2))}`))}`);
      print(`\n${wrapped(chapter.teaches)}`);
    },
    beforeStep(step, command) {
      print(`\n${wrapped(step.about)}`);
      print(`  ${dim(prompts[step.on ?? "here"])} ${bold(command)}`);
    },
    afterChapter: ({ chapter: { table } }) => {
      if (table !== undefined) print(showTable(table));
    },
    afterStep: (result) => {
      const shown = stepOutput(result);
      if (shown !== "") print(shown);
    },
  };
}

/** Row by row: columns of sentences do not fit beside one another. */
function showTable({ title, head, rows }: Table): string {
  const cells = (row: readonly string[]) =>
    row.slice(1).map((cell, column) => hanging("    ", `${dim(`${head[column + 1] ?? ""}:`)} ${cell}`, 4));
  return ["", bold(title), ...rows.flatMap((row) => [`  ${bold(row[0] ?? "")}`, ...cells(row)])].join("\n");
}

async function enter(): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // While it waits for a line, Ctrl-C reaches the terminal's reader only, and Ctrl-D, the end of the input, nobody.
  const interrupt = () => {
    // As if the terminal had done it: main.ts ends the process. Until then stdin, not paused, keeps it alive.
    process.stdin.resume();
    process.kill(process.pid, "SIGINT");
  };
  terminal.once("SIGINT", interrupt).once("close", interrupt);
  await new Promise<void>((resolve) => {
    terminal.once("line", () => {
      resolve();
    });
    print("");
    terminal.setPrompt(dim("press Enter for the next chapter (Ctrl-C to leave) "));
    terminal.prompt();
  });
  terminal.off("close", interrupt).close();
}

function stepOutput(result: StepResult): string {
  const { step, output } = result;
  const lines =
    output.trimEnd() === ""
      ? []
      : output
          .trimEnd()
          .split("\n")
          .map((line) => `  ${dim(line)}`);
  const legend = Object.entries(step.legend ?? {}).map(([field, meaning]) => hanging(`    ${field.padEnd(18)}`, meaning, 22));
  return [...lines, ...legend, ...verdict(result)].join("\n");
}

/** A step that only prepares for others is worth a word where it failed. */
function verdict(result: StepResult): string[] {
  const { claim } = result.step;
  if (wasSeen(result)) return claim === undefined ? [] : [hanging(`  ${green("✓")} `, claim, 4)];
  const missing = result.missing.map((what) => red(hanging("    not seen: ", what, 14)));
  return [hanging(`  ${red("✗")} `, claim ?? "not as it should be", 4), ...missing];
}

/** The table of every claim with its evidence, and the figures. */
export function showClaims(run: Run): string {
  const claims = claimsOf(run);
  const seen = claims.filter((claim) => claim.seen).length;
  return [
    "",
    bold(`what was seen: ${String(seen)} of ${String(claims.length)}`),
    ...claims.flatMap(({ chapter, claim, seen: shown, evidence }) => {
      const number = ` ${String(chapter)}. `;
      const columns = 1 + number.length;
      return [
        hanging(`${shown ? green("✓") : red("✗")}${number}`, claim, columns),
        dim(hanging(" ".repeat(columns), shown ? inBrief(evidence) : evidence, columns)),
      ];
    }),
    ...(run.figures.length === 0 ? [] : ["", bold("how long it took"), ...run.figures.map(figureLine)]),
  ].join("\n");
}

function figureLine({ what, value, unit, limit }: Figure): string {
  const text = `${value.toFixed(1)} ${unit}, limit ${String(limit)} ${unit}: ${what}`;
  return hanging(`${value <= limit ? green("✓") : yellow("!")} `, text, 2);
}

/** A line of an output: of words too long to be read, such as keys, only the beginning. */
const inBrief = (line: string) => line.replace(/\S{61,}/g, (word) => `${word.slice(0, 40)}…`);
