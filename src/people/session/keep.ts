/** From a token that was just given out to what is kept of it. */
import type { StoredFleet } from "../../fleet/stored.js";
import type { Where } from "../sign-in/where.js";
import type { Session } from "./session.js";

/**
 * @param seconds how long the token is valid; undefined: for ever
 * @param stored the fleet; undefined where it could not be read
 * @param now milliseconds since 1970
 * @returns a sign-in that lasts as long as the fleet says at most, also where its method is not the fleet's own
 */
export function sessionOf(
  where: Where,
  token: string | undefined,
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
    ...(token === undefined ? {} : { token }),
    ...(Number.isFinite(lasts) ? { until: now + lasts * 1000 } : {}),
    began: now,
  };
}

function longestOf({ fleet }: StoredFleet, { mount }: Where): number {
  const own = fleet.signIn.find(({ path }) => path === mount);
  return own?.ours === true ? own.session : fleet.session;
}
