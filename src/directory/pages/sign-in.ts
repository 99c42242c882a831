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
      <p>People of the fleet can see its hosts here. The <a href="/trust">public keys of its CAs</a> can be read without signing in.</p>
      ${canSignIn ? start(path, provider) : terminal()}`,
  });
}

const start = (path: string, provider: string | undefined) =>
  markup`<p><a class="button" href="/sign-in/start?back=${encoded(path)}">Sign in${provider === undefined ? "" : ` with ${oneLine(provider, 120)}`}</a></p>
    <p class="about">
      You sign in there and come back here. The directory learns who you are, and gets nothing that it could use in your name. It never asks for
      a password or a Vault token.
    </p>
    <p>Or in a terminal, without a browser:</p>
    ${command({ id: "hosts", what: "the command" }, "ssh-trust hosts")}`;

const terminal = () =>
  markup`<p>
      This fleet has no OpenID provider, so nobody can sign in with a browser. Look at the hosts in a terminal instead: the command signs you in to
      Vault as usual, and asks this directory.
    </p>
    ${command({ id: "hosts", what: "the command" }, "ssh-trust hosts")}
    <p class="about">Do not paste a password or a Vault token into a web page that asks for one. This directory never does.</p>`;
