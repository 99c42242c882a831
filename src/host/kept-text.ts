/**
 * What a host said, kept as text. Keys and certificates take ten times as much memory as the text that they are read from, and nobody looks at
 * those of ten thousand hosts at once: they are read from it when somebody asks, and let go of.
 */
import { readEntry, type HostEntry } from "./inventory.js";
import type { Read } from "./read.js";

export interface Said {
  readonly entry: Read<HostEntry>;
  /** When Vault heard it. */
  readonly at: Date;
  readonly version: number;
}

/** @param value what Vault's store has for the host */
export function keepText(value: unknown, at: Date, version: number): Said {
  const first = readEntry(value);
  if ("problem" in first) return { entry: first, at, version }; // a sentence; the text may be of any length
  const text = JSON.stringify(value);
  let last = new WeakRef(first);
  return {
    at,
    version,
    get entry() {
      const known = last.deref();
      if (known !== undefined) return known;
      const read = readEntry(JSON.parse(text));
      if (!("problem" in read)) last = new WeakRef(read);
      return read;
    },
  };
}
