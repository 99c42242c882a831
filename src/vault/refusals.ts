/** What Vault and OpenBao answer when they refuse, as errors of the catalogue. */
import { fail, isFailure, type SshTrustError } from "../errors/catalogue.js";
import { formatDuration } from "../ground/duration.js";
import type { SshRole } from "../roles.js";

interface Refusal {
  readonly status: number;
  readonly reasons: readonly string[];
  /** Both servers give a list of reasons, or say which request it was; a proxy has a page. */
  readonly byVault: boolean;
}

/** The status and reasons of a refusal; undefined where `error` is something else. */
export function refusalOf(error: unknown): Refusal | undefined {
  const response = (error as { response?: { statusCode?: unknown; body?: { errors?: unknown; request_id?: unknown } } }).response;
  if (typeof response?.statusCode !== "number") return undefined;
  const errors = response.body?.errors;
  const reasons = Array.isArray(errors) ? errors.filter((reason) => typeof reason === "string") : [];
  return {
    status: response.statusCode,
    reasons,
    byVault: Array.isArray(errors) || typeof response.body?.request_id === "string",
  };
}

/** What any request can be refused with. node-vault's own error is left behind: it may hold what was sent. */
export function refused(error: unknown, address: string, path: string): SshTrustError {
  if (isFailure(error)) return error;
  const refusal = refusalOf(error);
  if (refusal === undefined) return fail("VAULT_ANSWER_UNEXPECTED", { path, what: "no answer that can be read" });
  const { status, reasons } = refusal;
  const reason = reasons.join("; ");
  if (/vault is sealed|barrier is sealed/i.test(reason)) return fail("VAULT_SEALED", { address });
  if (/invalid token|bad token/i.test(reason)) return fail("VAULT_TOKEN_REFUSED", { address });
  if (status === 429 || status >= 500) return fail("VAULT_BUSY", { address, status: String(status) });
  if (!refusal.byVault)
    return fail("VAULT_ANSWER_UNEXPECTED", { path, what: `HTTP ${String(status)} by another program, such as a proxy` });
  if (status === 403) return fail("VAULT_PERMISSION_DENIED", { path });
  // Both servers ask the provider when the connection is written.
  if (status === 400 && /oidc discovery/i.test(reason)) return fail("VAULT_PROVIDER_REFUSED", { path, reason });
  return fail("VAULT_ANSWER_UNEXPECTED", { path, what: reason === "" ? `HTTP ${String(status)}` : reason });
}

/** Why a role did not sign. */
export function signRefused(error: unknown, address: string, path: string, role: SshRole): SshTrustError {
  const refusal = refusalOf(error);
  const reason = refusal?.reasons.join("; ") ?? "";
  if (refusal === undefined || [403, 429, 503].includes(refusal.status) || !refusal.byVault) return refused(error, address, path);
  if (refusal.status === 404 || /no handler for route|unsupported path/i.test(reason)) {
    return fail("VAULT_MOUNT_MISSING", { mount: role.mount });
  }
  if (/unknown role/i.test(reason)) {
    return fail("VAULT_ROLE_MISSING", { mount: role.mount, role: role.name });
  }
  if (isNoCa(reason)) return fail("CA_NOT_GENERATED", { mount: role.mount });
  if (refusal.status >= 500 && reason === "") return refused(error, address, path);
  return fail("VAULT_SIGN_DENIED", { mount: role.mount, role: role.name, reason: withHours(reason) });
}

/** Both servers say `ttl is larger than maximum allowed 3600`; what a person asked for, and what `--ttl` takes, is 1h. */
function withHours(reason: string): string {
  return reason.replace(/(?<=larger than maximum allowed )\d+$/, (text) => formatDuration(Number(text)));
}

/** Vault: "keys haven't been configured yet" or "no public key found"; OpenBao: "no default issuer currently configured". */
export function isNoCa(reason: string): boolean {
  return /haven't been configured|no public key found|no default issuer|could not be found|failed to read CA/i.test(reason);
}
