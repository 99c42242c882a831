/** Where a file's lines are not indented as its maps and lists ask for: yaml tells of that further down, and of what follows from it. */
import type { Line } from "./tokens.js";

export interface Misindented {
  /** Which of the lines, from 0. */
  readonly line: number;
  readonly problem: string;
}

/** A map or a list that is not at its end: where its keys or dashes stand. */
interface Level {
  readonly indent: number;
  readonly list: boolean;
}

const key = /^(?:"[^"]*"\s*|'[^']*'\s*|[^\s#"'[{](?:[^#:]|:(?!\s|$))*):(?:\s|$)/;

/** The first line whose key or dash stands where none can. */
export function misindented(lines: readonly Line[]): Misindented | undefined {
  const levels: Level[] = [];
  /** Whether the line before leaves its value to those below. */
  let leaves = true;
  for (const [line, { text, inside }] of lines.entries()) {
    const content = text.trim();
    const dash = /^-(?:\s+|$)/.exec(content)?.[0].length;
    const hasKey = key.test(content.slice(dash ?? 0));
    if (inside || /^(?:#|---|%|$)/.test(content) || (dash === undefined && !hasKey)) continue;
    const indent = text.search(/\S/);
    const problem = place(levels, { indent, list: dash !== undefined }, leaves);
    if (problem !== undefined) return { line, problem };
    if (dash !== undefined && hasKey) levels.push({ indent: indent + dash, list: false });
    leaves = /(?:^|\s)-$|:$/.test(content.replace(/(?<!\s)\s+#.*$/, ""));
  }
  return undefined;
}

/** Ends the levels that a line ends, and begins the one that it begins. @returns what is wrong, where it can do neither */
function place(levels: Level[], here: Level, leaves: boolean): string | undefined {
  const { indent, list } = here;
  let ended: Level | undefined;
  for (let top = levels.at(-1); top !== undefined && top.indent > indent; top = levels.at(-1)) ended = levels.pop();
  const top = levels.at(-1);
  if (ended !== undefined && top?.indent !== indent) return between(indent, top?.indent, ended.indent);
  if (top === undefined || top.indent < indent) {
    if (!leaves) return "this line is indented further than the one above, which has its value already";
    levels.push(here);
  } else if (top.list && !list) {
    // A list may stand as far left as the key that it belongs to.
    levels.pop();
    if (levels.at(-1)?.indent !== indent) return "this line stands below a dash: indent it like the text behind the dash";
  } else if (!top.list && list) {
    if (!leaves || ended !== undefined) return "this dash stands where a key belongs: indent it further, or leave it out";
    levels.push(here);
  }
  return undefined;
}

function between(indent: number, outer: number | undefined, inner: number): string {
  const known = outer === undefined ? String(inner) : `${String(outer)} or ${String(inner)}`;
  return `this line is indented by ${String(indent)} ${indent === 1 ? "blank" : "blanks"}, and those above by ${known}`;
}
