/** What a person did who wrote what is no YAML: yaml says where it could not go on, which may be far behind. */
import type { ErrorCode } from "yaml";
import { misindented } from "./indentation.js";
import { alone, syntaxProblems } from "./syntax.js";
import { linesOf, tokensIn, type Line, type Token } from "./tokens.js";

/** What yaml found, and where. */
export interface SyntaxError {
  readonly code: ErrorCode;
  readonly offset: number;
}

export interface Explained {
  readonly offset: number;
  readonly problem: string;
}

interface Scene extends SyntaxError {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly lines: readonly Line[];
  /** Which of the lines it is in, from 0. */
  readonly at: number;
}

/** All that yaml found, up to the first after which it could only guess. */
export function syntaxMistakes(text: string, wrong: readonly SyntaxError[]): readonly Explained[] {
  const sorted = [...wrong].sort((one, other) => one.offset - other.offset);
  const first = sorted.find(({ code }) => !alone.includes(code));
  const before = first === undefined ? sorted : sorted.slice(0, sorted.indexOf(first));
  const told = before.map(({ code, offset }) => ({ offset, problem: syntaxProblems[code] }));
  return first === undefined ? told : [...told, explainSyntax(text, first)];
}

/** The first that knows more than yaml's code does. */
function explainSyntax(text: string, { code, offset }: SyntaxError): Explained {
  const tokens = tokensIn(text);
  const lines = linesOf(text, tokens);
  const scene = { code, offset, text, tokens, lines, at: lines.findLastIndex(({ start }) => start <= offset) };
  for (const explain of [merge, template, quote, blank, tab, noBlank, bracket, comma, indentation, colon]) {
    const explained = explain(scene);
    if (explained !== undefined) return explained;
  }
  return { offset, problem: syntaxProblems[code] };
}

const merge = ({ text }: Scene) =>
  found(/^(?:<{7}|={7}|>{7})(?=[ \r\n])/m.exec(text), "this is left of a merge: resolve the conflict");

const template = ({ code, offset, text }: Scene) =>
  code === "NON_STRING_KEY" && text[offset] === "{"
    ? { offset, problem: "{{ }} is a template's, which nothing fills in here" }
    : undefined;

