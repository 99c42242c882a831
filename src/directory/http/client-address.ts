/** Who asks, by address: that of the connection, or the one that a proxy says, where it is one that may say it. */
import { BlockList, isIP, isIPv6 } from "node:net";

/** Addresses in ranges such as "10.0.0.0/8" and "fd00::/8". */
export function addressesIn(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", length = ""] = range.split("/");
    list.addSubnet(address, Number(length), isIPv6(address) ? "ipv6" : "ipv4");
  }
  return (address) => isIP(address) > 0 && list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

/** An IPv4 address that came over an IPv6 socket is the IPv4 one. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=[\d.]+$)/i, "").replace(/%.*$/, "");

/** An entry of X-Forwarded-For: some proxies add the client's port, as in "192.0.2.1:51234" and "[2001:db8::1]:51234". */
function addressOf(entry: string): string | undefined {
  const text = entry.trim();
  const bare = /^\[(.*)\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text;
  const address = plainAddress(bare);
  return isIP(address) > 0 ? address : undefined;
}

/**
 * The address of whoever asks; undefined where a trusted proxy asks, and does not say for whom. A proxy's own address is never that of a
 * client: the proxy may ask for anybody.
 * @param peer the other end of the connection
 * @param forwarded the header X-Forwarded-For: each proxy adds at its end the address that it saw
 * @param isProxy whether an address is of a proxy that is trusted; what others say is not looked at
 */
export function clientAddress(
  peer: string,
  forwarded: string | undefined,
  isProxy: (address: string) => boolean,
): string | undefined {
  const entries = (forwarded ?? "").split(",");
  let client: string | undefined = plainAddress(peer);
  while (client !== undefined && isProxy(client)) client = addressOf(entries.pop() ?? "");
  return client;
}

/** What is counted as one client: whoever has an IPv6 address has 2^64 of them. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail = ""] = address.split("::");
  const groups = head.split(":");
  const missing = 8 - groups.length - (tail === "" ? 0 : tail.split(":").length);
  return [...groups, ...Array.from({ length: Math.max(0, missing) }, () => "0"), ...tail.split(":")].slice(0, 4).join(":");
}
