/** The quotes and brackets of a text that may be no YAML, as yaml's own lexer sees them; and its lines. */
import { Lexer } from "yaml";

export interface Token {
  /** "ends-flow": between brackets a line was not indented enough, so that they count as closed. */
  readonly kind: "quoted" | "opens" | "closes" | "ends-flow";
  /** As it is written: text with its quotes, or one bracket. */
  readonly source: string;
  /** In characters from the beginning, as all places here. */
  readonly start: number;
}

export interface Line {
  readonly text: string;
  readonly start: number;
  /** Its first character stands in brackets or quotes that an earlier line has opened. */
  readonly inside: boolean;
}

/** What the lexer says between the parts of the text: a document begins, brackets count as closed, text without quotes follows. */
const marks = { document: "\u0002", endsFlow: "\u0018", plain: "\u001f" };

export function tokensIn(text: string): readonly Token[] {
  const found: Token[] = [];
  let start = 0;
  let before = "";
  for (const source of new Lexer().lex(text)) {
    if (source === marks.endsFlow) found.push({ kind: "ends-flow", source: "", start });
    const kind = before === marks.plain ? undefined : kindOf(source);
    if (kind !== undefined) found.push({ kind, source, start });
    if (!Object.values(marks).includes(source)) start += source.length;
    before = source;
  }
  return found;
}

function kindOf(source: string): Token["kind"] | undefined {
  if (/^["']/.test(source)) return "quoted";
  if (/^[[{]$/.test(source)) return "opens";
  return /^[\]}]$/.test(source) ? "closes" : undefined;
}

export function linesOf(text: string, tokens: readonly Token[]): readonly Line[] {
  const covered = rangesOf(tokens, text.length);
  let [start, passed] = [0, 0];
  return text.split("\n").map((each) => {
    const at = start;
    start += each.length + 1;
    while ((covered[passed]?.[1] ?? Infinity) <= at) passed += 1;
    return { text: each.replace(/\r$/, ""), start: at, inside: (covered[passed]?.[0] ?? Infinity) < at };
  });
}

/** From the outermost bracket to its end, and from quote to quote; in their order. */
function rangesOf(tokens: readonly Token[], end: number): readonly (readonly [from: number, to: number])[] {
  const ranges: [number, number][] = [];
  let opened: number[] = [];
  for (const { kind, source, start } of tokens) {
    if (kind === "quoted" && opened.length === 0) ranges.push([start, start + source.length]);
    if (kind === "opens") opened.push(start);
    if (kind !== "closes" && kind !== "ends-flow") continue;
    const from = kind === "closes" ? opened.pop() : opened[0];
    if (kind === "ends-flow") opened = [];
    if (from !== undefined && opened.length === 0) ranges.push([from, start]);
  }
  return opened[0] === undefined ? ranges : [...ranges, [opened[0], end]];
}
