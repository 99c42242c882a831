/** Rules: what they name is there, and each says something of its own. */
import { defaults } from "../defaults.js";
import { secondsOf } from "../durations.js";
import { meant, quoted, type Mistake, type Path } from "../mistakes.js";
import { problemOfAccount, problemOfName } from "../names.js";
import type { Draft } from "../reading/shape.js";
import { repeated } from "../repeated.js";
import { items } from "./items.js";

type Rule = NonNullable<NonNullable<Draft["access"]>[number]>;

interface Placed {
  readonly path: Path;
  readonly rule: Rule;
}

/** sshd counts attempts, and each rule is a certificate: six logged in, eight ended in "Too many authentication failures". */
const mostRules = 5;

export function mistakesOfRules(draft: Draft): readonly Mistake[] {
  const rules = (draft.access ?? []).flatMap((rule, index): Placed[] =>
    rule === undefined ? [] : [{ path: ["access", index], rule }],
  );
  return [
    ...rules.flatMap((each) => [
      ...unknownGroup([...each.path, "who"], each.rule.who, draft, "people"),
      ...unknownGroup([...each.path, "on"], each.rule.on, draft, "hosts"),
      ...items([...each.path, "forward-to"], each.rule["forward-to"]).flatMap(({ path, value }) =>
        unknownGroup(path, value, draft, "hosts"),
      ),
      ...unknownAccounts(each, draft),
      ...forwarding(each),
      ...shortReserve(each),
    ]),
    ...saidTwice(rules),
    ...tooMany(rules),
  ];
}

/** Listed once for all rules: there may be thousands of both. */
const listed = new WeakMap<object, readonly string[]>();

function namesOf(groups: object = {}): readonly string[] {
  const known = listed.get(groups) ?? Object.keys(groups);
  listed.set(groups, known);
  return known;
}

function unknownGroup(path: Path, name: string | undefined, draft: Draft, section: "people" | "hosts"): readonly Mistake[] {
  const groups = draft[section];
  // Hosts have to be there, and that they are not is told already.
  if (name === undefined || Object.hasOwn(groups ?? {}, name)) return [];
  const known = namesOf(groups);
  const told = section === "hosts" ? known.length === 0 : section in draft && groups === undefined;
  if (told) return [];
  const other = section === "people" ? "hosts" : "people";
  const swapped = Object.hasOwn(draft[other] ?? {}, name)
    ? `: it is a group of ${other}`
    : meant(name, known, (word) => problemOfName(word) === undefined);
  return [{ path, problem: `there is no group of ${section} called ${quoted(name)}${swapped}` }];
}

function unknownAccounts({ path, rule }: Placed, { hosts }: Draft): readonly Mistake[] {
  const group = rule.on === undefined || hosts === undefined || !Object.hasOwn(hosts, rule.on) ? undefined : hosts[rule.on];
  const accounts = group?.accounts;
  if (accounts === undefined || (typeof accounts !== "string" && accounts.includes(undefined))) return [];
  const known = items([], accounts).map(({ value }) => value);
  const given = items([], rule.as).map(({ value }) => value);
  return items([...path, "as"], rule.as)
    .filter(({ value }) => !known.includes(value))
    .map(({ path: at, value }) => ({
      path: at,
      problem: `${quoted(value)} is not an account of the group ${quoted(rule.on ?? "")}${meant(value, known, (word) => problemOfAccount(word) === undefined && !given.includes(word))}`,
    }));
}

function forwarding({ path, rule }: Placed): readonly Mistake[] {
  // What could not be read may have been it.
  if (rule.with?.includes(undefined as never) === true || ("with" in rule && rule.with === undefined)) return [];
  const forwards = items([], rule.with).find(({ value }) => value === "agent-forwarding");
  const to = "forward-to" in rule;
  if (forwards !== undefined && !to)
    return [
      {
        path: [...path, "with"],
        problem: 'agent-forwarding needs the key "forward-to": the groups of hosts that may be reached with it',
      },
    ];
  if (forwards === undefined && to)
    return [
      { path: [...path, "forward-to"], ofKey: true, problem: 'forward-to needs agent-forwarding among the values of "with"' },
    ];
  return [];
}

function shortReserve({ path, rule }: Placed): readonly Mistake[] {
  if (rule.reserve === undefined || ("for" in rule && rule.for === undefined)) return [];
  const usual = rule.for ?? defaults.ruleFor;
  const [reserve = 0, life = 0] = [rule.reserve, usual].map(secondsOf);
  if (reserve > life) return [];
  return [
    {
      path: [...path, "reserve"],
      problem: `${quoted(rule.reserve)} is no longer than the rule's own certificates are valid (for: ${usual})`,
    },
  ];
}

/** Two rules that differ in their names and lives alone are two certificates, of which one is for nothing. */
function saidTwice(all: readonly Placed[]): readonly Mistake[] {
  const rules = all.flatMap((each) => {
    const said = meaning(each.rule);
    return said === undefined ? [] : [{ ...each, said }];
  });
  return repeated(rules.map(({ said }) => said)).flatMap(([place, first]) =>
    rules.slice(place, place + 1).map(({ path }) => ({
      path,
      problem: `this rule says the same as ${quoted(rules[first]?.rule.name ?? "")}: keep one`,
    })),
  );
}

function meaning(rule: Rule): string | undefined {
  const { who, on, as, with: permissions = defaults.with, "forward-to": to = [] } = rule;
  const unread = ["with", "forward-to"].some((key) => key in rule && rule[key as "with"] === undefined);
  if (who === undefined || on === undefined || as === undefined || unread) return undefined;
  const sets = [as, permissions, to].map((values) =>
    items([], values)
      .map(({ value }) => value)
      .sort(),
  );
  return JSON.stringify([who, on, ...sets]);
}

function tooMany(rules: readonly Placed[]): readonly Mistake[] {
  const counts = new Map<string, number>();
  return rules.flatMap(({ path, rule: { who, on } }) => {
    if (who === undefined || on === undefined) return [];
    const key = JSON.stringify([who, on]);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count !== mostRules + 1) return [];
    const problem = `this is the sixth rule of ${quoted(who)} on ${quoted(on)}: there may be ${String(mostRules)}, as each is a certificate, and sshd ends a login after too many`;
    return [{ path, problem }];
  });
}
