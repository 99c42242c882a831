/** A stranger's text that is read where it can be: a line that cannot hides none of the others. */
import { isFailure } from "../errors/catalogue.js";
import { printable } from "../ground/printable.js";
import { problemOf } from "../ssh/read-lines.js";

/** A line that was read, or why it was not. */
export type Read<T> = { readonly read: T } | { readonly problem: string };

/** @returns what is read, or why it cannot be, safe for a terminal. @throws what is no error of the catalogue */
export function attempt<T>(read: () => T): Read<T> {
  try {
    return { read: read() };
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { problem: printable(problemOf(error)) };
  }
}
