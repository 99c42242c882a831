/** What fails again and again for the same reason is told once. */
import type { SshTrustError } from "../errors/catalogue.js";

export interface OncePerChange {
  readonly tell: (error: SshTrustError) => void;
  /** It worked: the next failure is a new one. */
  readonly forget: () => void;
}

/** Nothing said for so long was a success meanwhile, in milliseconds. */
const quiet = 60_000;

/** @param told is handed the first error, and each that is not the one before */
export function oncePerChange(told: (error: SshTrustError) => void): OncePerChange {
  let last: { readonly of: string; at: number } | undefined;
  return {
    tell(error) {
      const of = `${error.code} ${error.message}`;
      const isNew = last?.of !== of || Date.now() - last.at > quiet;
      last = { of, at: Date.now() };
      if (isNew) told(error);
    },
    forget() {
      last = undefined;
    },
  };
}
