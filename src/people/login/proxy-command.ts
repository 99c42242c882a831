/** The way through jump hosts: for each an ssh of its own, which ssh starts by ProxyCommand, as it does for ProxyJump. */

/** What ssh puts the next host's name and port in for: ssh_config(5), TOKENS. */
const nextHost = "[%h]:%p";

/**
 * The ProxyCommand that leads to behind the last one of these jump hosts.
 * @param jumps arguments of ssh, options before the destination, for each; the first one first
 */
export function proxyCommand(jumps: readonly (readonly string[])[]): string {
  const last = jumps.at(-1) ?? [];
  const before = jumps.slice(0, -1);
  const through = before.length === 0 ? [] : ["-o", `ProxyCommand=${proxyCommand(before)}`];
  return ["ssh", ...through.map(word), "-W", `'${nextHost}'`, ...last.map(word)].join(" ");
}

/** A word for a shell, in which ssh sees no token. */
const word = (text: string): string => `'${text.replaceAll("%", "%%").replaceAll("'", String.raw`'\''`)}'`;
