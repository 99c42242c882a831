/** What every page of the directory has: where one can go, who is signed in, how old it is. */
import { span } from "../../ground/moment.js";
import { renderServedDocument } from "../../page/document.js";
import { markup, type Html } from "../../page/html.js";
import type { Freshness } from "../contract.js";
import { encoded } from "./address.js";
import { script, style } from "./assets.js";
import { at, oneLine, when } from "./words.js";

export interface Visitor {
  /** Who is signed in; undefined: nobody. */
  readonly person: string | undefined;
  /** Whether there is a provider to sign in with. */
  readonly canSignIn: boolean;
}

interface Page {
  readonly title: string;
  readonly here?: "fleet" | "trust";
  /** Where the page is, to come back to after a sign-in. */
  readonly path: string;
  readonly visitor: Visitor;
  readonly main: Html;
}

export function renderPage({ title, here, path, visitor, main }: Page): string {
  const link = (to: string, name: string, isHere: boolean) =>
    isHere ? markup`<a href="${to}" aria-current="page">${name}</a>` : markup`<a href="${to}">${name}</a>`;
  const body = markup`<header class="site">
      <p class="kicker">ssh-trust directory</p>
      <nav aria-label="Directory">${link("/", "Fleet", here === "fleet")} ${link("/trust", "Trust", here === "trust")}</nav>
      ${signedIn(visitor, path)}
    </header>
    <main id="main" tabindex="-1">${main}</main>
    <footer>
      <p>
        The directory reads names and keys from the fleet's Vault. It cannot change them, and it cannot sign anything.
        <a href="/trust#check">How to check that this page is right</a>. All times are UTC.
      </p>
    </footer>
    <p id="said" class="unseen" role="status"></p>`;
  return renderServedDocument({
    title: `${oneLine(title, 300)} – ssh-trust directory`,
    assets: { style: style.path, script: script.path },
    skip: { to: "main", text: "Skip to the content" },
    body,
  });
}

function signedIn({ person, canSignIn }: Visitor, path: string): Html {
  if (person !== undefined) {
    return markup`<form class="who" method="post" action="/sign-out">
      <span>Signed in as <bdi>${oneLine(person, 120)}</bdi></span> <button type="submit">Sign out</button>
    </form>`;
  }
  return when(canSignIn, () => markup`<p class="who"><a href="/sign-in?back=${encoded(path)}">Sign in</a></p>`);
}

/** How old what is shown is; loud where Vault does not answer, or not all of it. */
export function freshnessNote({ asOf, age, stale, unlisted }: Freshness): Html {
  if (!stale) return markup`<p class="fresh">Read from Vault ${span(age)} ago, ${at(asOf)}.</p>`;
  return markup`<div class="notice old" role="alert">
    <p><strong>${unlisted === true ? "The directory cannot read from Vault which hosts there are." : "Vault does not answer."}</strong> This is the last known state, ${span(age)} old, from ${at(asOf)}. Later changes are missing.</p>
  </div>`;
}

export const notice = (kind: "old" | "no" | "yes" | "plain", content: Html): Html =>
  markup`<div class="notice ${kind}">${content}</div>`;

/** A part of a page, with a heading that links can lead to. */
export const titled = (id: string, title: string, content: Html): Html =>
  markup`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${content}
  </section>`;
