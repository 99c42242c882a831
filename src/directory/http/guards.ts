/** What is looked at before any route: who asks, from where, and whether they ask this directory. */
import { getConnInfo } from "@hono/node-server/conninfo";
import type { MiddlewareHandler } from "hono";
import { csrf } from "hono/csrf";
import { fail } from "../../errors/catalogue.js";
import type { Directory, Env } from "./directory.js";
import { addressesIn, clientAddress, plainAddress } from "./client-address.js";
import { isIP } from "node:net";

/** Notes who asks, by address. @param proxies ranges of proxies that may say whom they ask for */
export function whoAsks({ watch }: Directory, proxies: readonly string[]): MiddlewareHandler<Env> {
  const isProxy = addressesIn(proxies);
  let open: { readonly ranges: readonly string[]; readonly has: (address: string) => boolean } | undefined;
  return async (c, next) => {
    const peer = plainAddress(getConnInfo(c).remote.address ?? "");
    const client = clientAddress(peer, c.req.header("x-forwarded-for"), isProxy);
    // What a proxy asks for nobody in particular is counted by itself.
    c.set("client", client ?? `behind ${peer}`);
    const ranges = openTo(watch);
    if (open?.ranges !== ranges) open = { ranges, has: addressesIn(ranges) };
    // A proxy that was not named as one asks for somebody else, whoever that is.
    const isHidden = !isProxy(peer) && signsOfProxy.some((name) => c.req.header(name) !== undefined);
    c.set("isOpen", client !== undefined && !isHidden && open.has(client));
    await next();
  };
}

/** Headers that only proxies send: RFC 7239, RFC 9110 7.6.3, and those of before. */
const signsOfProxy = ["x-forwarded-for", "x-real-ip", "forwarded", "via"];

const none: readonly string[] = [];

function openTo(watch: Directory["watch"]): readonly string[] {
  return watch.stored()?.fleet.directory?.openTo ?? none;
}

/**
 * A page elsewhere can have a browser ask this address by a name of its own (DNS rebinding): only the directory's own name is answered,
 * and addresses, which nobody can rebind.
 */
export function ownName({ address }: Directory): MiddlewareHandler<Env> {
  const own = new URL(address).hostname;
  return async (c, next) => {
    const host = hostOf(c.req.header("host") ?? "");
    if (![own, "localhost"].includes(host) && isIP(host) === 0) throw fail("DIRECTORY_MISDIRECTED", undefined);
    await next();
  };
}

const hostOf = (header: string): string =>
  header
    .toLowerCase()
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");

/**
 * Takes forms of the directory's own pages only. Behind a proxy that ends TLS, the address of the request is not the one that the browser
 * knows; a browser that says Sec-Fetch-Site says all.
 */
export function ownForms({ address }: Directory): MiddlewareHandler<Env> {
  const own = new URL(address).origin;
  return csrf({ origin: (origin, c) => origin === own || origin === new URL(c.req.url).origin });
}

/** Notes who is signed in with a browser: Vault is not asked. */
export const whoHasSession =
  ({ sessions }: Directory): MiddlewareHandler<Env> =>
  async (c, next) => {
    c.set("person", await sessions.person(c));
    await next();
  };

/**
 * Lets nobody in but those who may read: by a session, an identity token, or a token of Vault. Tokens are looked at only here: where anybody
 * may read, they would have Vault asked for nothing.
 * @throws DIRECTORY_SIGN_IN_NEEDED; DIRECTORY_TOKEN_REFUSED; DIRECTORY_STARTING while nobody can say who may
 */
export function mayRead({ watch, readers, countLookup }: Directory): MiddlewareHandler<Env> {
  return async (c, next) => {
    watch.fleet();
    const bearer = /^bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    const token = c.req.header("x-vault-token");
    if (bearer !== undefined) c.set("person", await readers.byIdentity(bearer));
    else if (token !== undefined && token !== "") c.set("person", await readers.byVaultToken(token, () => countLookup(c)));
    if (!c.get("isOpen") && c.get("person") === undefined) throw fail("DIRECTORY_SIGN_IN_NEEDED", undefined);
    await next();
  };
}