/** One that is never closed, or in another line by the quote that opens the next text, or too early by an apostrophe. */
function quote({ tokens, offset, lines, text }: Scene): Explained | undefined {
  const before = tokens.filter(({ kind, start }) => kind === "quoted" && start < offset);
  const open = before.find(({ source }) => source.includes("\n") || !/^(?:'(?:[^']|'')*'|"(?:[^"\\]|\\[^])*")$/.test(source));
  if (open !== undefined) {
    const end = open.start + open.source.length;
    const last = lines.findLastIndex(({ start }) => start < end) + 1;
    const closed = open.source.includes("\n") && /["']$/.test(open.source);
    return {
      offset: open.start,
      problem: closed ? `this quote is closed in line ${String(last)} only` : "this quote is not closed",
    };
  }
  const touching = before.find(({ source, start }) => start + source.length === offset);
  if (touching === undefined) return undefined;
  if (text[offset] === ",") return { offset, problem: "a comma belongs between brackets only: leave it out" };
  const inside = touching.source.startsWith("'") ? "''" : String.raw`\"`;
  return { offset, problem: `the quoted text ends before this; a quote that belongs to it is written as ${inside}` };
}

function blank({ lines, at }: Scene): Explained | undefined {
  for (const { text, start } of lines.slice(Math.max(0, at - 1), at + 1)) {
    const [odd] = /(?![ \t])[\p{Zs}\u200b\u2060\ufeff]/u.exec(text.replace(/#.*$/, "")) ?? [];
    if (odd === undefined) continue;
    const point = (odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return { offset: start + text.indexOf(odd), problem: `this blank is not the usual one (U+${point}): type it again` };
  }
  return undefined;
}

function tab({ code, offset, lines, at }: Scene): Explained | undefined {
  const problem = syntaxProblems.TAB_AS_INDENT;
  if (code === "TAB_AS_INDENT") return { offset, problem };
  const line = lines.slice(Math.max(0, at - 1), at + 2).find(({ text, inside }) => !inside && /^ *\t+\S/.test(text));
  return line === undefined ? undefined : { offset: line.start + line.text.indexOf("\t"), problem };
}

function noBlank({ lines, at }: Scene): Explained | undefined {
  for (const { text, start, inside } of lines.slice(Math.max(0, at - 1), at + 1)) {
    if (inside) continue;
    const [pair] = /^\s*(?:- +)?[\w.-]+:(?=[^\s/])/.exec(text) ?? [];
    if (pair !== undefined) return { offset: start + pair.length, problem: "a blank is missing after the colon" };
    const [dash] = /^\s*-(?=[\w{["'])/.exec(text) ?? [];
    if (dash !== undefined) return { offset: start + dash.length, problem: "a blank is missing after the dash" };
    const [slashes] = /^\s*\/\//.exec(text) ?? [];
    if (slashes !== undefined) return { offset: start + slashes.length - 2, problem: "a comment begins with #" };
  }
  return undefined;
}

function bracket({ tokens, offset, text, lines, at }: Scene): Explained | undefined {
  const open: Token[] = [];
  for (const token of tokens.filter(({ start }) => start <= offset)) {
    const top = open.at(-1);
    if (token.kind === "ends-flow" && top !== undefined) return notClosed(top, text);
    if (token.kind === "opens") open.push(token);
    if (token.kind !== "closes") continue;
    if (top === undefined) return { offset: token.start, problem: `this ${token.source} closes nothing` };
    if (`${top.source}${token.source}` !== "[]" && `${top.source}${token.source}` !== "{}") return notClosed(top, text);
    open.pop();
  }
  const top = open.at(-1);
  return top !== undefined && top.start < (lines[at]?.start ?? 0) ? notClosed(top, text) : undefined;
}

function notClosed({ source, start }: Token, text: string): Explained {
  const rest = /^.*/.exec(text.slice(start, start + 1000))?.[0] ?? "";
  const comment = /\s#.*[\]}]/.test(rest) ? ": what follows a blank and # is a comment" : "";
  return { offset: start, problem: `this ${source} is not closed${comment}` };
}

function comma({ code, offset, text }: Scene): Explained | undefined {
  if (code !== "BLOCK_IN_FLOW") return undefined;
  const [value, mark] = /^[^,{}[\]\s]+?(;?)\s+(?=[\w-]+:\s)/.exec(text.slice(offset)) ?? [];
  if (value === undefined) return { offset, problem: "this value has a colon in it: put it in quotes" };
  return mark === ""
    ? { offset: offset + value.length, problem: "a comma is missing before this key" }
    : { offset: offset + value.trimEnd().length - 1, problem: "a comma belongs here, and no ;" };
}

function indentation({ lines, at }: Scene): Explained | undefined {
  const next = lines.findIndex(({ text }, index) => index > at && !/^\s*(?:#|$)/.test(text));
  const wrong = misindented(lines);
  if (wrong === undefined || wrong.line > (next < 0 ? at : next)) return undefined;
  const { text, start } = lines[wrong.line] ?? { text: "", start: 0 };
  return { offset: start + text.search(/\S/), problem: wrong.problem };
}

/** A key that nothing follows which would make it one. */
function colon({ code, offset, lines, at }: Scene): Explained | undefined {
  const { text = "", start = 0 } = lines[at] ?? {};
  if (!["MULTILINE_IMPLICIT_KEY", "MISSING_CHAR"].includes(code) || /:(?:\s|$)/.test(text)) return undefined;
  const [word] = /^\s*[\w.-]+(?=\s*(?:$|[=\s]))/.exec(text) ?? [];
  return word === undefined
    ? undefined
    : { offset: Math.max(offset, start + word.length), problem: "a colon is missing after this key" };
}

const found = (match: RegExpExecArray | null, problem: string): Explained | undefined =>
  match === null ? undefined : { offset: match.index, problem };
