/** Words for verdicts. */

/** "a, b and c"; of a long list the first five. */
export function listed(names: readonly string[]): string {
  const most = 5;
  const shown = names.length > most + 1 ? [...names.slice(0, most), `${String(names.length - most)} more`] : names;
  return shown.join(", ").replace(/, ([^,]*)$/, " and $1");
}
