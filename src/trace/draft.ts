/** A trace while it is being read from the log: what is known so far, and the entries. */
import type { Certificate } from "../ssh/certificate.js";
import type { EntryKind } from "./entry-kinds.js";
import type { Identity, Place, Revoked, SkippedKey, UnusableKey } from "./events.js";
import type { LogLine } from "./log.js";
import type { Entry, Fact, Mark, Stage } from "./trace.js";

/**
 * wanted: the host would take it, and nothing is signed yet; locked: there was no terminal to ask for its passphrase; unusable: ssh, or
 * the agent, did not sign with it, and said why.
 */
export type Outcome = "open" | "wanted" | "accepted" | "declined" | "locked" | "unusable";

/** What later decides why a login was refused. */
export interface Findings {
  host: string;
  port: string;
  user: string;
  /** HostKeyAlias: what ssh looks up instead of `host` and `port`. */
  hostKeyAlias?: string;
  /** A program is the way there, such as the ssh to a jump host. */
  proxied: boolean;
  /** What the host presented. */
  hostKey?: { readonly type: string; readonly fingerprint: string };
  /** The host's version was read. */
  greeted: boolean;
  linesBeforeVersion: string[];
  /** Why there was no connection to one address of the host, and to the next. */
  notConnected: string[];
  certificateRefused?: string;
  /** The fingerprint of the CA that signed the presented certificate; "" where the log does not say. */
  ca?: string;
  hostUnknown: boolean;
  asked: boolean;
  changed: boolean;
  offending?: Place;
  revoked?: Revoked;
  /** The methods that the server takes, as it last said. */
  methods: string;
  /** The keys that ssh has, by the names of their files: it may not get as far as all of them. */
  planned: string[];
  tried: { readonly identity: Identity; outcome: Outcome }[];
  /** What ssh named as files of keys before the host said anything. */
  identityFiles: string[];
  otherMethods: string[];
  keysUnusable: UnusableKey[];
  keysSkipped: SkippedKey[];
  partial: boolean;
  /** What ssh says without being asked for details. */
  complaints: string[];
}

/** What makes an entry, but for its time. */
export interface NewEntry {
  readonly stage: Stage;
  readonly kind: EntryKind;
  readonly way: Entry["way"];
  readonly what: string;
  readonly message?: string;
  readonly facts?: readonly Fact[];
  readonly mark?: Mark;
}

/** An entry that more lines may belong to. */
type Open = Omit<Entry, "kind" | "took" | "at" | "what" | "mark" | "lines" | "facts"> & {
  kind: EntryKind;
  at: number;
  what: string;
  mark?: Mark;
  readonly lines: number[];
  readonly facts: Fact[];
};

export class Draft {
  stage: Stage = "setup";
  /** The host said that the person is logged in. */
  authenticated = false;
  /** ssh began the session. */
  loggedIn = false;
  exitStatus: number | undefined;
  /** The authentication method that is being tried. */
  method = "none";
  /** What the next SSH_MSG_USERAUTH_REQUEST carries. */
  nextRequest: "none" | "probe" | "signature" | "other" = "none";
  signing = "";
  /** What the host remarked during the session. */
  readonly remarks = new Set<string>();
  readonly findings: Findings = {
    host: "",
    port: "",
    user: "",
    proxied: false,
    greeted: false,
    linesBeforeVersion: [],
    notConnected: [],
    hostUnknown: false,
    asked: false,
    changed: false,
    methods: "",
    planned: [],
    tried: [],
    identityFiles: [],
    otherMethods: [],
    keysUnusable: [],
    keysSkipped: [],
    partial: false,
    complaints: [],
  };
  readonly entries: Open[] = [];
  /** Lines that belong to the next entry. */
  #waiting: number[] = [];
  #line = 0;

  constructor(
    readonly log: readonly LogLine[],
    readonly certificates: ReadonlyMap<string, Certificate>,
  ) {}

  /** Every line is announced before its event is told. */
  goTo(line: number): void {
    this.#line = line;
  }

  get at(): number {
    return this.log[this.#line]?.at ?? 0;
  }

  add(entry: NewEntry): Open {
    const { facts = [], ...rest } = entry;
    const added: Open = { at: this.at, ...rest, facts: [...facts], lines: [...this.#waiting, this.#line] };
    this.#waiting = [];
    this.entries.push(added);
    this.stage = entry.stage;
    return added;
  }

  /** The line says more of the last entry. */
  extend(...facts: readonly Fact[]): void {
    const last = this.entries.at(-1);
    last?.lines.push(this.#line);
    last?.facts.push(...facts);
  }

  /** The line belongs to the entry that comes next. */
  keep(): void {
    this.#waiting.push(this.#line);
  }

  /** The last entry, if it is of one of these kinds. */
  last(...kinds: readonly EntryKind[]): Open | undefined {
    const last = this.entries.at(-1);
    return last !== undefined && kinds.includes(last.kind) ? last : undefined;
  }
}
