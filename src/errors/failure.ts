/** Errors that a person can meet, made from a catalogue: a permanent code, what happened, what to do, the exit status. */
import type { Catalogue, Entry } from "./entry.js";
import type { Hint } from "./hint.js";

/** The values that a row's message and hint are made from. */
export type FieldsOf<E extends Entry> = Parameters<E["message"]>[0] &
  ([] extends Parameters<E["hint"]> ? unknown : Parameters<E["hint"]>[0]);

/** An error of a catalogue. `message` says what happened, `hint` what to do, `exit` is the process's exit status. */
export class SshTrustError extends Error {
  override readonly name = "SshTrustError";

  constructor(
    readonly code: string,
    message: string,
    readonly hint: Hint,
    readonly exit: 1 | 2,
    /** What the message was made from, for a face that has a hint of its own. */
    readonly fields: Readonly<Record<string, unknown>>,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Makes errors of one catalogue; the caller throws them. */
export const failFrom =
  <C extends Catalogue>(catalogue: C) =>
  <K extends keyof C & string>(code: K, fields: FieldsOf<C[K]>, cause?: unknown): SshTrustError => {
    const entry = catalogue[code] as Entry;
    const hint = [entry.hint(fields as never)].flat();
    const known = { ...(fields as object | undefined) };
    const options = cause === undefined ? undefined : { cause };
    return new SshTrustError(code, entry.message(fields), hint, entry.exit, known, options);
  };

/** Tells errors of a catalogue, and of one code of it, from others. */
export type FailureTest<Code extends string> = (error: unknown, code?: Code) => error is SshTrustError;

export const isSshTrustError: FailureTest<string> = (error, code): error is SshTrustError =>
  error instanceof SshTrustError && (code === undefined || error.code === code);

/** What an unknown thrown value says, in one line. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
