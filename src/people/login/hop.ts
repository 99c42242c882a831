/** A host of the fleet that is logged in to, and the rule by which. */
import { fail } from "../../errors/catalogue.js";
import { verb, type Advice } from "../../errors/hint.js";
import type { AccessRule, Fleet, HostGroup } from "../../fleet/fleet.js";
import { printable } from "../../ground/printable.js";
import { shellWord } from "../../ground/shell-word.js";
import type { ClientConfig } from "../../ssh/client/config.js";
import { askForAccess, accountsInWords, describeGroups, groupOfName } from "../access.js";
import { rulesOf, type Me } from "../me.js";
import type { AskedFor } from "./asked-for.js";

export interface Hop {
  /** What its certificate has to say. */
  readonly name: string;
  readonly account: string;
  readonly group: HostGroup;
  readonly rule: AccessRule;
}

export interface HopRequest {
  /** The rule to use; undefined: the one that permits most. */
  readonly rule?: string | undefined;
  /** Whether ssh goes on from there, as from a jump host. */
  readonly goesOn?: boolean;
  /** What the rule has to permit. */
  readonly needs?: readonly AskedFor[];
  /** Whether a rule with a terminal comes before one without. */
  readonly prefersTerminal?: boolean;
}

/** @throws LOGIN_HOST_UNKNOWN, LOGIN_ACCOUNT_DENIED, LOGIN_RULE_UNKNOWN, LOGIN_JUMP_DENIED, LOGIN_OPTION_DENIED */
export function hopTo(
  fleet: Fleet,
  me: Me,
  { name, user: account }: Pick<ClientConfig, "name" | "user">,
  { rule: wanted, goesOn = false, needs = [], prefersTerminal = false }: HopRequest = {},
): Hop {
  const group = groupOfName(fleet, name);
  if (group === undefined) throw unknownHost(fleet, name, account);
  const mine = rulesOf(fleet, me);
  const fitting = mine.filter(({ on, as }) => on === group.name && as.includes(account));
  if (fitting.length === 0) throw denied(me, { name, account, group }, mine);
  const named = wanted === undefined ? fitting : fitting.filter((each) => each.name === wanted);
  if (named.length === 0) {
    const fits = fitting.map((each) => each.name);
    throw fail("LOGIN_RULE_UNKNOWN", {
      ...{ rule: printable(wanted ?? ""), who: me.name, what: `${name} as ${account}` },
      how: [{ say: `these do: ${fits.join(", ")}`, run: `--rule ${fits[0] ?? ""}` }],
    });
  }
  const usable = goesOn ? named.filter((each) => each.with.includes("port-forwarding")) : named;
  if (usable.length === 0) throw fail("LOGIN_JUMP_DENIED", { jump: name, group: group.name, who: me.name, account });
  const permitting = usable.filter((each) => lackingIn(each, needs).length === 0);
  const atTerminal = permitting.filter((each) => each.with.includes("pty"));
  const rule = mostOf(prefersTerminal && atTerminal.length > 0 ? atTerminal : permitting);
  if (rule === undefined) throw notPermitted(me, { name, account, group }, { wanted, needs, fitting });
  return { name, account, group, rule };
}

/** The rule that permits most comes first; of those, the one whose certificates are valid longest; of those, the file's first. */
export const byPermissions = (one: AccessRule, other: AccessRule): number =>
  other.with.length - one.with.length || other.for - one.for;

const mostOf = (rules: readonly AccessRule[]): AccessRule | undefined => [...rules].sort(byPermissions)[0];

const lackingIn = ({ with: permitted }: AccessRule, needs: readonly AskedFor[]): readonly AskedFor[] =>
  needs.filter(({ permission }) => !permitted.includes(permission));

interface Unpermitted {
  readonly wanted: string | undefined;
  readonly needs: readonly AskedFor[];
  /** All rules that let the person log in there. */
  readonly fitting: readonly AccessRule[];
}

/** Said before anything is signed: sshd refuses these only when they are used. */
function notPermitted(me: Me, { name, account, group }: Omit<Hop, "rule">, { wanted, needs, fitting }: Unpermitted): Error {
  const least = (rules: readonly AccessRule[]) =>
    [...rules].sort((one, other) => lackingIn(one, needs).length - lackingIn(other, needs).length)[0];
  const nearest = least(wanted === undefined ? fitting : fitting.filter((each) => each.name === wanted));
  const lacking = nearest === undefined ? needs : lackingIn(nearest, needs);
  const other = fitting.find((each) => lackingIn(each, needs).length === 0);
  const add: Advice = {
    say: `${other === undefined ? "" : "or, "}an operator adds ${lacking.map(({ permission }) => permission).join(", ")} to "with" of the rule ${nearest?.name ?? ""} in the fleet file, and applies that`,
    run: verb("apply"),
  };
  return fail("LOGIN_OPTION_DENIED", {
    ...{ who: me.name, account, name, group: group.name },
    rule: wanted,
    lacking: lacking.map(({ permission, by }) => `${by} (${permission})`).join(" and "),
    how: other === undefined ? [add] : [{ say: `the rule ${other.name} does`, run: `--rule ${other.name}` }, add],
  });
}

function unknownHost(fleet: Fleet, name: string, account: string): Error {
  const lower = name.toLowerCase().replace(/\.+$/, "");
  const meant = [lower, ...fleet.domains.map((domain) => `${lower}.${domain}`)].filter((each) => groupOfName(fleet, each));
  const shown = shellWord(name);
  const how: readonly Advice[] = [
    ...meant.slice(0, 1).map((each) => {
      const known = groupOfName(fleet, each)?.accounts.includes(account) === true;
      return { say: "write the full name", run: verb(`ssh ${known ? `${account}@` : ""}${each}`) };
    }),
    { say: `${meant.length === 0 ? "hosts" : "or, hosts"} outside the fleet are reached with plain ssh`, run: `ssh ${shown}` },
  ];
  return fail("LOGIN_HOST_UNKNOWN", { name: printable(name), groups: describeGroups(fleet), how });
}

function denied(me: Me, { name, account, group }: Omit<Hop, "rule">, mine: readonly AccessRule[]): Error {
  const there = mine.filter(({ on }) => on === group.name);
  const [first] = there.flatMap(({ as }) => as);
  const say = accountsInWords(me.name, there.length === 0 ? mine : there);
  const how: readonly Advice[] = [
    first === undefined ? { say } : { say, run: verb(`ssh ${first}@${name}`) },
    ...(mine.length === 0 ? [askForAccess] : []),
  ];
  return fail("LOGIN_ACCOUNT_DENIED", { who: me.name, account: printable(account), name, group: group.name, how });
}
