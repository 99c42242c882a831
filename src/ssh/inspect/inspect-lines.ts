/** Files with one key or certificate a line. */
import { isFailure, type SshTrustError } from "../../errors/catalogue.js";
import { beginsForeignForm } from "../key-line.js";
import { problemOf } from "../read-lines.js";
import { inspectKey, type InspectAgainst, type Inspection } from "./inspect.js";
import { splitPrefix } from "./prefix.js";
import { verdict } from "./verdict.js";

/** One line that says something. */
export interface InspectedLine {
  /** From 1. */
  readonly line: number;
  /** What stands in front of the key, such as a host's name; "" where nothing does. */
  readonly prefix: string;
  /** "unreadable": neither key nor certificate; its one verdict says why. */
  readonly inspection: Inspection | UnreadableLine;
}

export interface UnreadableLine extends Omit<Inspection, "kind" | "type"> {
  readonly kind: "unreadable";
  /** Such a line may hold anything, so nothing of it is shown. */
  readonly type: "";
}

/** Lines that say something, by their number; blank ones and comments do not. */
export const numberedLines = (text: string): { readonly line: number; readonly text: string }[] =>
  text
    .split(/\r\n|\r|\n/)
    .map((each, index) => ({ line: index + 1, text: each.trim() }))
    .filter((each) => each.text !== "" && !each.text.startsWith("#"));

/**
 * Inspects every line of a file of keys and certificates: a `.pub` file, authorized_keys, known_hosts, or what ssh-keyscan prints.
 * Blank lines and comments are left out. A line that cannot be read does not take the others with it: its kind is "unreadable".
 * @param file its name, for the error
 * @returns one item for each line that says something, in their order; lines are counted from 1
 * @throws KEY_NOT_PUBLIC, CERTIFICATE_INVALID where no line can be read, and for a file of another form, such as a private key
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { inspectLines } from "ssh-trust";
 *
 * const key = await readFile("id_ed25519.pub", "utf8");
 * const text = `# people\n${key}no-pty ${key}what is this?\n`;
 * const lines = inspectLines(text, { now: new Date() }, "authorized_keys");
 * console.log(lines.map(({ line, inspection }) => `${line} ${inspection.kind}`).join(", ")); // 2 key, 3 key, 4 unreadable
 * console.log(lines[1]?.prefix); // no-pty
 * ```
 */
export function inspectLines(text: string, against: InspectAgainst, file?: string): InspectedLine[] {
  const inspected: InspectedLine[] = [];
  let first: SshTrustError | undefined;
  const lines = numberedLines(text);
  for (const { line, text: whole } of lines) {
    const { prefix, key } = splitPrefix(whole);
    try {
      inspected.push({ line, prefix, inspection: inspectKey(key, against, file) });
    } catch (error) {
      if (!isFailure(error) || beginsForeignForm(key)) throw error;
      first ??= error;
      inspected.push({ line, prefix: "", inspection: unreadable(problemOf(error)) });
    }
  }
  if (lines.length === 0) inspectKey(text.trim().split(/\r\n|\r|\n/)[0] ?? "", against, file); // throws: it is empty, or a comment
  if (first !== undefined && inspected.every(({ inspection }) => inspection.kind === "unreadable")) throw first;
  return inspected;
}

const unreadable = (problem: string): UnreadableLine => ({
  kind: "unreadable",
  type: "",
  key: undefined,
  comment: "",
  certificate: undefined,
  verdicts: [verdict("unreadable", `no key or certificate: ${problem}`)],
});
