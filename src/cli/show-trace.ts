/** A trace as a timeline on a terminal. */
import { stripVTControlCharacters } from "node:util";
import { printable } from "../ground/printable.js";
import type { LogLine } from "../trace/log.js";
import { describeCommand, describeLeftOut } from "../trace/describe-end.js";
import { stageNames, type Entry, type Phase, type Stage, type Trace } from "../trace/trace.js";
import { bold, cyan, dim, green, red, yellow } from "../terminal/colour.js";
import { terminalColumns } from "../terminal/wrap.js";

const width = () => Math.max(60, terminalColumns() ?? 100);

const plain = (text: string) => text;
const arrows: Readonly<Record<Entry["way"], string>> = { client: "→", server: "←", both: "↔", here: "·" };
const paints: Readonly<Record<NonNullable<Entry["mark"]>, (text: string) => string>> = {
  proof: green,
  doubt: yellow,
  lock: (text) => bold(green(text)),
  refused: (text) => bold(red(text)),
};

/** The channel: dotted while anybody can read along, solid once it is encrypted. */
const channel = { open: "┊", encrypted: "┃" } as const;
/** Where the text of an entry begins: two columns of times, the channel, the arrow. */
const indent = 22;

export function showTrace(trace: Trace, raw: boolean): string {
  const { destination, command, version, took, phases, log } = trace;
  let encrypted = false;
  const shown = phases.flatMap((phase) => [
    "",
    heading(phase, took),
    ...phase.entries.flatMap((entry) => {
      const drawn = showEntry(entry, encrypted);
      encrypted ||= entry.mark === "lock";
      return drawn;
    }),
  ]);
  return [
    between(
      bold(wrap(printable(`ssh ${destination} ${command}`), width() - version.length - 4)[0] ?? ""),
      `${version}, ${ms(took)}`,
    ),
    dim("  → the client says, ← the server says, · the client decides; ┃ is encrypted"),
    ...shown,
    ...notReached(phases),
    ...(raw ? ["", bold("ssh's own log"), ...log.map(showLine)] : []),
    "",
    ...(trace.refusal === undefined ? [verdict(trace)] : []),
    ...(trace.leftOut === 0 ? [] : [yellow(describeLeftOut(trace))]),
  ].join("\n");
}

function heading({ stage, took }: Phase, all: number): string {
  const share = all === 0 ? 0 : Math.round((100 * took) / all);
  const right = ` ${ms(took)}, ${String(share)} %`;
  const { number, title } = stageNames[stage];
  const left = `${number === undefined ? " " : String(number)}  ${title} `;
  const rule = "─".repeat(Math.max(2, width() - left.length - right.length));
  return `${bold(cyan(left))}${dim(rule)}${right}`;
}

function showEntry({ at, took, way, what, facts, mark }: Entry, encrypted: boolean): string[] {
  const paint = mark === undefined ? plain : paints[mark];
  const bar = encrypted || mark === "lock" ? green(channel.encrypted) : dim(channel.open);
  const times = `${at.toFixed(1).padStart(8)}${dim(`+${took.toFixed(1)}`.padStart(8))}`;
  const blank = " ".repeat(16);
  const sign = mark === "refused" ? "✗" : arrows[way];
  const [first = "", ...more] = wrap(printable(what), width() - indent);
  return [
    `${times}  ${bar} ${paint(sign)} ${paint(first)}`,
    ...more.map((line) => `${blank}  ${bar}   ${paint(line)}`),
    ...facts.flatMap(([name, value]) => {
      const [line = "", ...rest] = wrap(`${name} ${printable(value)}`, width() - indent - 2, "  ");
      return [`${dim(name)}${line.slice(name.length)}`, ...rest].map((text) => `${blank}  ${bar}     ${text}`);
    }),
  ];
}

function notReached(phases: readonly Phase[]): string[] {
  const all: readonly Stage[] = ["setup", "host", "user"];
  const reached = phases.map(({ stage }) => stage);
  return all
    .filter((stage) => !reached.includes(stage))
    .flatMap((stage) => ["", dim(`${String(stageNames[stage].number)}  ${stageNames[stage].title}: not reached`)]);
}

function verdict(trace: Trace): string {
  const end = trace.phases.find(({ stage }) => stage === "user")?.entries.at(-1)?.at ?? 0;
  return `${green("✓")} logged in after ${ms(end)}${describeCommand(trace)}`;
}

function showLine({ at, by, level, text }: LogLine): string {
  const said = `${level === "" ? "" : `${level}: `}${text}`;
  return dim(`${at.toFixed(1).padStart(8)}  ${by === "ssh" ? " " : "|"} ${printable(said)}`);
}

const ms = (time: number) => `${time.toFixed(time < 100 ? 1 : 0)} ms`;

/** Two texts at the two ends of a line. */
function between(left: string, right: string): string {
  const bare = stripVTControlCharacters(left);
  return `${left}${" ".repeat(Math.max(2, width() - bare.length - right.length))}${dim(right)}`;
}

/** Breaks a text into lines that fit; a word that is longer than a line is cut. */
function wrap(text: string, columns: number, hanging = ""): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line.trim() !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = hanging + word;
    } else line = line === "" ? word : `${line} ${word}`;
    while (line.length > columns) {
      lines.push(line.slice(0, columns));
      line = hanging + line.slice(columns);
    }
  }
  return [...lines, line];
}
