/** Which address comes next. */
import { isIPv4 } from "node:net";
import { fail } from "../errors/catalogue.js";

export interface Pool {
  /** Both ends belong to it; they differ in the last number only. */
  readonly first: string;
  readonly last: string;
}

const lastNumber = (address: string) => Number(address.split(".")[3]);
const prefix = (pool: Pool) => pool.first.replace(/\d+$/, "");

function addressesOf(pool: Pool): string[] {
  const from = lastNumber(pool.first);
  return Array.from({ length: lastNumber(pool.last) - from + 1 }, (_, index) => prefix(pool) + String(from + index));
}

/**
 * The free address that was handed out longest ago, or never.
 * @param handedOut addresses as they were handed out, the latest last
 * @throws ADDRESS_IN_USE when none is free
 */
export function nextAddress(pool: Pool, inUse: readonly string[], handedOut: readonly string[] = []): string {
  const free = addressesOf(pool).filter((address) => !inUse.includes(address));
  const age = (address: string) => handedOut.lastIndexOf(address);
  const [next] = free.sort((a, b) => age(a) - age(b));
  if (next === undefined)
    throw fail("ADDRESS_IN_USE", { address: `${pool.first} to ${pool.last}, every one,`, holder: "machines" });
  return next;
}

/** An address that a person asked for. @throws ADDRESS_INVALID */
export function addressIn(pool: Pool, text: string): string {
  const inside = isIPv4(text) && addressesOf(pool).includes(text);
  if (!inside) throw fail("ADDRESS_INVALID", { address: text, first: pool.first, last: pool.last });
  return text;
}
