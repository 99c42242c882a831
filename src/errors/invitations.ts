/** Errors of invitations: making them, and taking them. */
import type { Entry, Fields } from "./entry.js";
import { verb, type Advice } from "./hint.js";

/** A reset makes another one; nobody tells the one before. */
const newer: Advice = { say: "if you got a newer invitation since, use that", run: verb("login --invitation <file>") };

const askForAnother = (user: string): Advice => ({
  say: "otherwise ask the person who invited you for a new one: they run",
  run: verb(`people reset ${user} --out <file>`),
});

export const invitationsErrors = {
  INVITATION_INVALID: {
    message: (p: Fields<"problem">) => `this is not an invitation that can be used: ${p.problem}`,
    hint: () => [
      { say: "take the whole file, as it was sent, from the first brace to the last" },
      { say: "or ask the person who invited you for another one: they run", run: verb("people reset <name> --out <file>") },
    ],
    exit: 1,
  },
  INVITATION_FILE_EXISTS: {
    message: (p: Fields<"file">) =>
      `${p.file} already exists, and is never overwritten: somebody may still need the invitation in it`,
    hint: () => ({ say: "name another with --out, or delete it if it has been used" }),
    exit: 1,
  },
  PASSWORD_UNFIT: {
    message: (p: Fields<"problem">) => `this password cannot be used: ${p.problem}`,
    hint: () => ({
      say: "choose another one, of 8 characters or more, and run the same command again: the invitation was not opened",
    }),
    exit: 2,
  },
  INVITATION_UNREADABLE: {
    message: (p: Fields<"file" | "reason">) => `the invitation ${p.file} cannot be read: ${p.reason}`,
    hint: (p: Readonly<{ how: Advice }>) => p.how,
    exit: 1,
  },
  INVITATION_OPENED: {
    message: (p: Fields<"user" | "file">) =>
      `the invitation of ${p.user} in ${p.file} was opened already. If that was not you, somebody else may be signing in as you`,
    hint: (p: Fields<"user">) => [
      newer,
      { say: "if you opened this one, and finished, you have a password and a second factor", run: verb("login") },
      { say: "if you stopped before that, ask the person who invited you for a new one" },
      {
        say: "if somebody else did, tell the person who invited you at once: they run this, which locks that person out",
        run: verb(`people reset ${p.user} --out <file>`),
      },
    ],
    exit: 1,
  },
  INVITATION_EXPIRED: {
    message: (p: Fields<"user" | "file" | "until">) => `the invitation of ${p.user} in ${p.file} expired at ${p.until}`,
    hint: (p: Fields<"user">) => [newer, askForAnother(p.user)],
    exit: 1,
  },
  INVITATION_HALF_TAKEN: {
    message: (p: Fields<"user" | "reason">) =>
      `the invitation of ${p.user} was opened, and the password could not be set: ${p.reason}. It cannot be opened again`,
    hint: (p: Fields<"user">) => [newer, askForAnother(p.user)],
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
