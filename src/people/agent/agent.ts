/**
 * The agent that makes a certificate for each login. It is in front of OpenSSH's ssh-agent, which holds the keys and signs. It learns from
 * the client which host that talks to, and offers certificates for hosts of the fleet only, of the rules of whoever is signed in.
 */
import { rename, rm } from "node:fs/promises";
import { fail, reasonOf } from "../../errors/catalogue.js";
import type { StoredFleet } from "../../fleet/stored.js";
import { systemCode } from "../../ground/system-error.js";
import { inodeOf, serveAgent } from "../../ssh/agent/serve.js";
import { openConversation } from "./conversation.js";
import { askStatus, serveControl, type ControlHandlers } from "./control.js";
import { openDecisions } from "./decisions.js";
import { openKeyHolder } from "./key-holder.js";
import { noticeOf, openMember, reservedRules, type KeptSignIn, type Known } from "./member.js";
import { openMembers } from "./members.js";
import { openNotice, type Notice } from "./notice.js";
import type { AgentPlace } from "./place.js";

export interface AgentOptions {
  readonly place: AgentPlace;
  /** Of the package. */
  readonly version: string;
  /** The sign-ins that are kept at this moment. */
  readonly signIns: () => Promise<readonly KeptSignIn[]>;
  /** Keeps that a token was renewed, for so many seconds from now. */
  readonly renewed: (signIn: KeptSignIn, seconds: number, stored: StoredFleet) => Promise<void>;
  /** Another fleet than before, or the first one. @returns what is to be noted of what was done with it */
  readonly learned: (signIn: KeptSignIn, stored: StoredFleet) => Promise<readonly string[]>;
  /** Gets each decision as a line. */
  readonly write: (line: string) => void;
  /** Called once it can be asked. */
  readonly ready?: () => void;
}

/** How often reserves are looked at, in milliseconds. */
const pace = 20_000;
/** How many looks are left out at most, one after the other, while Vault does not sign. */
const longestRest = 15;

/**
 * Runs until the signal.
 * @throws AGENT_RUNS where one does already; AGENT_NO_PLACE, LOGIN_AGENT_FAILED, TOOL_MISSING
 */
export async function runAgent(options: AgentOptions, signal: AbortSignal): Promise<void> {
  const { place, version, signIns, renewed, learned, write } = options;
  const since = new Date();
  const decisions = openDecisions(write);
  const stopping = new AbortController();
  await using holder = openKeyHolder();
  await holder.connection(); // where ssh-agent is missing, that is told now
  let notice: Notice | undefined;
  const members = openMembers({
    signIns,
    open: (kept) =>
      openMember(kept, {
        holder,
        renewed: (seconds: number, { stored }: Known) => renewed(kept, seconds, stored),
        asked: notify,
        learned: ({ me, stored }: Known) => {
          decisions.tell("note", `${me.name} is signed in at ${kept.settings.address}`);
          void learned(kept, stored)
            .catch((error: unknown) => [`the ssh configuration could not be updated: ${reasonOf(error)}`])
            .then((notes) => {
              for (const note of notes) decisions.tell("note", note);
            });
        },
      }),
  });

  /** What plain ssh is told. A look that waited long knows less than one that began after it: the newest members count. */
  function notify(): void {
    notice?.tell(noticeOf(members.last.filter(({ until }) => until === undefined || until > Date.now())));
  }

  /** Of rules by their names, why they have no reserve: told when it changes. */
  const lacking = new Map<string, string>();
  /** Reserves are there before they are needed. */
  const look = async () => {
    const without = new Map<string, string>();
    const all = await members.current();
    notify();
    for (const member of all) {
      const rules = reservedRules(member);
      if (rules.length === 0) continue;
      for (const { rule, error } of await member.certificates.fillReserves(rules)) without.set(rule.name, reasonOf(error));
    }
    for (const [name, reason] of without)
      if (lacking.get(name) !== reason) decisions.tell("note", `the reserve of ${name} was not signed: ${reason}`);
    lacking.clear();
    for (const [name, reason] of without) lacking.set(name, reason);
  };
  const status = () => ({
    version,
    pid: process.pid,
    since,
    socket: place.socket,
    signatures: members.signatures,
    counts: decisions.counts,
    people: members.last.map(({ address, known, until, problem, certificates }) => ({
      address,
      name: known?.me.name ?? null,
      until: until === undefined ? null : new Date(until),
      problem: problem ?? null,
      certificates: certificates.held.map(({ rule, kind, until: end }) => ({
        rule: rule.name,
        group: rule.on,
        accounts: rule.as,
        reserve: kind === "reserve",
        until: new Date(end),
      })),
    })),
    decisions: decisions.last,
  });

  const stop = () => {
    stopping.abort();
  };
  const control = await claim(place, { status, look, stop });
  try {
    await serve();
  } finally {
    await control[Symbol.asyncDispose]();
  }

  async function serve(): Promise<void> {
    const own = await inodeOf(place.control);
    notice = openNotice(place);
    const agent = await serveAgent(place.socket, { open: () => openConversation({ members, decisions }) });
    let looking: Promise<void> | undefined;
    /** Rounds that are left out, as Vault was away at the last ones. */
    let rest = 0;
    let failures = 0;
    const lookAgain = () => {
      looking ??= look()
        .catch(() => undefined)
        .finally(() => {
          looking = undefined;
          failures = lacking.size === 0 ? 0 : failures + 1;
          rest = Math.floor(Math.random() * Math.min(longestRest, 2 ** failures));
        });
    };
    lookAgain();
    const timer = setInterval(() => {
      if (rest > 0) rest -= 1;
      else lookAgain();
      for (const { certificates } of members.last) certificates.prune();
      // Nobody would find it any more, or another agent: whoever cleans folders up has taken its socket.
      void inodeOf(place.control).then((inode) => {
        if (inode === own) notify();
        else stop();
      });
    }, pace);
    options.ready?.();
    await aborted([signal, stopping.signal]);
    clearInterval(timer);
    await notice.end();
    await agent[Symbol.asyncDispose]();
  }
}

const aborted = (signals: readonly AbortSignal[]): Promise<void> =>
  new Promise((resolve) => {
    const over = () => {
      resolve();
    };
    if (signals.some((each) => each.aborted)) over();
    for (const each of signals) each.addEventListener("abort", over, { once: true });
  });

/**
 * Whoever has the socket of control is the agent. What one left behind that was killed is taken away.
 * @throws AGENT_RUNS, AGENT_SILENT, AGENT_NO_PLACE
 */
async function claim({ socket, control }: AgentPlace, handlers: ControlHandlers): Promise<AsyncDisposable> {
  for (;;) {
    try {
      const claimed = await serveControl(control, handlers);
      await rm(socket, { force: true });
      return claimed;
    } catch (error) {
      if (systemCode(error) !== "EADDRINUSE") throw fail("AGENT_NO_PLACE", { reason: reasonOf(error) }, error);
    }
    await refuseIfAlive(control, socket);
    // Another starter may have been quicker, and what is taken away may be its socket, not the old one.
    const taken = `${control}.${String(process.pid)}`;
    await rename(control, taken).catch(() => undefined);
    try {
      await refuseIfAlive(taken, socket);
      await rm(taken, { force: true });
    } catch (error) {
      await rename(taken, control);
      throw error;
    }
  }
}

async function refuseIfAlive(control: string, socket: string): Promise<void> {
  const running = await askStatus(control);
  if (running !== undefined) throw fail("AGENT_RUNS", { pid: String(running.pid), socket });
}
