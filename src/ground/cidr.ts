/** Ranges of addresses, as "10.0.0.0/8" and "2001:db8::/32" (RFC 4632, RFC 4291). */
import { isIPv4, isIPv6 } from "node:net";

/**
 * What is wrong with a range; undefined where nothing is. One whose address is not its first is refused: it may have been meant for
 * one host.
 */
export function problemOfCidr(text: string): string | undefined {
  const [, address = "", digits] = /^([0-9a-fA-F:.]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : undefined;
  if (bits === undefined) return "is not a range of addresses; write it as 10.0.0.0/8 or 2001:db8::/32";
  if (digits === undefined) return `has no length; did you mean "${address}/${String(bits)}"?`;
  const length = Number(digits);
  if (String(length) !== digits || length > bits) return `has the length ${digits}, and it is between 0 and ${String(bits)}`;
  if (bits === 128 && address.includes(".")) return "is an IPv4 address within an IPv6 one: write it as IPv4";
  const groups = bits === 32 ? address.split(".").map(Number) : groupsOf(address);
  const size = bits === 32 ? 8 : 16;
  const isFirst = groups.every((group, at) => (group & (2 ** clamp(size * (at + 1) - length, size) - 1)) === 0);
  return isFirst ? undefined : `begins in the middle of its range; did you mean "${address}/${String(bits)}"?`;
}

const clamp = (value: number, most: number) => Math.max(0, Math.min(most, value));

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  const [head = "", tail] = address.split("::");
  const read = (part: string) => (part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16)));
  if (tail === undefined) return read(head);
  const [before, after] = [read(head), read(tail)];
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}
