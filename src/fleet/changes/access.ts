/** Who may log in where as whom, with what: what is withdrawn and granted, and what another rule gives all the same. */
import type { AccessRule } from "../fleet.js";
import { grants, withdraws, type Change } from "./change.js";
import { factOf, grantsOf, loginOf, sameGrant, sayPowers, tellTogether, type Grant, type Together } from "./powers.js";
import { describeRule, pairRules } from "./rules.js";
import { inWords, sayTerms } from "./words.js";

type Grants = readonly Grant[];

/** Both with the same names of groups: see `followRenamedGroups`. */
export function describeAccess(rulesBefore: readonly AccessRule[], rulesAfter: readonly AccessRule[]): readonly Change[] {
  const pairs = pairRules(rulesBefore, rulesAfter);
  const after = grantsOf(rulesAfter);
  // a rule that has another name counts as the same rule
  const before = grantsOf(rulesBefore).map((grant) => {
    const now = pairs.find(([rule]) => rule === grant.rule)?.[1];
    return now === undefined ? grant : { ...grant, rule: { ...grant.rule, name: now.name } };
  });
  const gone = before.filter((grant) => !has(after, grant));
  const come = after.filter((grant) => !has(before, grant));
  return [...describeFewer(gone, before, after), ...describeMore(come, gone, before, after), ...pairs.flatMap(describeRule)];
}

/** What rules no longer give: withdrawn, unless another rule gives it. */
function describeFewer(gone: Grants, before: Grants, after: Grants): readonly Change[] {
  const { logins: lost, uses: lostUses } = split(gone.filter((grant) => !gives(after, factOf(grant))));
  const { logins: kept, uses: keptUses } = split(gone.filter((grant) => gives(after, factOf(grant))));
  const byWhich = (grant: Grant) => {
    const others = after.filter((now) => factOf(now) === factOf(grant)).map(sayRule);
    return `by ${inWords(others)}, no longer by ${sayRule(grant)}`;
  };
  return [
    ...tellTogether(lost, () => "").map(({ who, on, accounts }) =>
      withdraws(`${who} may no longer log in as ${accounts.join(", ")} on ${on}`),
    ),
    ...tellTogether(
      lostUses.filter((grant) => gives(after, loginOf(grant))),
      () => "",
    ).map((group) => withdraws(`${group.who} may no longer use ${sayPowers(group.powers)} on ${group.on}${sayAs(group, after)}`)),
    ...tellByKind(
      kept,
      (grant) => kindOf(ofLogin(gone, grant), before, after),
      byWhich,
      ({ who, on, accounts, note }) =>
        `${who}: ${accounts.join(", ")} on ${on} ${accounts.length > 1 ? "stay" : "stays"}, ${note}`,
    ),
    // where the rule no longer gives the account either, the line above has said it
    ...tellByKind(
      keptUses.filter((grant) => !has(gone, { ...grant, power: "login" })),
      (grant) => kindOf([grant], before, after),
      byWhich,
      ({ who, on, accounts, powers, note }) => `${who} keeps ${sayPowers(powers)} on ${on} as ${accounts.join(", ")}, ${note}`,
    ),
  ];
}

/** What rules give newly: granted, unless another rule gave it. */
function describeMore(come: Grants, gone: Grants, before: Grants, after: Grants): readonly Change[] {
  const { logins: gained, uses: gainedUses } = split(come.filter((grant) => !gives(before, factOf(grant))));
  const { logins: had, uses: hadUses } = split(
    // where another rule no longer gives it, it has been said which rules do
    come.filter((grant) => gives(before, factOf(grant)) && !gives(gone, factOf(grant))),
  );
  return [
    ...tellTogether(gained, ({ rule }) => `(rule ${rule.name}): ${sayTerms(rule)}`).map(({ who, on, accounts, note }) =>
      grants(`${who} may now log in as ${accounts.join(", ")} on ${on} ${note}`),
    ),
    ...tellTogether(
      gainedUses.filter((grant) => gives(before, loginOf(grant))),
      ({ rule }) => `(rule ${rule.name})`,
    ).map((group) =>
      grants(`${group.who} may now use ${sayPowers(group.powers)} on ${group.on}${sayAs(group, after)} ${group.note}`),
    ),
    ...tellByKind(
      had,
      (grant) => kindOf(ofLogin(come, grant), before, after),
      sayRule,
      ({ who, on, accounts, note }) => `${who} may log in as ${accounts.join(", ")} on ${on} also by ${note}`,
    ),
    // where the rule gives the account newly too, a line above has its terms
    ...tellByKind(
      hadUses.filter((grant) => !has(come, { ...grant, power: "login" })),
      (grant) => kindOf([grant], before, after),
      ({ rule }) => `rule ${rule.name}`,
      ({ who, on, accounts, powers, note }) =>
        `${who} may use ${sayPowers(powers)} on ${on} as ${accounts.join(", ")} also by ${note}`,
    ),
  ];
}

/** All that the grant's rule gives for its account. */
const ofLogin = (all: Grants, grant: Grant) =>
  all.filter((other) => loginOf(other) === factOf(grant) && other.rule.name === grant.rule.name);

/** What is given before and after is granted all the same where some rule now gives it for longer, and withdrawn where none does. */
function kindOf(given: Grants, before: Grants, after: Grants): Change["kind"] {
  const times = given
    .map(factOf)
    .filter((fact) => gives(before, fact) && gives(after, fact))
    .flatMap((fact) =>
      ([(rule) => rule.for, (rule) => rule.reserve ?? 0] as ((rule: AccessRule) => number)[]).map((timeOf) => {
        const longest = (all: Grants) =>
          Math.max(...all.filter((grant) => factOf(grant) === fact).map(({ rule }) => timeOf(rule)));
        return longest(after) - longest(before);
      }),
    );
  return times.some((more) => more > 0) ? "grants" : times.some((more) => more < 0) ? "withdraws" : "changes";
}

const tellByKind = (
  all: Grants,
  kindOfGrant: (grant: Grant) => Change["kind"],
  noteOf: (grant: Grant) => string,
  say: (group: Together) => string,
): readonly Change[] =>
  (["withdraws", "grants", "changes"] as const).flatMap((kind) =>
    tellTogether(
      all.filter((grant) => kindOfGrant(grant) === kind),
      noteOf,
    ).map((group) => ({ kind, text: say(group) })),
  );

const has = (all: Grants, grant: Grant) => all.some((other) => sameGrant(other, grant));
const gives = (all: Grants, fact: string) => all.some((grant) => factOf(grant) === fact);
const sayRule = ({ rule }: Grant) => `rule ${rule.name} (${sayTerms(rule)})`;

const split = (all: Grants) => ({
  logins: all.filter((grant) => grant.power === "login"),
  uses: all.filter((grant) => grant.power !== "login"),
});

/** " as ops" where it is so for some of their accounts on these hosts, and nothing where it is so for all. */
function sayAs({ who, on, accounts }: Together, after: Grants): string {
  const all = after.filter((grant) => grant.rule.who === who && grant.rule.on === on).map((grant) => grant.account);
  return all.every((account) => accounts.includes(account)) ? "" : ` as ${accounts.join(", ")}`;
}
