/** How old an answer is, as it says itself. */
import type { Freshness } from "../contract.js";
import type { Trouble } from "../watch/watch.js";

/** @param readAt when it was read from Vault, by this process's clock in milliseconds @param trouble what makes it stale */
export function freshnessOf(readAt: number, trouble: Trouble["kind"] | undefined): Freshness {
  return {
    asOf: new Date(readAt).toISOString(),
    age: Math.max(0, Math.round((Date.now() - readAt) / 1000)),
    stale: trouble !== undefined,
    ...(trouble === "unlisted" ? { unlisted: true } : {}),
  };
}

/** Why it is stale, as a sentence says it. */
export const whyStale = ({ unlisted }: Pick<Freshness, "unlisted">): string =>
  unlisted === true ? "the directory cannot read from Vault which hosts there are" : "Vault does not answer the directory";
