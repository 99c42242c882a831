/**
 * The one line in a person's configuration of ssh. The file's text is taken as bytes (Node's "latin1"), so that every other line stays as it
 * is, whatever its encoding.
 */
import { readStatement, wordsOf } from "./words.js";

export const bytesOf = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

/** With their line breaks. */
const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** As ssh_config(5) has it. @param path a word of it already */
export const includeLine = (path: string): string => `Include ${path}`;

function isOurs(line: string, pattern: string): boolean {
  const statement = readStatement(line);
  if (statement?.keyword !== "include") return false;
  const words = wordsOf(statement.value);
  return words.length === 1 && words[0] === bytesOf(pattern);
}

/** Where the line is, counted from 1; several times where somebody copied it. @param pattern what it includes */
export const linesOfOurs = (text: string, pattern: string): readonly number[] =>
  linesOf(text).flatMap((line, at) => (isOurs(line, pattern) ? [at + 1] : []));

/** Whether ssh reads nothing before this line: there are comments only. */
export const isFirst = (text: string, line: number): boolean =>
  linesOf(text)
    .slice(0, line - 1)
    .every((each) => /^[ \t]*(?:#.*)?\s*$/s.test(each));

/** Without it; all other bytes stay. */
export function withoutLine(text: string, pattern: string): string {
  return linesOf(text)
    .filter((line) => !isOurs(line, pattern))
    .join("");
}

/** With it as the first line: where it is already, it is moved. Its line break is that of the file. */
export function withLineFirst(text: string, pattern: string, line: string): string {
  const lines = linesOf(text);
  const now = lines.findIndex((each) => isOurs(each, pattern));
  const rest = lines.filter((_each, at) => at !== now).join(""); // a copy in a section is there for what that section is about
  const end = linesOf(rest)[0]?.endsWith("\r\n") === true ? "\r\n" : "\n";
  return `${bytesOf(line)}${end}${rest}`;
}

/** With another line in its place, wherever it is: all other lines keep their numbers. */
export const withLineReplaced = (text: string, pattern: string, line: string): string =>
  linesOf(text)
    .map((each) => (isOurs(each, pattern) ? `${bytesOf(line)}\n` : each))
    .join("");
