/** The logins at the laptop that several chapters show. */
import type { Sight } from "../runner/story.js";

/** As everyone types it. */
export const login = (host: string) => `ssh admin-ssh-user@${host} whoami`;

/** Nothing is taken on trust. */
export const strictLogin = (host: string) => `ssh -o StrictHostKeyChecking=yes admin-ssh-user@${host} whoami`;

export const loggedIn = /^admin-ssh-user$/m;

/** Logged in, and no word of host keys. */
export const silent = {
  exit: 0,
  text: [loggedIn],
  without: ["authenticity", "Permanently added", "WARNING"],
} as const satisfies Sight;
