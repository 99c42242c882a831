/** What one row of a catalogue holds. */
import type { Advice } from "./hint.js";

export interface Entry {
  /** What happened: lower case, no full stop, names the object. */
  readonly message: (p: never) => string;
  /** What to do next; holds a command wherever one helps. */
  readonly hint: (p: never) => Advice | readonly Advice[];
  /** 1: it could not be done; 2: it was asked for wrongly. */
  readonly exit: 1 | 2;
}

export type Catalogue = Readonly<Record<string, Entry>>;

/** The values that a message or a hint is made from, by name. */
export type Fields<K extends string> = Readonly<Record<K, string>>;
