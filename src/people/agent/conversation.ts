/** One connection of a client: it is offered certificates for the host that it talks to, and has logins at that host signed. */
import { reasonOf } from "../../errors/catalogue.js";
import { formatDuration } from "../../ground/duration.js";
import type { Conversation } from "../../ssh/agent/serve.js";
import type { SessionBind } from "../../ssh/agent/session-bind.js";
import { readLoginProof } from "../../ssh/agent/sign-request.js";
import type { Handed } from "./certificates.js";
import type { Decisions } from "./decisions.js";
import { judge, problemOfBinds, type NoReach, type Reach } from "./judge.js";
import type { HeldCertificate } from "./kept-certificates.js";
import { nobody, type Member } from "./member.js";
import { soonest, type Members } from "./members.js";

export interface ConversationOptions {
  readonly members: Members;
  readonly decisions: Decisions;
  readonly now?: () => number;
}

interface Reached {
  readonly member: Member;
  readonly found: Reach;
}

export function openConversation({ members, decisions, now = Date.now }: ConversationOptions): Conversation {
  const binds: SessionBind[] = [];
  let broken: string | undefined;
  const offered = new Map<string, { readonly held: HeldCertificate; readonly where: string }>();
  const no = (kind: "nothing" | "refused", problem: string) => {
    decisions.tell(kind, problem);
    return new Error(problem);
  };

  /** @returns everybody who may log in there: two sign-ins may know the same host; or why nobody may */
  async function reach(): Promise<readonly Reached[] | string> {
    const problem = problemOfBinds({ binds, broken });
    if (problem !== undefined) return problem;
    const all = await members.current();
    const known = all.filter((member) => member.known !== undefined);
    if (known.length === 0) return all.find((each) => each.problem !== undefined)?.problem ?? nobody();
    const first = reachedBy(known);
    if (!("problem" in first)) return first;
    if (!first.mayBeNew) return first.problem;
    await Promise.all(known.map((member) => member.learn(soonest)));
    const second = reachedBy(known);
    return "problem" in second ? second.problem : second;
  }

  function reachedBy(known: readonly Member[]): readonly Reached[] | NoReach {
    const answers = known.flatMap((member) => {
      if (member.known === undefined) return [];
      const { me, stored } = member.known;
      return [{ member, found: judge({ binds, broken }, me, stored, new Date(now())) }];
    });
    const reached = answers.flatMap(({ member, found }) => ("problem" in found ? [] : [{ member, found }]));
    if (reached.length > 0) return reached;
    const refusals = answers.flatMap(({ found }) => ("problem" in found ? [found] : []));
    return {
      problem: [...new Set(refusals.map(({ problem }) => problem))].join("; ") || nobody(),
      mayBeNew: refusals.some(({ mayBeNew }) => mayBeNew),
    };
  }

  return {
    bind(bind) {
      if (broken !== undefined) throw new Error(broken); // it is told already, and nothing more is kept
      binds.push(bind);
      const problem = problemOfBinds({ binds: [...binds.slice(0, -1), { ...bind, forwarded: false }], broken });
      if (problem === undefined) return;
      broken = problem;
      throw no("refused", problem);
    },
    badBind(problem) {
      if (broken === undefined) decisions.tell("refused", problem);
      broken ??= problem;
    },
    async identities() {
      const reached = await reach();
      if (typeof reached === "string") {
        decisions.tell("nothing", reached);
        return [];
      }
      const [first] = reached;
      if (first === undefined) return [];
      const { host, over } = first.found;
      const where = `${host.name} (${host.group.name})${over.length === 0 ? "" : ` over ${over.map(({ name }) => name).join(", ")}`}`;
      const wanted = reached.flatMap(({ member, found }) => found.rules.map((rule) => ({ member, rule })));
      const made = await Promise.allSettled(wanted.map(({ member, rule }) => member.certificates.for(rule)));
      const handed = made.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
      const failed = made.flatMap((each) => (each.status === "rejected" ? [reasonOf(each.reason)] : []));
      if (handed.length > 0) decisions.tell("offered", `${where}: ${handed.map((each) => describe(each, now())).join("; ")}`);
      for (const reason of new Set(failed)) decisions.tell("nothing", `${where}: ${reason}`);
      if (failed.length > 0) for (const { member } of reached) void member.learn(soonest);
      return handed.map(({ held }) => {
        offered.set(held.blob.toString("base64"), { held, where });
        return { blob: held.blob, comment: `ssh-trust: ${held.rule.name}` };
      });
    },
    async sign({ key, data, flags }) {
      const found = offered.get(key.toString("base64"));
      if (found === undefined) throw no("refused", "a signature by a key that was not offered on this connection");
      const { held, where } = found;
      const proof = readLoginProof(data, (problem) => no("refused", `${where}: what is to be signed: ${problem}`));
      const problem = problemOf(proof, held);
      if (problem !== undefined) throw no("refused", `${where}: ${problem}`);
      const signature = await held.holder.sign(key, data, flags).catch((error: unknown) => {
        throw no("refused", `${where}: ${reasonOf(error)}`);
      });
      decisions.tell("signed", `${proof.user} at ${where}, by ${held.rule.name}${held.kind === "reserve" ? " (reserve)" : ""}`);
      return signature;
    },
  };

  function problemOf(
    { sessionId, user, key, algorithm, hostKey }: ReturnType<typeof readLoginProof>,
    { blob, rule }: HeldCertificate,
  ): string | undefined {
    const last = binds.at(-1);
    const unbound = problemOfBinds({ binds, broken });
    if (unbound !== undefined || last === undefined) return unbound ?? "no session was named";
    if (!sessionId.equals(last.sessionId)) return "a login in another session than the one that was named";
    if (!key.equals(blob)) return "a login with another key than the one that is to sign";
    if (algorithm !== algorithmOf(blob)) return "a login with another algorithm";
    if (hostKey !== undefined && !hostKey.equals(last.hostKey)) return "a login at another host than the one that was named";
    if (!rule.as.includes(user)) return `a login as ${user}, which the rule ${rule.name} does not have`;
    return undefined;
  }
}

const algorithmOf = (blob: Buffer) => blob.toString("latin1", 4, 4 + blob.readUInt32BE());

function describe({ held, how, away }: Handed, now: number): string {
  const left = formatDuration(Math.max(0, Math.round((held.until - now) / 1000)));
  const what =
    how === "new" ? "signed now" : how === "again" ? "used again" : `the reserve, as Vault could not be asked (${away ?? ""})`;
  return `${held.rule.name} (${held.rule.as.join(", ")}), ${what}, valid for ${left}`;
}
