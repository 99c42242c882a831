/** How much one address may ask, and how much all may have Vault asked. */
import type { MiddlewareHandler } from "hono";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { fail, type SshTrustError } from "../../errors/catalogue.js";
import { networkOf } from "./client-address.js";
import type { Directory, DirectoryContext, Env } from "./directory.js";

/** A burst may be this many seconds' worth. */
const burst = 5;

/** @param rate requests a second of one address, over 5 s. @throws DIRECTORY_BUSY, with the header Retry-After */
export function limitTo(rate: number): MiddlewareHandler<Env> {
  const limiter = new RateLimiterMemory({ points: rate * burst, duration: burst });
  return async (c, next) => {
    await take(c, limiter, networkOf(c.get("client")), (seconds) => fail("DIRECTORY_BUSY", { seconds }));
    await next();
  };
}

/** What one address may have Vault asked to prove who somebody is, a minute. */
const ofOne = { points: 30, duration: 60 };

/**
 * Bounds what anybody, signed in or not, can have Vault asked: each address, and all together. All of the directory's questions come from one
 * address, for which Vault has the fleet's limit.
 * @returns counts one question. @throws DIRECTORY_BUSY, DIRECTORY_SIGN_INS with the header Retry-After
 */
export function limitProofs({ watch }: Pick<Directory, "watch">): (c: DirectoryContext) => Promise<void> {
  const each = new RateLimiterMemory(ofOne);
  let all: { readonly points: number; readonly limiter: RateLimiterMemory } | undefined;
  return async (c) => {
    // A second may fall into two of the limiter's, and there are two kinds of questions: together no more than the fleet's limit.
    const points = Math.max(1, Math.floor(watch.fleet().fleet.limits.signIn / 4));
    if (all?.points !== points) all = { points, limiter: new RateLimiterMemory({ points, duration: 1 }) };
    await take(c, each, networkOf(c.get("client")), (seconds) => fail("DIRECTORY_BUSY", { seconds }));
    await take(c, all.limiter, "all", (seconds) => fail("DIRECTORY_SIGN_INS", { seconds }));
  };
}

async function take(
  c: DirectoryContext,
  limiter: RateLimiterMemory,
  key: string,
  refusal: (seconds: string) => SshTrustError,
): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const seconds = String(Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
    c.header("Retry-After", seconds);
    throw refusal(seconds);
  }
}
