/** Signing in with OpenID Connect, at the terminal's side. */
import { execa } from "execa";
import { beginInBrowser, queryOf, whyNotCompleted, type BrowserSignIn } from "../../people/sign-in/browser.js";
import { listenForBrowser } from "../../people/sign-in/listen.js";
import { proved } from "../../people/sign-in/sign-in.js";
import type { Where } from "../../people/sign-in/where.js";
import { talk } from "../../terminal/report.js";
import type { Auth, SignInAnswer, SignInApi } from "../../vault/sign-in.js";
import { asked, codeAskerFor, confirmElsewhere } from "./credentials.js";
import type { LoginOptions } from "./options.js";

/** What a person has to sign in at the provider, in seconds; Vault forgets a sign-in after ten minutes. */
const patience = 300;

/** @throws OIDC_…, SIGN_IN_…, VAULT_… */
export async function signInByBrowser(
  api: SignInApi,
  where: Where,
  options: LoginOptions,
  desktop: boolean,
  signal: AbortSignal,
): Promise<Auth> {
  const codes = await codeAskerFor(options);
  const begin = async (problem?: string): Promise<SignInAnswer> => {
    if (problem !== undefined) talk(`${problem}\nA code can be tried again only after another sign-in in the browser.`);
    const begun = await beginInBrowser(api, where);
    return options.browser === false ? byHand(begun) : byPort(begun, desktop, signal);
  };
  return proved(api, begin, { ...codes, confirmElsewhere }, (refused) => Promise.resolve(whyNotCompleted(refused, where)));
}

async function byPort(begun: BrowserSignIn, desktop: boolean, signal: AbortSignal): Promise<SignInAnswer> {
  await using listening = await listenForBrowser();
  talk(`sign in here, in a browser on this machine:\n\n  ${begun.address}\n`);
  if (desktop) openBrowser(begun.address);
  return await listening.first({ take: begun.finish, pageFor: ({ kind }) => pages[kind] }, patience, signal);
}

/** Vault can refuse what the provider agreed to. */
const pages = { token: "done", "second-factor": "more", refused: "failed" } as const;

/** The provider sends the browser to a page that is not there; its address is all that is needed. */
async function byHand(begun: BrowserSignIn): Promise<SignInAnswer> {
  talk(
    `sign in here, in a browser on any machine:\n\n  ${begun.address}\n\n` +
      "At the end it shows a page that cannot be reached, at http://localhost:8250. Copy that page's whole address.",
  );
  const pasted = await asked("the address that the browser ended at", "--method oidc", (tty) => tty.line("address: "));
  return begun.finish(queryOf(pasted));
}

/** Where that does not work, the person opens the address. */
function openBrowser(address: string): void {
  if (!/^https?:/.test(address)) return;
  const program = process.platform === "darwin" ? "open" : "xdg-open";
  execa(program, [address], { stdio: "ignore", detached: true, cleanup: false }).catch(() => undefined);
}
