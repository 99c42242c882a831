/**
 * Signing in with a browser, at the fleet's OpenID provider and by Vault, as people do in a terminal. Vault says who somebody is; the
 * token that it gives is ended at once, and never leaves this function.
 */
import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import { isFailure } from "../../errors/catalogue.js";
import { directoryCallback } from "../../fleet/vault-names.js";
import { printable } from "../../ground/printable.js";
import { revoke } from "../../people/session/end.js";
import { usualRole } from "../../people/sign-in/methods.js";
import { whoIs } from "../../people/me.js";
import { openVaultApi } from "../../vault/api.js";
import { openSignIn } from "../../vault/sign-in.js";
import { ownPath } from "../pages/address.js";
import { renderSignInPage } from "../pages/sign-in.js";
import { providerOf, type Directory, type DirectoryContext, type Env } from "./directory.js";
import { ownForms } from "./guards.js";
import { limitProofs } from "./limit.js";
import { mayRead, type Person } from "./readers.js";

export function signInRoutes(directory: Directory): Hono<Env> {
  const { address, vault, watch, sessions } = directory;
  const redirect = `${address}${directoryCallback}`;
  const provider = () => providerOf(watch.fleet().fleet);
  const api = openSignIn(vault);
  // Each has its own: who begins many sign-ins does not keep others from finishing theirs.
  const [countStart, countEnd] = [limitProofs({ watch }), limitProofs({ watch })];

  /** @param reason why it has to be done again */
  const page = (c: DirectoryContext, back: string, reason?: string) => {
    const method = provider();
    const name = method?.ours === true ? new URL(method.issuer).hostname : undefined;
    const html = renderSignInPage({ canSignIn: method !== undefined, back, provider: name, reason });
    return c.html(html, reason === undefined ? 200 : 403);
  };

  const app = new Hono<Env>();
  app
    .get("/sign-in", (c) => page(c, c.req.query("back") ?? "/"))
    .get("/sign-in/start", async (c) => {
      const back = ownPath(c.req.query("back") ?? "/");
      const method = provider();
      if (method === undefined) return page(c, back);
      await countStart(c);
      const nonce = randomBytes(32).toString("base64url");
      const begun = await api.browserAddress(method.path, { role: usualRole, redirect_uri: redirect, client_nonce: nonce });
      const to = begun.kind === "address" && URL.canParse(begun.address) ? new URL(begun.address) : undefined;
      const state = to?.searchParams.get("state") ?? "";
      if (to === undefined || !/^https?:$/.test(to.protocol) || state === "")
        return page(c, back, `Vault's OpenID role does not allow ${redirect}. Whoever applies the fleet file can mend that.`);
      await sessions.note(c, { nonce, state, back });
      return c.redirect(to.href, 303);
    })
    .get(directoryCallback, async (c) => {
      const noted = await sessions.noted(c);
      const { state, code, error, error_description: why } = c.req.query();
      // The button Back, another instance with another key, or somebody else's sign-in: it begins again.
      if (noted === undefined || state !== noted.state)
        return page(c, "/", "That sign-in has ended, or began in another browser. Sign in again.");
      if (error !== undefined || code === undefined)
        return page(c, noted.back, `The provider refused: ${printable(why ?? error ?? "it sent no code").slice(0, 300)}.`);
      const method = provider();
      await countEnd(c);
      const answer = await api.finishInBrowser(method?.path ?? "", { state, code, client_nonce: noted.nonce });
      if (answer.kind !== "token")
        return page(
          c,
          noted.back,
          answer.kind === "refused" ? refusal(answer.reason) : "Vault asks for a second factor, which only a terminal can give.",
        );
      const person = await personOf(answer.auth.token);
      if (person === undefined) return page(c, noted.back, "You are signed in at the provider, and in no group of this fleet.");
      await sessions.begin(c, person);
      return c.redirect(noted.back, 303);
    })
    .post("/sign-out", ownForms(directory), (c) => {
      sessions.end(c);
      return c.redirect("/sign-in", 303);
    });
  return app;

  async function personOf(token: string): Promise<Person | undefined> {
    const mine = openVaultApi({ ...vault, token, tokenSource: "a sign-in at the directory" });
    try {
      const me = await whoIs(mine);
      return me !== undefined && mayRead(me) ? { name: printable(me.name).slice(0, 128) } : undefined;
    } finally {
      await revoke(mine).catch((error: unknown) => {
        if (!isFailure(error)) throw error; // it ends by itself within the hour
      });
    }
  }
}

const refusal = (reason: string) =>
  `Vault refused: ${printable(reason)
    .replace(/^\w+ login failed\. /, "")
    .slice(0, 300)}.`;
