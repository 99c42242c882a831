/** Words of ssh_config(5). */
import { fail } from "../../errors/catalogue.js";

/**
 * What ssh reads as something else in some option, or in some version: quotes and backslashes, tokens (%h), variables (${HOME}), and what
 * glob(3) takes for a pattern.
 */
const special = /["\\%*?[\]]|\$\{/;

/**
 * A path as one word: in quotes where there is a blank, or what would begin a comment.
 * @param variable of the environment, which moves it elsewhere
 * @throws CONFIG_PATH
 */
export function configPath(path: string, variable: string): string {
  const found = special.exec(path)?.[0];
  if (found !== undefined) throw fail("CONFIG_PATH", { path, problem: `ssh reads ${found} as something else there`, variable });
  if (/\p{Cc}/u.test(path))
    throw fail("CONFIG_PATH", { path: JSON.stringify(path), problem: "it has a control character", variable });
  return /[^\w./+:@,=-]/.test(path) ? `"${path}"` : path;
}

/** A line as ssh reads it: a keyword, and what follows; undefined for a comment or an empty line. */
export interface Statement {
  /** In lower case. */
  readonly keyword: string;
  readonly value: string;
}

export function readStatement(line: string): Statement | undefined {
  const [, keyword, value] =
    /^[ \t]*"?([^\s"=#][^\s"=]*)"?(?:[ \t]*=[ \t]*|[ \t]+)(.*)$/.exec(line.replace(/[ \t\r\n\f]+$/, "")) ?? [];
  return keyword === undefined || value === undefined ? undefined : { keyword: keyword.toLowerCase(), value };
}

/** The words of a value: those in quotes may have blanks; a comment ends them. */
export function wordsOf(value: string): readonly string[] {
  const words: string[] = [];
  for (const [, quoted, bare] of value.matchAll(/"([^"]*)"|([^\s"]+)/g)) {
    if (quoted === undefined && bare?.startsWith("#") === true) break;
    words.push(quoted ?? bare ?? "");
  }
  return words;
}
