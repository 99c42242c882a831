/** The kept sign-ins, as the agent uses them. */
import type { KeptSignIn } from "../../people/agent/member.js";
import type { Session } from "../../people/session/session.js";
import { tokenOf } from "../sign-in/kept-token.js";
import type { Surroundings } from "../sign-in/surroundings.js";

/**
 * Each sign-in with its token. A token helper is a program, and is asked once for each sign-in.
 * @returns a function, for each time when somebody logs in
 */
export function keptSignIns(around: Surroundings): () => Promise<readonly KeptSignIn[]> {
  const fromHelper = new Map<string, KeptSignIn["settings"]>();
  const settingsOf = async (session: Session) => {
    const { tokenHash } = session;
    const known = tokenHash === undefined ? undefined : fromHelper.get(tokenHash);
    if (known !== undefined) return known;
    const kept = await tokenOf(session, around, {}).catch(() => undefined); // as if it were not there: the next login asks again
    if (kept !== undefined && tokenHash !== undefined) fromHelper.set(tokenHash, kept.settings);
    return kept?.settings;
  };
  return async () => {
    const all = await Promise.all(
      (await around.sessions.all()).map(async (session) => {
        const settings = await settingsOf(session);
        return settings === undefined ? [] : [{ settings, until: session.until }];
      }),
    );
    return all.flat();
  };
}
