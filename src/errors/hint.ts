/**
 * What to do next, as data: what is said, and the command that does it. Each face words the commands that are this project's
 * own: an installed `ssh-trust` is called otherwise than one in a checkout.
 */

/** A verb of the `ssh-trust` command with its arguments, such as "offline-ca list --dir ca/SSH": the name of the program is left out. */
export interface Verb {
  readonly verb: string;
}

/** A line of shell that goes to the server of VAULT_ADDR, whichever an error is about: it calls `vault`, `bao` or `terraform`. */
export interface VaultCall {
  readonly vault: string;
}

/** A page of this package's docs, to be read: "fleet.md". */
export interface DocsPage {
  readonly page: string;
}

/** A command: a line of shell, a verb of `ssh-trust`, a call of Vault's own command, or a page that is opened. */
export type Run = string | Verb | VaultCall | DocsPage;

/** One thing to do: "look at it", and `ssh-keygen -L -f <file>`. */
export interface Advice {
  /** Lower case, no full stop; "" where the command says enough. */
  readonly say: string;
  readonly run?: Run;
}

export type Hint = readonly Advice[];

/** Stands in a command for Vault's address, where an error does not know it. */
export const exampleAddress = "https://vault.example.org:8200";

export const verb = (words: string): Verb => ({ verb: words });
export const vaultCall = (line: string): VaultCall => ({ vault: line });
/** For whoever may have been reset, or not have used an invitation yet: Vault does not tell either from a password that is wrong. */
export const withInvitation: Advice = {
  say: "if you have a new invitation",
  run: { verb: "login --invitation <file>" },
};
export const docsPage = (page: string): DocsPage => ({ page });

/**
 * A command as it is typed.
 * @param program what `ssh-trust` is called here
 * @param docs the folder of this package's docs
 */
export function typed(run: Run, program: string, docs = "docs"): string {
  if (typeof run === "string") return run;
  if ("verb" in run) return `${program} ${run.verb}`;
  return "vault" in run ? run.vault : `less ${docs}/${run.page}`;
}

/** A hint in one line. @param shown how a command is written */
export function hintText(hint: Hint, shown: (run: Run) => string): string {
  return hint
    .map(({ say, run }) => [say, ...(run === undefined ? [] : [shown(run)])].filter((part) => part !== "").join(": "))
    .join("; ");
}
