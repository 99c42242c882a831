/** The kept sign-ins, as the agent uses them. */
import type { KeptSignIn } from "../../people/agent/member.js";
import type { Session } from "../../people/session/session.js";
import { tokenOf } from "../sign-in/kept-token.js";
import type { Surroundings } from "../sign-in/surroundings.js";

/** A token helper that failed is left alone for so long: it may be one that asks somebody. In milliseconds. */
const pause = 60_000;

/**
 * Each sign-in with its token. A token helper is a program, and is asked once for each sign-in.
 * @returns a function, for each time when somebody logs in
 */
export function keptSignIns(around: Surroundings): () => Promise<readonly KeptSignIn[]> {
  /** When a token helper failed, by the hash of the token that was wanted. */
  const failed = new Map<string, number>();
  const fromHelper = new Map<string, KeptSignIn["settings"]>();
  const settingsOf = async (session: Session) => {
    const { tokenHash } = session;
    const known = tokenHash === undefined ? undefined : fromHelper.get(tokenHash);
    if (known !== undefined) return known;
    if (tokenHash !== undefined && (failed.get(tokenHash) ?? -Infinity) > Date.now() - pause) return undefined;
    try {
      // What the environment said when the agent was started is not about a server that somebody signs in at later.
      const kept = await tokenOf(session, around, { keptTlsFirst: true });
      if (kept !== undefined && tokenHash !== undefined) fromHelper.set(tokenHash, kept.settings);
      return kept?.settings;
    } catch {
      if (tokenHash !== undefined) failed.set(tokenHash, Date.now());
      return undefined;
    }
  };
  return async () => {
    const sessions = await around.sessions.all();
    for (const hash of fromHelper.keys()) if (!sessions.some(({ tokenHash }) => tokenHash === hash)) fromHelper.delete(hash);
    const all = await Promise.all(
      sessions.map(async (session) => {
        const settings = await settingsOf(session);
        return settings === undefined ? [] : [{ settings, until: session.until }];
      }),
    );
    return all.flat();
  };
}
