/** Errors as the API tells them: RFC 9457, from the catalogue's codes. */
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { fail, isFailure, type ErrorCode, type SshTrustError } from "../../errors/catalogue.js";
import { hintText, typed } from "../../errors/hint.js";
import type { Problem } from "../contract.js";

const statuses: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  DIRECTORY_SIGN_IN_NEEDED: 401,
  DIRECTORY_TOKEN_REFUSED: 403,
  DIRECTORY_HOST_UNKNOWN: 404,
  DIRECTORY_NOT_FOUND: 404,
  DIRECTORY_QUERY: 400,
  DIRECTORY_FOREIGN_FORM: 403,
  DIRECTORY_FORM: 400,
  DIRECTORY_SIGN_INS: 429,
  DIRECTORY_BUSY: 429,
  DIRECTORY_MISDIRECTED: 421,
  DIRECTORY_METHOD: 405,
  DIRECTORY_TOO_LARGE: 413,
  DIRECTORY_STARTING: 503,
  DIRECTORY_VAULT_SILENT: 503,
  DIRECTORY_FAULT: 500,
};

export const statusOf = ({ code }: Pick<SshTrustError, "code">): ContentfulStatusCode => statuses[code as ErrorCode] ?? 500;

/** A form that another page sent (CSRF). Hono's own exceptions are about requests only. */
const foreign = (error: unknown) => error instanceof HTTPException && error.status === 403;

/** What may be told: what is wrong between the directory and Vault is for whoever reads the directory's log. */
export function toldOf(error: unknown): SshTrustError {
  if (foreign(error)) return fail("DIRECTORY_FOREIGN_FORM", undefined, error);
  if (!isFailure(error)) return fail("DIRECTORY_FAULT", undefined, error);
  if (error.code in statuses) return error;
  return fail(error.code.startsWith("VAULT_") ? "DIRECTORY_VAULT_SILENT" : "DIRECTORY_FAULT", undefined, error);
}

export function problemOf(error: SshTrustError): Problem {
  const hint = hintText(error.hint, (run) => typed(run, "ssh-trust"));
  return {
    type: `urn:ssh-trust:${error.code}`,
    title: error.message,
    status: statusOf(error),
    ...(hint === "" ? {} : { hint }),
  };
}
