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

/**
 * The address of whoever asks.
 * @param peer the other end of the connection
 * @param forwarded the header X-Forwarded-For: each proxy adds at its end the address that it saw
 * @param isProxy whether an address is of a proxy that is trusted; what others say is not looked at
 */
export function clientAddress(peer: string, forwarded: string | undefined, isProxy: (address: string) => boolean): string {
  let client = plainAddress(peer);
  const said = (forwarded ?? "").split(",").map((each) => plainAddress(each.trim().replace(/^\[(.*)\](?::\d+)?$/, "$1")));
  for (let next = said.pop(); next !== undefined && isProxy(client) && isIP(next) > 0; next = said.pop()) client = next;
  return client;
}
