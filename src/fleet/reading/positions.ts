/** Where in the file a mistake is. */
import type { LineCounter } from "yaml";
import type { Mistake } from "../mistakes.js";

export interface Position {
  /** From 1, as editors count. */
  readonly line: number;
  readonly column: number;
}

/** By path, as JSON: where a key begins, and where what stands behind it does, in characters from the beginning. */
export type Offsets = ReadonlyMap<string, { readonly key: number; readonly value: number }>;

/** Where a path leads; where it leads nowhere, because something is missing, as far as it leads. */
export function offsetOf({ path, offset, ofKey }: Mistake, offsets: Offsets): number {
  if (offset !== undefined) return offset;
  const found = offsets.get(JSON.stringify(path));
  if (found !== undefined) return ofKey === true ? found.key : found.value;
  return path.length === 0 ? 0 : offsetOf({ path: path.slice(0, -1), problem: "", ofKey: true }, offsets);
}

export function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
