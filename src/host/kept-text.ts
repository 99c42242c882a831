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
  return new KeptText(JSON.stringify(value), at, version, first);
}

/** Of a class: ten thousand objects with a getter of their own would each have a shape of their own. */
class KeptText implements Said {
  readonly #text: string;
  #last: WeakRef<Read<HostEntry>>;

  constructor(
    text: string,
    readonly at: Date,
    readonly version: number,
    first: Read<HostEntry>,
  ) {
    this.#text = text;
    this.#last = new WeakRef(first);
  }

  get entry(): Read<HostEntry> {
    const known = this.#last.deref();
    if (known !== undefined) return known;
    const read = readEntry(JSON.parse(this.#text));
    this.#last = new WeakRef(read);
    return read;
  }
}
