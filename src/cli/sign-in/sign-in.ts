/** Signs in, asking whatever was not given along. */
import { fail } from "../../errors/catalogue.js";
import { signIn } from "../../people/sign-in/sign-in.js";
import type { Where } from "../../people/sign-in/where.js";
import type { SignInSettings } from "../../settings/sign-in.js";
import { duringPlainly } from "../../terminal/report.js";
import { openSignIn, type Auth, type SignInApi } from "../../vault/sign-in.js";
import { readSecret } from "../read-secret.js";
import { asked, codeAsker, confirmElsewhere, credentialsFor } from "./credentials.js";
import type { LoginOptions } from "./options.js";

/** @returns the token; of one that was given, `seconds` is 0 and its accessor is not known */
export async function signInAt(
  where: Where,
  options: LoginOptions,
  { jwt, desktop }: SignInSettings,
  signal: AbortSignal,
): Promise<Auth> {
  const api = tellingWhoWaits(openSignIn(where.settings));
  if (where.method === "token") return givenToken(options);
  if (where.method === "oidc") {
    const { signInByBrowser } = await import("./by-browser.js");
    return signInByBrowser(api, where, options, desktop, signal);
  }
  const credentials = await credentialsFor(where, options, jwt);
  return signIn(api, credentials, { ...codeAsker(options), confirmElsewhere });
}

async function givenToken({ tokenFile }: LoginOptions): Promise<Auth> {
  const token =
    tokenFile === undefined
      ? await asked("the token", "--method token --token-file <file>", (tty) => tty.hidden("token: "))
      : await readSecret(tokenFile);
  if (!/^[\x21-\x7e]+$/.test(token)) throw fail("USAGE", { what: "this is not a token", help: { verb: "login --help" } });
  return { token, accessor: "", seconds: 0 };
}

/** Whoever waits for more than a second is told for what. */
export function tellingWhoWaits(api: SignInApi): SignInApi {
  const during = <T>(work: Promise<T>): Promise<T> => duringPlainly(`waiting for Vault at ${api.address}`, () => work);
  return {
    address: api.address,
    begin: (...args) => during(api.begin(...args)),
    prove: (...args) => during(api.prove(...args)),
    browserAddress: (...args) => during(api.browserAddress(...args)),
    finishInBrowser: (...args) => during(api.finishInBrowser(...args)),
    lookUpWrapped: (...args) => during(api.lookUpWrapped(...args)),
    unwrap: (...args) => during(api.unwrap(...args)),
  };
}
