/** A login, laid out: what happened when, in the phases of the SSH handshake. */
import type { Hint } from "../errors/hint.js";
import type { EntryKind } from "./entry-kinds.js";
import type { LogLine } from "./log.js";

/** RFC 4253 (setup, host), RFC 4252 (user), RFC 4254 (session). The first three are the handshake's phases. */
export type Stage = "setup" | "host" | "user" | "session";

export const stageNames: Readonly<
  Record<Stage, { readonly number?: 1 | 2 | 3; readonly title: string; readonly about: string }>
> = {
  setup: {
    number: 1,
    title: "Setup",
    about: "Both sides say which version of the protocol they speak, and agree on algorithms. Nothing is encrypted yet.",
  },
  host: {
    number: 2,
    title: "Key exchange and host authentication",
    about:
      "Two keys that live for this connection only give both sides the same secret. The host signs the exchange with its host " +
      "key, and the client decides whether that key is the right one. Then encryption starts.",
  },
  user: {
    number: 3,
    title: "User authentication",
    about:
      "Inside the encrypted channel the person proves who they are: first a question whether a key would do (the probe), " +
      "then a signature with it.",
  },
  session: { title: "Session", about: "What the login was for: a command, and how it ended." },
};

/** "phase 2, key exchange and host authentication" */
export const spokenStage = (stage: Stage): string => {
  const { number, title } = stageNames[stage];
  return number === undefined ? "the session" : `phase ${String(number)}, ${title.toLowerCase()}`;
};

export interface Entry {
  readonly stage: Stage;
  readonly kind: EntryKind;
  /** Milliseconds since ssh was started. */
  readonly at: number;
  /** Milliseconds since the entry before: so long it took to happen. */
  readonly took: number;
  /** Who says it: the client, the server, both; "here" is what the client does or decides without a message. */
  readonly way: "client" | "server" | "both" | "here";
  /** In plain words, which may change; parts of it may be a stranger's text. */
  readonly what: string;
  /** The message's name in the RFCs, such as "SSH_MSG_KEXINIT"; left out where there is none. */
  readonly message?: string;
  readonly facts: readonly Fact[];
  readonly mark?: Mark;
  /** Indices of the log's lines that it was read from. */
  readonly lines: readonly number[];
}

/** proof: it counts for the login; doubt: it counts against; lock: encryption starts; refused: the end. */
export type Mark = "proof" | "doubt" | "lock" | "refused";

export type Fact = readonly [name: string, value: string];

export interface Phase {
  readonly stage: Stage;
  /** Milliseconds since ssh was started, and how many it lasted. */
  readonly from: number;
  readonly took: number;
  readonly entries: readonly Entry[];
}

export interface Refusal {
  readonly stage: Stage;
  /** Permanent names; the rules in `refusals/`. */
  readonly kind: string;
  /** Lower case, no full stop. */
  readonly reason: string;
  /** What helps; parts of it may be a stranger's text. */
  readonly hint: Hint;
}

export interface Trace {
  /** As it was asked for. */
  readonly destination: string;
  readonly command: string;
  /** Such as "OpenSSH_9.2p1". */
  readonly version: string;
  readonly startedAt: Date;
  /** Until ssh ended, in milliseconds. */
  readonly took: number;
  /** Those that were reached. */
  readonly phases: readonly Phase[];
  /** Undefined: the login succeeded. */
  readonly refusal: Refusal | undefined;
  /** The remote command's exit status, where it was reported. */
  readonly exitStatus: number | undefined;
  /** ssh was stopped after so many seconds; undefined where it ended by itself. */
  readonly stoppedAfter: number | undefined;
  /** Characters that others wrote, and that were neither shown nor kept. */
  readonly leftOut: number;
  readonly log: readonly LogLine[];
}
