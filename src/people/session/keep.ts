/** From a token that was just given out to what is kept of it. */
import type { StoredFleet } from "../../fleet/stored.js";
import type { Where } from "../sign-in/where.js";
import { hashOf, type Session } from "./session.js";

/**
 * @param byHelper whether the vault command's token helper keeps the token
 * @param seconds how long the token is valid; undefined: for ever
 * @param stored the fleet; undefined where it could not be read
 * @param now milliseconds since 1970
 * @returns a sign-in that lasts as long as the fleet says at most, also where its method is not the fleet's own
 */
export function sessionOf(
  where: Where,
  token: string,
  byHelper: boolean,
  seconds: number | undefined,
  stored: StoredFleet | undefined,
  now: number,
): Session {
  const { settings, method, mount, role, user } = where;
  const most = stored === undefined ? undefined : longestOf(stored, where);
  const lasts = Math.min(seconds ?? Infinity, most ?? Infinity);
  return {
    address: settings.address,
    namespace: settings.namespace,
    tls: settings.tls,
    method,
    mount,
    ...(user === undefined ? {} : { user }),
    ...(method === "oidc" || method === "jwt" ? { role } : {}),
    ...(byHelper ? { tokenHash: hashOf(token) } : { token }),
    ...(Number.isFinite(lasts) ? { until: now + lasts * 1000 } : {}),
    began: now,
  };
}

/** After a renewal: as long as the token is valid, and no longer than the fleet says. */
export function prolonged(session: Session, seconds: number, stored: StoredFleet | undefined, now: number): Session {
  const atMost = stored === undefined ? Infinity : session.began + longestOf(stored, session) * 1000;
  return { ...session, until: Math.min(now + seconds * 1000, atMost) };
}

function longestOf({ fleet }: StoredFleet, { mount }: Pick<Where, "mount">): number {
  const own = fleet.signIn.find(({ path }) => path === mount);
  return own?.ours === true ? own.session : fleet.session;
}
