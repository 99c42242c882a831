/** systemd.service(5), COMMAND LINES: % and $ are specifiers and variables, a backslash is C's. */
export const unitWord = (word: string) =>
  /^[\w./:@+-]+$/.test(word)
    ? word
    : `"${word.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%").replaceAll("$", "$$$$")}"`;
