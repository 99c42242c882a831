/** From the text of a fleet file to the fleet, or to all that is wrong with it. */
import { fail } from "../errors/catalogue.js";
import { readDocument } from "./reading/document.js";
import type { Fleet } from "./fleet.js";
import { fleetOf } from "./fleet-of.js";
import { shownPath } from "./mistakes.js";
import { relationsIn } from "./checks/relations.js";
import type { Position } from "./reading/positions.js";
import { shapeOf } from "./reading/shape.js";

/** More are counted, and not shown. */
const mostShown = 50;

/**
 * Reads the text of a fleet file: YAML 1.2, at most 1,000,000 characters.
 * @param file how the file is called in messages
 * @returns the fleet, checked, with every default filled in. Times are seconds; docs/fleet.md has each key
 * @throws FLEET_FILE_INVALID: its message has a line for each mistake behind the first one, "file:line:column: key: problem", lines and
 *   columns from 1; the first 50 in the file's order. What looks like a secret is not shown
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { isFailure, parseFleet } from "ssh-trust";
 *
 * const text = await readFile("ssh-trust.yaml", "utf8");
 * console.log(parseFleet(text, "ssh-trust.yaml").vault); // https://vault.example.org:8200
 * try {
 *   parseFleet(text.replace("on: web", "on: wbe"), "ssh-trust.yaml");
 * } catch (error) {
 *   if (!isFailure(error, "FLEET_FILE_INVALID")) throw error;
 *   const [, mistake] = error.message.split("\n");
 *   console.log(mistake); // ssh-trust.yaml:8:46: access[0].on: there is no group of hosts called "wbe"; there is: web
 * }
 * ```
 */
export function parseFleet(text: string, file: string): Fleet {
  const { value, mistakes: ofYaml, positionOf } = readDocument(text);
  const shape = value === undefined ? undefined : shapeOf(value);
  const known = new Set(ofYaml.map(({ path }) => shownPath(path)));
  const further = shape === undefined ? [] : [...shape.mistakes, ...relationsIn(shape.draft)];
  const mistakes = [...ofYaml, ...further.filter(({ path }) => !known.has(shownPath(path)))];
  if (mistakes.length === 0 && shape?.file !== undefined) return fleetOf(shape.file);
  const placed = mistakes
    .map((mistake) => ({ mistake, at: positionOf(mistake) }))
    .sort((one, other) => one.at.line - other.at.line || one.at.column - other.at.column);
  const all = placed.map(({ mistake: { path, problem, first }, at }) => {
    const told = first === undefined ? problem : `${problem}; the first is at ${shownPlace(positionOf({ problem, ...first }))}`;
    return [`${file}:${shownPlace(at)}`, ...(path.length === 0 ? [] : [shownPath(path)]), told].join(": ");
  });
  const lines = [...new Set(all)];
  throw fail("FLEET_FILE_INVALID", { file, count: counted(lines.length), mistakes: shownLines(lines).join("\n") });
}

const shownPlace = ({ line, column }: Position) => `${String(line)}:${String(column)}`;

const counted = (count: number) => (count === 1 ? "a mistake" : `${String(count)} mistakes`);

const shownLines = (lines: readonly string[]) =>
  lines.length <= mostShown ? lines : [...lines.slice(0, mostShown), `and ${String(lines.length - mostShown)} more`];
