/**
 * What to do next, as data: what is said, and the command that does it. Each face words the commands that are this project's
 * own: an installed `ssh-trust` is called otherwise than one in a checkout.
 */

/** A verb of the `ssh-trust` command with its arguments, such as "offline-ca list --dir ca/SSH": the name of the program is left out. */
export interface Verb {
  readonly verb: string;
}

/** A command: a line of shell, or a verb of `ssh-trust`. */
export type Run = string | Verb;

/** One thing to do: "look at it", and `ssh-keygen -L -f <file>`. */
export interface Advice {
  /** Lower case, no full stop; "" where the command says enough. */
  readonly say: string;
  readonly run?: Run;
}

export type Hint = readonly Advice[];

export const verb = (words: string): Verb => ({ verb: words });

/** A command as it is typed. @param program what `ssh-trust` is called here */
export const typed = (run: Run, program: string): string => (typeof run === "string" ? run : `${program} ${run.verb}`);

/** A hint in one line. @param shown how a command is written */
export function hintText(hint: Hint, shown: (run: Run) => string): string {
  return hint
    .map(({ say, run }) => [say, ...(run === undefined ? [] : [shown(run)])].filter((part) => part !== "").join(": "))
    .join("; ");
}
