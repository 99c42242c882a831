import { isIP } from "node:net";

/**
 * Whether sshd takes it for the value of source-address: addresses and networks, with commas between them. As in OpenSSH's
 * addr_match_cidr_list, no bit may be set behind a network's mask. Stricter: no short forms such as "10.1".
 */
export const isAddressList = (list: string): boolean => list.split(",").every(isNetwork);

function isNetwork(text: string): boolean {
  const [address = "", mask, ...more] = text.split("/");
  const version = isIP(address);
  // no zone: "fe80::1%eth0"
  if (version === 0 || more.length > 0 || address.includes("%")) return false;
  if (mask === undefined) return true;
  const bits = version === 4 ? 32 : 128;
  if (!/^\d{1,3}$/.test(mask) || Number(mask) > bits) return false;
  const number = version === 4 ? ipv4(address) : ipv6(address);
  return number % 2n ** BigInt(bits - Number(mask)) === 0n;
}

const ipv4 = (address: string): bigint => address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);

function ipv6(address: string): bigint {
  // the last 32 bits may be written as an IPv4 address
  const hex = address.replace(/[\d.]+\.[\d.]+$/, (last) => {
    const number = ipv4(last);
    return `${(number >> 16n).toString(16)}:${(number & 0xffffn).toString(16)}`;
  });
  const [head = [], tail = []] = hex.split("::").map((half) => half.split(":").filter((group) => group !== ""));
  const zeros = Array<string>(8 - head.length - tail.length).fill("0");
  return [...head, ...zeros, ...tail].reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}
