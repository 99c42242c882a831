/**
 * What a call of ssh asks for by name that a certificate has to permit: ssh(1). What the person's configuration has for all hosts
 * (LocalForward, ForwardAgent, …) is not asked for in this call: ssh goes on without it, and so it stays.
 */
import type { Permission } from "../../fleet/fleet.js";
import { readSshArguments } from "../../ssh/client/arguments.js";
import type { ClientConfig } from "../../ssh/client/config.js";

export interface AskedFor {
  readonly permission: Permission;
  /** As it was given: "-L", or "-o ForwardAgent". */
  readonly by: string;
}

const byLetter: Readonly<Record<string, Permission>> = {
  L: "port-forwarding",
  R: "port-forwarding",
  D: "port-forwarding",
  W: "port-forwarding",
  A: "agent-forwarding",
  X: "x11-forwarding",
  Y: "x11-forwarding",
};
const byOption: Readonly<Record<string, Permission>> = {
  localforward: "port-forwarding",
  remoteforward: "port-forwarding",
  dynamicforward: "port-forwarding",
  forwardagent: "agent-forwarding",
  forwardx11: "x11-forwarding",
};

export interface Surroundings {
  /** Without one, there is no agent to forward. */
  readonly hasAgent: boolean;
  /** DISPLAY: without one, ssh forwards no X11. */
  readonly hasDisplay: boolean;
}

/** Each permission once. @param config what ssh makes of all that was said: a later `-a` takes back an `-A` */
export function askedFor(
  args: readonly string[],
  { forwardAgent, forwardsX11 }: Pick<ClientConfig, "forwardAgent" | "forwardsX11">,
  { hasAgent, hasDisplay }: Surroundings,
): readonly AskedFor[] {
  const happens: Partial<Record<Permission, boolean>> = {
    "port-forwarding": true,
    "agent-forwarding": forwardAgent !== "no" && hasAgent,
    "x11-forwarding": forwardsX11 && hasDisplay,
  };
  const found = new Map<Permission, AskedFor>();
  for (const { letter, value } of readSshArguments(args).options) {
    const key = letter === "o" ? (/^\s*(\w+)/.exec(value)?.[1] ?? "") : "";
    const permission = letter === "o" ? byOption[key.toLowerCase()] : byLetter[letter];
    if (permission === undefined || happens[permission] !== true || found.has(permission)) continue;
    found.set(permission, { permission, by: letter === "o" ? `-o ${key}` : `-${letter}` });
  }
  return [...found.values()];
}

/**
 * Whether ssh will ask the host for a terminal. It goes on without one where that is refused.
 * @param isTerminal whether standard input is one
 */
export function asksForTerminal(args: readonly string[], { tty }: Pick<ClientConfig, "tty">, isTerminal: boolean): boolean {
  const { options, command } = readSshArguments(args);
  if (tty === "no" || options.some(({ letter }) => "NWs".includes(letter))) return false;
  const isAsked = options.some(({ letter }) => letter === "t");
  const isForced = tty === "force";
  return isForced || (isTerminal && (isAsked || command >= args.length));
}
