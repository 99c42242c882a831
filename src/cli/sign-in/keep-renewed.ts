/** A sign-in whose token Vault renewed. */
import type { StoredFleet } from "../../fleet/stored.js";
import { prolonged } from "../../people/session/keep.js";
import { hashOf } from "../../people/session/session.js";
import type { Surroundings } from "./surroundings.js";

/**
 * It lasts longer here, too; one that a logout ends at that moment stays ended.
 * @param seconds how long the token is valid now
 */
export async function keepRenewed(
  { sessions }: Pick<Surroundings, "sessions">,
  token: string,
  seconds: number,
  stored: StoredFleet | undefined,
): Promise<void> {
  const session = (await sessions.all()).find((each) => each.token === token || each.tokenHash === hashOf(token));
  if (session !== undefined) await sessions.replace(session, prolonged(session, seconds, stored, Date.now()));
}
