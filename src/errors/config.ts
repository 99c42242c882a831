/** Errors of what is written into a person's configuration of ssh. */
import type { Entry, Fields } from "./entry.js";
import { docsPage, verb } from "./hint.js";

export const configErrors = {
  CONFIG_NOT_WRITABLE: {
    message: (p: Fields<"file" | "reason">) => `${p.file} cannot be changed, so nothing was: ${p.reason}`,
    hint: (p: Fields<"line" | "what">) => [
      { say: `a program may manage this file: ${p.what} in its source, and run the same command again`, run: p.line },
      { say: "for details", run: docsPage("plain-ssh.md") },
    ],
    exit: 1,
  },
  CONFIG_NOT_A_FILE: {
    message: (p: Fields<"file" | "what">) => `${p.file} is ${p.what}, so it cannot be an ssh configuration`,
    hint: () => ({ say: "name the file that ssh reads, or one that it includes, with --file" }),
    exit: 1,
  },
  CONFIG_NOT_READ: {
    message: (p: Fields<"file" | "says">) => `ssh reports an error in ${p.file}, so nothing was changed\n${p.says}`,
    hint: (p: Fields<"mend" | "command">) => ({ say: `${p.mend}; then see what ssh says`, run: p.command }),
    exit: 1,
  },
  CONFIG_CHANGED: {
    message: (p: Fields<"file">) => `${p.file} has changed while this command ran, so it was left as it is`,
    hint: () => ({ say: "run the same command again" }),
    exit: 1,
  },
  CONFIG_PATH: {
    message: (p: Fields<"path" | "problem">) => `${p.path} cannot be used in an ssh configuration: ${p.problem}`,
    hint: (p: Fields<"variable">) => ({
      say: "use a folder whose path has letters, digits, blanks and / . _ - only",
      run: `export ${p.variable}=<folder>`,
    }),
    exit: 1,
  },
  CONFIG_FLEET: {
    message: (p: Fields<"problem">) => `the fleet has names that are not allowed in an ssh configuration: ${p.problem}`,
    hint: () => ({ say: "tell your operator, who corrects the fleet file and applies it", run: verb("apply") }),
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
