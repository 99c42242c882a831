/**
 * Every error that a person can meet, in one catalogue: a permanent code, what happened, what to do, the exit status.
 *
 * The codes are part of the public interface: they never change and are never used again for something else.
 * The rows are in `errors/`, one file for each subject. `docs/errors.md` is written from them, and a test fails when the
 * two differ.
 */
import { dockerErrors } from "../../lab/errors/docker.js";
import { generalErrors } from "./general.js";
import { keysErrors } from "./keys.js";
import { labErrors } from "../../lab/errors/lab.js";
import { offlineCaErrors } from "./offline-ca.js";
import { toolsErrors } from "./tools.js";
import { vaultErrors } from "./vault.js";
import type { Entry } from "./entry.js";

export const catalogue = {
  ...generalErrors,
  ...dockerErrors,
  ...toolsErrors,
  ...vaultErrors,
  ...labErrors,
  ...keysErrors,
  ...offlineCaErrors,
} as const;

export type ErrorCode = keyof typeof catalogue;

/** The values that an entry's message and hint are made from. */
export type ErrorFields<C extends ErrorCode> = Parameters<(typeof catalogue)[C]["message"]>[0] &
  ([] extends Parameters<(typeof catalogue)[C]["hint"]> ? unknown : Parameters<(typeof catalogue)[C]["hint"]>[0]);

/** An error of the catalogue. `message` says what happened, `hint` what to do, `exit` is the process's exit status. */
export class SshTrustError extends Error {
  override readonly name = "SshTrustError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint: string,
    readonly exit: 1 | 2,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Makes an error of the catalogue; the caller throws it.
 * @example throw fail("VAULT_SEALED", { address: "http://localhost:8200" }, cause)
 */
export function fail<C extends ErrorCode>(code: C, fields: ErrorFields<C>, cause?: unknown): SshTrustError {
  const entry: Entry = catalogue[code];
  const message = entry.message(fields as never);
  const hint = entry.hint(fields as never);
  return new SshTrustError(code, message, hint, entry.exit, cause === undefined ? undefined : { cause });
}

/** Whether `error` is of the catalogue, and of that code where one is given. */
export function isFailure(error: unknown, code?: ErrorCode): error is SshTrustError {
  return error instanceof SshTrustError && (code === undefined || error.code === code);
}

/** What an unknown thrown value says, in one line. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
