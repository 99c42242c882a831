/** Whether an address is this machine's own. */

/** @param host as URL.hostname has it: "[::1]" with its brackets */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);

/** Whether nobody between here and a server can read along. @param address a URL */
export function isPrivateLine(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" || isLoopback(hostname);
}
