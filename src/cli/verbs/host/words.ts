/** What is said of several hosts. */

const most = 10;

/** What became of several hosts, where it ended before the last. */
export function describeStopped(done: readonly string[], left: readonly string[], verb: string): string {
  const shown = (names: readonly string[]) => [...names.slice(0, most), ...(names.length > most ? ["…"] : [])].join(", ");
  const made = done.length === 0 ? "no host was done" : `done, and to be left out of the next ${verb}: ${shown(done)}`;
  return `${made}; not done: ${shown(left)}`;
}
