/** What failed in a run, told once more at its end: whoever sees only the end of the output sees this. */
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

export interface Failure {
  /** A test's full name, or a check's. */
  readonly name: string;
  /** Relative to the project's folder. */
  readonly file?: string;
  /** As it was said: only its first lines are told. */
  readonly message: string;
}

/** Of one message. */
const mostLines = 15;
const longestLine = 200;
/** Of all messages; what fails beyond that is only named. */
const mostLinesOfAll = 150;
const mostNames = 100;

/** The last lines of what a program said, as many as are told. */
export const lastLines = (said: string): string => said.trimEnd().split("\n").slice(-mostLines).join("\n");

/** The failures as text, bounded in size; empty where nothing failed. */
export function tellFailures(failures: readonly Failure[]): string {
  if (failures.length === 0) return "";
  let left = mostLinesOfAll;
  const told = failures.slice(0, mostNames).map(({ name, file, message }) => {
    const lines = shortened(message, Math.min(left, mostLines));
    left -= lines.length;
    return [`✕ ${name}${file === undefined ? "" : `\n  ${file}`}`, ...lines.map((line) => `    ${line}`.trimEnd())].join("\n");
  });
  const more = failures.length - told.length;
  return ["\n── failed", ...told, ...(more > 0 ? [`and ${String(more)} more`] : [])].join("\n\n");
}

function shortened(message: string, most: number): readonly string[] {
  const lines = stripVTControlCharacters(message)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)} …` : line));
  return lines.slice(0, most);
}

/** What jest writes with `--json`, as far as it is read here. */
export interface JestResult {
  readonly numFailedTests?: number;
  readonly numPassedTests?: number;
  readonly numPendingTests?: number;
  readonly numRuntimeErrorTestSuites?: number;
  readonly testResults?: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** The tests of a run that failed or were left out, and the files that could not be loaded. */
export function failuresOf({ testResults = [] }: JestResult, root: string): Failure[] {
  return testResults.flatMap(({ name: path, message, assertionResults }) => {
    const file = relative(root, path);
    if (assertionResults.length === 0 && message !== "") return [{ name: "the file does not load", file, message }];
    return assertionResults
      .filter(({ status }) => status !== "passed")
      .map(({ fullName, status, failureMessages }) => ({
        name: fullName,
        file,
        message: failureMessages.length === 0 ? `was not run: ${status}` : failureMessages.join("\n"),
      }));
  });
}
