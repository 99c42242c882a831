/** Signs in, asking whatever was not given along. */
import { fail, isFailure } from "../../errors/catalogue.js";
import { signIn } from "../../people/sign-in/sign-in.js";
import type { Where } from "../../people/sign-in/where.js";
import type { SignInSettings } from "../../settings/sign-in.js";
import { atTty } from "../../terminal/tty.js";
import { openSignIn, type Auth, type SignInApi } from "../../vault/sign-in.js";
import { readSecret } from "../read-secret.js";
import { waitingForVault } from "../waiting-for-vault.js";
import { asked, codeAskerFor, confirmElsewhere, credentialsFor, fitting } from "./credentials.js";
import type { LoginOptions } from "./options.js";

export interface SignedInNow extends Auth {
  /** Who signed in with userpass or ldap: the next time, the name is known. */
  readonly user: string | undefined;
}

/** @returns the token; of one that was given, `seconds` is 0 and its accessor is not known */
export async function signInAt(
  where: Where,
  options: LoginOptions,
  { jwt, desktop }: SignInSettings,
  signal: AbortSignal,
): Promise<SignedInNow> {
  const api = tellingOfWaits(openSignIn(where.settings));
  if (where.method === "token") return { ...(await givenToken(options)), user: undefined };
  if (where.method === "oidc") {
    const { signInByBrowser } = await import("./by-browser.js");
    return { ...(await signInByBrowser(api, where, options, desktop, signal)), user: undefined };
  }
  const codes = await codeAskerFor(options);
  for (let attempt = 1; ; attempt++) {
    const credentials = await credentialsFor(api, where, options, jwt);
    try {
      const auth = await signIn(api, credentials, { ...codes, confirmElsewhere });
      return { ...auth, user: "user" in credentials ? credentials.user : undefined };
    } catch (error) {
      // What was typed is typed once more; what is in a file is what it is.
      const typed = "password" in credentials && options.passwordFile === undefined;
      if (!typed || !isFailure(error, "SIGN_IN_REFUSED") || attempt === tries) throw error;
      await atTty((tty) => {
        tty.tell(error.message);
        return Promise.resolve();
      });
    }
  }
}

/** Vault locks a name for a while after five wrong passwords. */
const tries = 3;

const problemOfToken = (text: string) => (/^[\x21-\x7e]+$/.test(text) ? undefined : "this is not a token");

async function givenToken({ tokenFile }: LoginOptions): Promise<Auth> {
  const token =
    tokenFile === undefined
      ? await asked("the token", "--method token --token-file <file>", (tty) =>
          fitting(tty, () => tty.hidden("token: "), problemOfToken),
        )
      : await readSecret(tokenFile);
  const problem = problemOfToken(token);
  if (problem !== undefined) throw fail("USAGE", { what: problem, help: { verb: "login --help" } });
  return { token, accessor: "", seconds: 0 };
}

/** The same, and whoever waits is told for what. */
export function tellingOfWaits(api: SignInApi): SignInApi {
  const during = <T>(work: Promise<T>): Promise<T> => waitingForVault(api.address, () => work);
  return {
    address: api.address,
    checkReady: () => during(api.checkReady()),
    begin: (...args) => during(api.begin(...args)),
    prove: (...args) => during(api.prove(...args)),
    browserAddress: (...args) => during(api.browserAddress(...args)),
    finishInBrowser: (...args) => during(api.finishInBrowser(...args)),
    lookUpWrapped: (...args) => during(api.lookUpWrapped(...args)),
    unwrap: (...args) => during(api.unwrap(...args)),
  };
}
