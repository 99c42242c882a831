/** How old an answer is, as it says itself. */
import type { Freshness } from "../contract.js";

/** @param readAt when it was read from Vault, by this process's clock in milliseconds @param stale whether Vault does not answer */
export function freshnessOf(readAt: number, stale: boolean): Freshness {
  return {
    asOf: new Date(readAt).toISOString(),
    age: Math.max(0, Math.round((Date.now() - readAt) / 1000)),
    stale,
  };
}
