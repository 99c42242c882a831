import { printable } from "./printable.js";

/** A text as one word of a shell command that somebody may copy from a screen: quoted where it has to be. */
export function shellWord(text: string): string {
  if (/^[\w./:@%+=,-]+$/.test(text)) return text;
  return `'${printable(text).replaceAll("'", String.raw`'\''`)}'`;
}
