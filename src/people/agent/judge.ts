/** What may be offered on a connection, by all that was said on it of the sessions that use it. */
import type { AccessRule } from "../../fleet/fleet.js";
import type { StoredFleet } from "../../fleet/stored.js";
import type { SessionBind } from "../../ssh/agent/session-bind.js";
import { byPermissions } from "../login/hop.js";
import { rulesOf, type Me } from "../me.js";
import { fleetHost, type FleetHost } from "./host.js";

export interface Reach {
  readonly host: FleetHost;
  /** The hosts over which the agent was forwarded, the first one first. */
  readonly over: readonly FleetHost[];
  /** By which the person may log in; at least one. The one that permits most comes first: ssh uses the first that fits. */
  readonly rules: readonly AccessRule[];
}

export interface NoReach {
  readonly problem: string;
  /** Whether what Vault says now may say otherwise. */
  readonly mayBeNew: boolean;
}

/** What was said on a connection, in its order. */
export interface Said {
  readonly binds: readonly SessionBind[];
  /** Of a bind that was refused: nothing on the connection is believed any more. */
  readonly broken: string | undefined;
}

/** As many as OpenSSH's ssh-agent takes. */
export const mostBinds = 16;

/** What can be told without any fleet. @returns undefined where nothing is wrong */
export function problemOfBinds({ binds, broken }: Said): string | undefined {
  if (broken !== undefined) return broken;
  if (binds.length > mostBinds) return `the client named more than ${String(mostBinds)} hosts on one connection`;
  const last = binds.at(-1);
  if (last === undefined) return "the client did not say which host it talks to; OpenSSH 8.9 and later do";
  if (binds.slice(0, -1).some(({ forwarded }) => !forwarded)) return "the client named a second host on the same connection";
  if (last.forwarded) return "a host to which the agent is forwarded asked for itself";
  return undefined;
}

export function judge(said: Said, me: Me, stored: StoredFleet, now: Date): Reach | NoReach {
  const problem = problemOfBinds(said);
  if (problem !== undefined) return { problem, mayBeNew: false };
  const hosts: FleetHost[] = [];
  for (const bind of said.binds) {
    const host = fleetHost(bind, stored, now);
    if ("problem" in host) return bind.forwarded ? { ...host, problem: `forwarded over a host: ${host.problem}` } : host;
    hosts.push(host);
  }
  const host = hosts.at(-1);
  if (host === undefined) throw new TypeError("no bind"); // not reached
  const over = hosts.slice(0, -1);
  const mine = rulesOf(stored.fleet, me);
  const closed = over.find(({ group }, at) => hosts.slice(at + 1).some((next) => !mayForward(mine, group.name, next.group.name)));
  if (closed !== undefined) {
    const target = `${host.name} (${host.group.name})`;
    return {
      problem: `no rule of ${me.name} forwards an agent from ${closed.name} (${closed.group.name}) to ${target}`,
      mayBeNew: true,
    };
  }
  const rules = mine.filter(({ on }) => on === host.group.name).sort(byPermissions);
  if (rules.length === 0)
    return { problem: `no rule lets ${me.name} log in to ${host.name} (${host.group.name})`, mayBeNew: true };
  return { host, over, rules };
}

const mayForward = (rules: readonly AccessRule[], from: string, to: string) =>
  rules.some((rule) => rule.on === from && rule.with.includes("agent-forwarding") && rule.forwardTo.includes(to));
