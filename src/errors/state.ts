/** Errors of Terraform's state: where it is kept, who holds it, what is wrong with it. */
import type { Entry, Fields } from "./entry.js";
import { docsPage, verb } from "./hint.js";

export const stateErrors = {
  STATE_LOCKED: {
    message: (p: Fields<"who" | "since">) => `Terraform's state has been locked by ${p.who} since ${p.since}`,
    hint: (p: Readonly<{ id: string | undefined; binary: string; dir: string }>) => [
      ...(p.id === undefined
        ? [{ say: "wait until that apply has ended, which unlocks the state; then run the same command again" }]
        : [
            { say: "wait until that apply has ended; if it was killed, unlock the state" },
            { say: "", run: `${p.binary} -chdir=${p.dir} force-unlock ${p.id}` },
          ]),
    ],
    exit: 1,
  },
  STATE_UNREACHABLE: {
    message: (p: Fields<"reason">) => `Terraform's state cannot be reached where it is kept: ${p.reason}`,
    hint: () => [
      {
        say: 'nothing was changed; make sure that what "state" in the fleet file names exists, and can be read and written from here',
      },
      { say: "and that its credentials are in the environment; for the variables, see", run: docsPage("fleet.md") },
    ],
    exit: 1,
  },
  STATE_ENCRYPTION_OTHER: {
    message: (p: Fields<"reason">) => `Terraform's state is not encrypted as this apply expects: ${p.reason}`,
    hint: () => ({
      say: "nothing was changed; use OpenTofu (TERRAFORM_BINARY_NAME), with the TF_ENCRYPTION that the state was written with, or without one if there was none",
    }),
    exit: 1,
  },
  STATE_NOT_SAVED: {
    message: (p: Fields<"reason">) => `Vault was changed, and Terraform's state could not be saved: ${p.reason}`,
    hint: (p: Readonly<{ binary: string; dir: string; file: string | undefined }>) => [
      { say: "make sure that it can be written, and that its disk has room" },
      ...(p.file === undefined
        ? []
        : [{ say: "then push it, and apply again", run: `${p.binary} -chdir=${p.dir} state push ${p.file}` }]),
      { say: `${p.file === undefined ? "then" : "or"} take over what Vault has`, run: verb("apply --adopt") },
    ],
    exit: 1,
  },
  STATE_CHANGED: {
    message: () => "somebody else applied after this was planned: Terraform's state has changed",
    hint: () => ({ say: "nothing was changed; see what would change now", run: verb("apply --plan") }),
    exit: 1,
  },
  STATE_DAMAGED: {
    message: (p: Fields<"file" | "reason">) => `Terraform's state ${p.file} cannot be read: ${p.reason}`,
    /** What a command says is quoted already. */
    hint: (p: Readonly<{ quoted: string; backup: string | undefined; away: string }>) => [
      ...(p.backup === undefined
        ? []
        : [{ say: "restore the one before, which Terraform kept", run: `mv ${p.backup} ${p.quoted}` }]),
      { say: `${p.backup === undefined ? "" : "or "}move it away`, run: `mv ${p.quoted} ${p.away}` },
      { say: "and take over what Vault has", run: verb("apply --adopt") },
    ],
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
