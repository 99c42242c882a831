/** How much one address may ask. */
import type { MiddlewareHandler } from "hono";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { fail } from "../../errors/catalogue.js";
import { networkOf } from "./client-address.js";
import type { Env } from "./directory.js";

/** A burst may be this many seconds' worth. */
const burst = 5;

/** @param rate requests a second of one address, over 5 s. @throws DIRECTORY_BUSY, with the header Retry-After */
export function limitTo(rate: number): MiddlewareHandler<Env> {
  const limiter = new RateLimiterMemory({ points: rate * burst, duration: burst });
  return async (c, next) => {
    try {
      await limiter.consume(networkOf(c.get("client")));
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      const seconds = String(Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
      c.header("Retry-After", seconds);
      throw fail("DIRECTORY_BUSY", { seconds });
    }
    await next();
  };
}
