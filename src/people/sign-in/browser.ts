/**
 * Signing in with OpenID Connect: a browser goes to the identity provider, and comes back to a port of this machine with a code, which
 * Vault changes for a token. https://developer.hashicorp.com/vault/docs/auth/jwt#oidc-authentication
 */
import { randomBytes } from "node:crypto";
import { fail, type SshTrustError } from "../../errors/catalogue.js";
import { printable } from "../../ground/printable.js";
import type { Refused, SignInAnswer, SignInApi } from "../../vault/sign-in.js";
import type { Where } from "./where.js";

/** Where the browser comes back to: the fleet's role allows it. */
export const callback = { port: 8250, path: "/oidc/callback" } as const;
const redirect = `http://localhost:${String(callback.port)}${callback.path}`;

export interface BrowserSignIn {
  /** Where the person has to go. */
  readonly address: string;
  /** What the browser came back with: the query of the address it ended at. @throws OIDC_REFUSED, OIDC_OTHER_SIGN_IN, VAULT_… */
  readonly finish: (query: URLSearchParams) => Promise<SignInAnswer>;
}

/** @throws OIDC_ROLE_REFUSED, SIGN_IN_METHOD_MISSING, VAULT_… */
export async function beginInBrowser(api: SignInApi, { mount, role, settings }: Where): Promise<BrowserSignIn> {
  const nonce = randomBytes(32).toString("base64url");
  const begun = await api.browserAddress(mount, { role, redirect_uri: redirect, client_nonce: nonce });
  if (begun.kind === "refused") {
    if (begun.status === 403) throw fail("SIGN_IN_METHOD_MISSING", { mount, method: "oidc", address: settings.address });
    throw fail("OIDC_ROLE_REFUSED", { role, mount, reason: printable(begun.reason) });
  }
  if (begun.address === "") throw fail("OIDC_ROLE_REFUSED", { role, mount, reason: `it does not allow ${redirect}` });
  const address = URL.canParse(begun.address) ? new URL(begun.address) : undefined;
  const state = address?.searchParams.get("state") ?? "";
  if (address === undefined || !/^https?:$/.test(address.protocol) || state === "")
    throw fail("OIDC_ROLE_REFUSED", { role, mount, reason: "the address that it names is not that of a sign-in" });
  return {
    address: address.href,
    finish: async (query) => {
      // Any page can send this browser here: neither its refusal nor its sign-in, which would make this person another, is taken.
      if (query.get("state") !== state) throw fail("OIDC_OTHER_SIGN_IN", undefined);
      const refused = query.get("error");
      if (refused !== null) {
        const why = query.get("error_description");
        throw fail("OIDC_REFUSED", { reason: printable(why === null ? refused : `${refused}: ${why}`).slice(0, 300) });
      }
      const code = query.get("code");
      if (code === null) throw fail("OIDC_OTHER_SIGN_IN", undefined);
      return api.finishInBrowser(mount, { state, code, client_nonce: nonce });
    },
  };
}

/** The query of what somebody pasted: the whole address, or what follows its question mark. */
export function queryOf(pasted: string): URLSearchParams {
  const at = pasted.indexOf("?");
  return new URLSearchParams(pasted.slice(at + 1).trim());
}

/** Why Vault gave no token for what the browser brought back. */
export function whyNotCompleted({ status, reason }: Refused, { mount, settings: { address } }: Where): SshTrustError {
  // Of somebody whose entity is disabled; all else is told as 400.
  if (status === 403) return fail("OIDC_PERSON_REFUSED", { mount, address });
  const plain = printable(reason)
    .replace(/^\w+ login failed\. /, "")
    .replaceAll('\\"', '"');
  // Providers leave the claim out for somebody who is in none of their groups.
  const claim = /failed to fetch groups: "(.*)" claim not found/.exec(plain)?.[1];
  if (claim !== undefined) return fail("OIDC_WITHOUT_GROUPS", { claim });
  return fail("OIDC_NOT_COMPLETED", { address, reason: plain });
}
