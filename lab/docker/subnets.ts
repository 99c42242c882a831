/** Whether a network that is about to be made would hide one that this machine is on. */
import { networkInterfaces } from "node:os";
import { BlockList } from "node:net";

export interface Interface {
  readonly name: string;
  /** The network it is on, such as "192.0.2.7/24". */
  readonly cidr: string;
}

/** This machine's own IPv4 networks. */
export function ownInterfaces(): Interface[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).flatMap(({ family, cidr }) => (family === "IPv4" && cidr !== null ? [{ name, cidr }] : [])),
  );
}

/** The first interface whose network shares addresses with a subnet. @param subnet such as "10.203.113.0/24" */
export function overlapping(subnet: string, interfaces: readonly Interface[]): Interface | undefined {
  return interfaces.find(({ cidr }) => contains(subnet, addressOf(cidr)) || contains(cidr, addressOf(subnet)));
}

const addressOf = (cidr: string) => cidr.split("/")[0] ?? "";

/** Of two subnets that overlap, one contains the other whole: one address tells. */
function contains(cidr: string, address: string): boolean {
  const list = new BlockList();
  list.addSubnet(addressOf(cidr), Number(cidr.split("/")[1]), "ipv4");
  return list.check(address, "ipv4");
}
