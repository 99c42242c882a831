/** What moves a terminal's cursor, breaks its lines or turns its text around. */
const unprintable = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * Text that a stranger wrote, safe for a terminal: each byte of an unprintable character as "\033".
 * It is what OpenSSH's own programs do with such text (utf8.c, vis(3) with VIS_OCTAL) — but for `ssh-keygen -L`, which prints it raw.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (character) =>
    [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join(""),
  );
}
