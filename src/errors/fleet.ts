/** Errors of the fleet file. */
import type { Entry, Fields } from "./entry.js";
import { docsPage, verb, type Advice } from "./hint.js";

export const fleetErrors = {
  FLEET_FILE_MISSING: {
    message: (p: Fields<"file" | "reason">) => `the fleet file ${p.file} cannot be read: ${p.reason}`,
    hint: (p: Readonly<{ how: Advice }>) => p.how,
    exit: 1,
  },
  FLEET_FILE_INVALID: {
    message: (p: Fields<"file" | "count" | "mistakes">) => `${p.file} has ${p.count}\n${p.mistakes}`,
    hint: () => [
      { say: "every key with an example", run: docsPage("fleet.md") },
      { say: "an editor that uses .ssh-trust/schema.json checks the file as you type" },
    ],
    exit: 1,
  },
  FLEET_FILE_EXISTS: {
    message: (p: Fields<"file">) => `${p.file} already exists, and is never overwritten`,
    hint: () => ({ say: "edit it, or write another", run: verb("init --file <file>") }),
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
