/** Errors of people, their sign-in and their invitations. */
import type { Entry, Fields } from "./entry.js";
import { verb } from "./hint.js";

export const peopleErrors = {
  INVITATION_INVALID: {
    message: (p: Fields<"problem">) => `this is not an invitation that can be used: ${p.problem}`,
    hint: () => [
      { say: "take the whole file, as it was sent, from the first brace to the last" },
      { say: "or ask whoever invited you for another one", run: verb("people reset <name> --out <file>") },
    ],
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
