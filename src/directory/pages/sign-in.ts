/** Signing in, or what to do where the fleet has no provider to sign in with. */
import { markup } from "../../page/html.js";
import { encoded, ownPath } from "./address.js";
import { command } from "./copyable.js";
import { notice, renderPage } from "./layout.js";
import { oneLine, when } from "./words.js";

export interface SignInView {
  readonly canSignIn: boolean;
  /** The path that was asked for. One that is not of this directory is not gone to. */
  readonly back: string;
  /** Whom people sign in with, such as the provider's host name. */
  readonly provider?: string | undefined;
  /** Why one has to sign in again, as a sentence. */
  readonly reason?: string | undefined;
}

/** A link and no form: a policy that holds forms to this directory also stops a browser that a form sends on to the provider. */
export function renderSignInPage({ canSignIn, back, provider, reason }: SignInView): string {
  const path = ownPath(back);
  return renderPage({
    title: "Sign in",
    path,
    visitor: { person: undefined, canSignIn: false },
    main: markup`<div class="head">
        <h1>Sign in</h1>
        ${when(reason !== undefined, () => notice("old", markup`<p>${oneLine(reason ?? "", 600)}</p>`))}
      </div>
      <p>Who the fleet's people are may read its hosts here. The <a href="/trust">CAs' public keys</a> are there for anyone, without a sign-in.</p>
      ${canSignIn ? start(path, provider) : terminal()}`,
  });
}

const start = (path: string, provider: string | undefined) =>
  markup`<p><a class="button" href="/sign-in/start?back=${encoded(path)}">Sign in${provider === undefined ? "" : ` with ${oneLine(provider, 120)}`}</a></p>
    <p class="about">
      You are sent there and come back here. This directory learns who you are and nothing with which it could act for you; it asks for no password and
      no token of Vault.
    </p>
    <p>Or in a terminal, without a browser:</p>
    ${command({ id: "hosts", what: "the command" }, "ssh-trust hosts")}`;

const terminal = () =>
  markup`<p>
      This fleet has no OpenID provider, so nobody can sign in with a browser. Look at the hosts in a terminal: the command signs you in to
      Vault as always, and asks this directory.
    </p>
    ${command({ id: "hosts", what: "the command" }, "ssh-trust hosts")}
    <p class="about">Never paste a password or a token of Vault into a web page that asks for one. This one does not.</p>`;
