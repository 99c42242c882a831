/** Errors of any command. */
import type { Entry, Fields } from "./entry.js";
import type { Run } from "./hint.js";

export const generalErrors = {
  USAGE: {
    message: (p: Fields<"what">) => p.what,
    hint: (p: Readonly<{ help: Run }>) => ({ say: "see", run: p.help }),
    exit: 2,
  },
  SETTING_INVALID: {
    message: (p: Fields<"name" | "value" | "problem">) => `${p.name}=${p.value}: ${p.problem}`,
    hint: (p: Fields<"name">) =>
      p.name.startsWith("~")
        ? { say: "sign in again, which rewrites it", run: "vault login" }
        : { say: "correct it, or do without it", run: `unset ${p.name}` },
    exit: 2,
  },
  INTERNAL: {
    message: (p: Fields<"what">) => `unexpected: ${p.what}`,
    hint: () => ({ say: "run it again with --debug and report what it prints" }),
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
