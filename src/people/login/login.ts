/** A login with ssh to a host of the fleet: who may, by which rules, and what ssh is called with. */
import { readSshArguments, withoutOption } from "../../ssh/client/arguments.js";
import type { ClientConfig } from "../../ssh/client/config.js";
import { ownAgentSocket } from "../../settings/login.js";
import { groupOfName } from "../access.js";
import type { SignedIn } from "../signed-in.js";
import { askedFor, asksForTerminal } from "./asked-for.js";
import { prepareHost, type PreparedHost } from "./prepared-host.js";
import { forwarding } from "./forwarding.js";
import { hopTo, type Hop } from "./hop.js";
import type { Jump } from "./jumps.js";
import { proxyCommand } from "./proxy-command.js";
import { strictOptions } from "./strict-options.js";

export interface LoginRequest {
  /** ssh's, all of them. */
  readonly args: readonly string[];
  readonly config: ClientConfig;
  /** Of readJumps. */
  readonly jumps: readonly Jump[];
  /** The rule to use on the host itself. */
  readonly rule?: string | undefined;
  /** Whether standard input is a terminal. */
  readonly isTerminal: boolean;
  /** Whether there is a screen for X11 (DISPLAY). */
  readonly hasDisplay: boolean;
}

export interface Login extends AsyncDisposable {
  /** What ssh is called with. */
  readonly args: readonly string[];
  /** What the person may wonder about, where there is anything. */
  readonly notes: readonly string[];
}

/**
 * Has a certificate signed for each host of the fleet on the way, and for nothing else on it.
 * @throws what hopTo throws, before anything is signed; what prepareHost throws
 */
export async function openLogin(
  signedIn: SignedIn,
  { args, config, jumps, rule, isTerminal, hasDisplay }: LoginRequest,
): Promise<Login> {
  const { fleet } = signedIn.stored;
  const needs = askedFor(args, config, { hasAgent: ownAgentSocket() !== undefined, hasDisplay });
  const prefersTerminal = asksForTerminal(args, config, isTerminal);
  const hop = hopTo(fleet, signedIn.me, config, { rule, needs, prefersTerminal });
  const hops = jumps.map((jump) =>
    groupOfName(fleet, jump.config.name) === undefined ? undefined : hopTo(fleet, signedIn.me, jump.config, { goesOn: true }),
  );
  const { hasKnownHostsCommand, hasGssKeyExchange } = config;
  const prepared = await prepareAll(signedIn, [...hops, hop]);
  const optionsOf = (each: Hop | undefined, at: number, forwardAgent: string): readonly string[] => {
    const host = prepared[at];
    return each === undefined || host === undefined
      ? [] // not of the fleet: as ssh does it
      : strictOptions({ ...host, name: each.name, forwardAgent, hasKnownHostsCommand, hasGssKeyExchange });
  };
  // Jump hosts that are all elsewhere are ssh's own to reach.
  const ours = hops.some((each) => each !== undefined);
  const through = jumps.map((jump, at) => [...optionsOf(hops[at], at, "no"), ...jump.args]);
  const { forwardAgent, given } = await forwarding(config.forwardAgent, args);
  return {
    args: [
      ...optionsOf(hop, jumps.length, forwardAgent),
      ...(ours
        ? ["-o", `ProxyCommand=${proxyCommand(through)}`, "-o", "ProxyUseFdpass=no", ...withoutOption(given, "J")]
        : given),
    ],
    notes:
      prefersTerminal && !hop.rule.with.includes("pty")
        ? [`the rule ${hop.rule.name} permits no terminal: ssh goes on without one`]
        : [],
    [Symbol.asyncDispose]: () => closeAll(prepared),
  };
}

/** Options that ssh gives to the ssh of its jump hosts, too. */
export function generalOptions(args: readonly string[]): readonly string[] {
  const { options } = readSshArguments(args);
  const file = options.filter(({ letter }) => letter === "F").at(-1);
  return [...(file === undefined ? [] : ["-F", file.value]), ...options.filter(({ letter }) => letter === "v").map(() => "-v")];
}

/** @returns undefined for what is not of the fleet */
async function prepareAll(
  signedIn: SignedIn,
  hops: readonly (Hop | undefined)[],
): Promise<readonly (PreparedHost | undefined)[]> {
  const opening = await Promise.allSettled(
    hops.map((each) => (each === undefined ? Promise.resolve(undefined) : prepareHost(signedIn, each))),
  );
  const prepared = opening.map((each) => (each.status === "fulfilled" ? each.value : undefined));
  const failed = opening.find((each) => each.status === "rejected");
  if (failed === undefined) return prepared;
  await closeAll(prepared);
  throw failed.reason;
}

async function closeAll(prepared: readonly (PreparedHost | undefined)[]): Promise<void> {
  await Promise.all(prepared.map(async (each) => each?.[Symbol.asyncDispose]()));
}
