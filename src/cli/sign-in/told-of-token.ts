/** What is refused, told by what is known of the token that it was refused to. */
import { fail, isFailure, SshTrustError, type ErrorCode } from "../../errors/catalogue.js";
import { whoIs } from "../../people/me.js";
import type { SignedIn } from "../../people/signed-in.js";
import { readTokenVariable, type VaultSettings } from "../../settings/vault.js";
import { openVaultApi } from "../../vault/api.js";

/** Whether the token is from VAULT_TOKEN or BAO_TOKEN. */
export const isVariable = ({ tokenSource }: VaultSettings): boolean => readTokenVariable()?.name === tokenSource;

/** @returns SIGN_IN_OVER */
export const over = (settings: VaultSettings): SshTrustError =>
  fail("SIGN_IN_OVER", {
    source: settings.tokenSource ?? "",
    variable: isVariable(settings) ? settings.tokenSource : undefined,
    address: settings.address,
  });

/** Errors that say what somebody may not do. */
const denials: readonly ErrorCode[] = [
  "LOGIN_ACCOUNT_DENIED",
  "LOGIN_JUMP_DENIED",
  "LOGIN_OPTION_DENIED",
  "SIGN_IN_WITHOUT_GROUP",
  "SIGN_DENIED",
];

/** @throws what `work` throws; SIGN_IN_OVER where the token has ended meanwhile */
export async function toldOfToken<T>(settings: SignedIn["settings"], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const refused = isFailure(error, "VAULT_TOKEN_REFUSED") || isFailure(error, "VAULT_PERMISSION_DENIED");
    if (refused && (await whoIs(openVaultApi(settings)).catch(() => error)) === undefined) throw over(settings);
    throw withVariable(error, settings);
  }
}

/** Whoever set the variable for another purpose would look for the fault elsewhere. */
function withVariable(error: unknown, settings: VaultSettings): unknown {
  if (!isVariable(settings) || !denials.some((code) => isFailure(error, code)) || !isFailure(error)) return error;
  const { code, message, hint, exit, fields, cause } = error;
  const variable = settings.tokenSource ?? "";
  const advice = { say: `this is by the token of ${variable}; to go by your own sign-in`, run: `unset ${variable}` };
  return new SshTrustError(code, message, [advice, ...hint], exit, fields, { cause });
}
