/** Why a sign-in was refused, as errors of the catalogue. */
import { randomUUID } from "node:crypto";
import { fail, type SshTrustError } from "../../errors/catalogue.js";
import { printable } from "../../ground/printable.js";
import type { Refused, SignInApi } from "../../vault/sign-in.js";
import { describeJwt } from "./describe-jwt.js";
import type { Credentials } from "./methods.js";

/** What was refused before a second factor was asked for. */
export async function whyRefused(api: SignInApi, credentials: Credentials, refused: Refused): Promise<SshTrustError> {
  const { address } = api;
  const { mount } = credentials;
  const reason = printable(refused.reason);
  if ("password" in credentials) {
    const { user, method } = credentials;
    if (refused.status !== 403) return fail("SIGN_IN_REFUSED", { user, address, method });
    // Vault says the same to somebody who is locked and where nothing is mounted.
    return (await isMounted(api, credentials))
      ? fail("SIGN_IN_LOCKED", { user, address, method })
      : notThere(mount, method, address);
  }
  const { method } = credentials;
  if (refused.status === 403 && !/claim|token|signature/i.test(reason)) return notThere(mount, method, address);
  if (credentials.method === "approle") return fail("SIGN_IN_ROBOT_REFUSED", { method, mount, address, reason, shown: "" });
  const shown = describeJwt(credentials.jwt);
  const safe = reason.replaceAll(credentials.jwt, "(the token)");
  return fail("SIGN_IN_ROBOT_REFUSED", { method, mount, address, reason: safe, shown: shown === "" ? "" : ` (${shown})` });
}

const notThere = (mount: string, method: string, address: string) => fail("SIGN_IN_METHOD_MISSING", { mount, method, address });

/** Somebody who does not exist is not locked. */
async function isMounted(api: SignInApi, { mount }: Credentials): Promise<boolean> {
  const answer = await api.begin(`auth/${mount}/login/nobody-${randomUUID()}`, { password: "none" });
  return answer.kind !== "refused" || answer.status !== 403;
}

/** What was refused of a second factor: with the reason where Vault tells it. OpenBao tells it of most only as not supplied or incorrect. */
export function whyCodeRefused({ reason }: Refused, now: Date): SshTrustError {
  if (/maximum .*validation attempts/i.test(reason)) return fail("SIGN_IN_CODES_LOCKED", undefined);
  if (/not supplied or incorrect|failed to validate|passcode|credentials not supplied/i.test(reason))
    return fail("SIGN_IN_CODE_REFUSED", { seconds: String(secondsToNextCode(now)) });
  return fail("SIGN_IN_FACTOR_REFUSED", { reason: printable(reason) });
}

/** Codes change every half minute (RFC 6238). */
const period = 30;
export const secondsToNextCode = (now: Date): number => period - (Math.floor(now.getTime() / 1000) % period);
