/** Errors of any command. */
import type { Entry, Fields } from "./entry.js";

export const generalErrors = {
  USAGE: {
    message: (p: Fields<"what">) => p.what,
    hint: (p: Fields<"help">) => `see: ${p.help}`,
    exit: 2,
  },
  OPTION_KEPT_BY_NPM: {
    message: (p: Fields<"options">) => `npm kept ${p.options} for itself: what does not stand behind "--" is npm's`,
    hint: (p: Fields<"call" | "options">) => `write it behind: ${p.call} … ${p.options}`,
    exit: 2,
  },
  SETTING_INVALID: {
    message: (p: Fields<"name" | "value" | "problem">) => `${p.name}=${p.value}: ${p.problem}`,
    hint: (p: Fields<"name">) => `unset ${p.name} to use the lab's own value, or correct it`,
    exit: 2,
  },
  INTERNAL: {
    message: (p: Fields<"what">) => `unexpected: ${p.what}`,
    hint: () => "run it again with --debug and report what it prints",
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
