/** Errors of signing in with OpenID Connect, in a browser. */
import type { Entry, Fields } from "./entry.js";
import { docsPage, vaultCall, verb } from "./hint.js";

export const oidcErrors = {
  OIDC_ROLE_REFUSED: {
    message: (p: Fields<"role" | "mount" | "reason">) =>
      `Vault does not start a sign-in with the role "${p.role}" of "${p.mount}": ${p.reason}`,
    hint: (p: Fields<"role" | "mount">) => [
      {
        say: "choose the role and the mount that your operator names",
        run: verb("login --method oidc --role <name> --mount <path>"),
      },
      { say: "an operator sees what the role allows", run: vaultCall(`vault read auth/${p.mount}/role/${p.role}`) },
    ],
    exit: 1,
  },
  OIDC_REFUSED: {
    message: (p: Fields<"reason">) => `the identity provider refused the sign-in: ${p.reason}`,
    hint: () => ({ say: "sign in again, with your own account in the browser", run: verb("login --method oidc") }),
    exit: 1,
  },
  OIDC_NOT_COMPLETED: {
    message: (p: Fields<"address" | "reason">) =>
      `the identity provider let you in, but Vault at ${p.address} did not complete the sign-in: ${p.reason}`,
    hint: () => [
      { say: "sign in again: the browser's answer can be used once, within a few minutes", run: verb("login --method oidc") },
      { say: "if it happens again, tell your operator the reason", run: docsPage("sign-in.md") },
    ],
    exit: 1,
  },
  OIDC_WITHOUT_GROUPS: {
    message: (p: Fields<"claim">) =>
      `the identity provider let you in, but did not say which groups you are in (the claim "${p.claim}")`,
    hint: () => [
      {
        say: "ask your identity provider's administrator to put you into a group, then sign in again",
        run: verb("login --method oidc"),
      },
      {
        say: "if this happens to everybody, the provider requires a scope for it: scopes of sign-in.oidc in the fleet file",
        run: docsPage("fleet.md"),
      },
    ],
    exit: 1,
  },
  OIDC_PERSON_REFUSED: {
    message: (p: Fields<"address" | "mount">) =>
      `the identity provider let you in, but Vault at ${p.address} does not: you were removed there (auth/${p.mount})`,
    hint: () => ({ say: "ask your operator: an administrator of Vault can enable your entity again" }),
    exit: 1,
  },
  OIDC_OTHER_SIGN_IN: {
    message: () => "the address from the browser belongs to another sign-in, or is incomplete",
    hint: () => ({
      say: "copy the whole address that the browser ended at, from http to the last letter",
      run: verb("login --method oidc --no-browser"),
    }),
    exit: 1,
  },
  OIDC_PORT_TAKEN: {
    message: (p: Fields<"port" | "reason">) =>
      `port ${p.port} of this machine, to which the browser returns, is in use: ${p.reason}`,
    hint: () => [{ say: "end the other sign-in, or sign in without that port", run: verb("login --method oidc --no-browser") }],
    exit: 1,
  },
  OIDC_NOBODY_CAME: {
    message: (p: Fields<"minutes">) => `no browser returned within ${p.minutes} minutes`,
    hint: () => ({ say: "if the browser is on another machine", run: verb("login --method oidc --no-browser") }),
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
