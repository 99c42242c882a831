/** What a refusal is told from, and the words that all of them use. */
import type { Advice, Hint } from "../../errors/hint.js";
import type { Certificate } from "../../ssh/certificate.js";
import type { Findings } from "../draft.js";
import type { Stage } from "../trace.js";

export interface Ending extends Findings {
  /** The phase in which it ended. */
  readonly stage: Stage;
  /** Seconds after which it was stopped; undefined where it ended by itself. */
  readonly stoppedAfter: number | undefined;
  /** What does not fit together in ssh's log, so that lines of it are the host's. */
  readonly contradiction: string | undefined;
  /** Lines of the log before the login are missing. */
  readonly flooded: boolean;
  /** What others wrote last, such as the ssh of a jump host; "" for nothing. */
  readonly othersLast: string;
  /** The offered certificates, by `idOf`, as far as they could be read, and when that was. */
  readonly certificates: ReadonlyMap<string, Certificate>;
  readonly time: Date;
  /** The fingerprints of the keys that the files of known_hosts revoke for the host, as far as that is known. */
  readonly revokedKeys: ReadonlySet<string>;
}

export type Told = readonly [reason: string, hint: Advice | Hint];

/** A kind of refusal in a phase: its reason and what helps, where it fits. */
export type Rule = readonly [kind: string, stage: Stage | "any", tell: (ending: Ending) => Told | undefined];

/** What a complaint of ssh's says, if one of them fits. */
export function complaint({ complaints }: Ending, pattern: RegExp): RegExpExecArray | undefined {
  for (const text of complaints) {
    const found = pattern.exec(text);
    if (found !== null) return found;
  }
  return undefined;
}

/**
 * ssh did not get the key's passphrase: there was no terminal, it did not ask (BatchMode), or nobody typed it. What is in an agent has none.
 */
export const isLocked = ({ outcome, identity }: Ending["tried"][number]): boolean =>
  outcome === "locked" || (outcome === "wanted" && !identity.agent);

/** Where it was tried: "web.example.org, port 22". */
export function at({ host, port }: Ending): string {
  if (host === "") return "the other end";
  return port === "" ? host : `${host}, port ${port}`;
}

/** OpenSSH's words in the middle of a sentence. */
export const lower = (text: string): string => text.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
