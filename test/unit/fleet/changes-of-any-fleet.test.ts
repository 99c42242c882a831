/** What holds for any two fleets. */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { describeChanges } from "../../../src/fleet/changes.js";
import type { AccessRule, Fleet } from "../../../src/fleet/fleet.js";
import { anyFleet, anyRule, twoFleets } from "./any-fleet.js";

/** In each list, another order. */
const reversed = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(reversed).reverse()
    : typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, reversed(each)]))
      : value;

/** Who may log in where as whom, with what, as certificates allow it: what has to be told, whichever rules it comes from. */
function accessOf({ access }: Fleet): readonly string[] {
  const all = access.flatMap((rule) =>
    rule.as.map((account) => {
      const reach = rule.with.includes("agent-forwarding") ? [...rule.forwardTo].sort() : [];
      return JSON.stringify([rule.who, rule.on, account, rule.for, [...rule.with].sort(), reach, rule.reserve]);
    }),
  );
  return [...new Set(all)].sort();
}

const loginsOf = ({ access }: Fleet) =>
  new Set(access.flatMap(({ who, on, as }) => as.map((account) => `${who} ${account}@${on}`)));
const kindsOf = (before: Fleet, after: Fleet) => describeChanges(before, after).map(({ kind }) => kind);

test("nothing is told where only the order of lists differs", () => {
  fc.assert(
    fc.property(anyFleet, (fleet) => {
      expect(describeChanges(fleet, fleet)).toEqual([]);
      expect(describeChanges(fleet, reversed(fleet) as Fleet)).toEqual([]);
    }),
  );
});

test("the order of lists does not matter to what is told", () => {
  fc.assert(
    fc.property(twoFleets, ([before, after]) => {
      expect(describeChanges(reversed(before) as Fleet, reversed(after) as Fleet)).toEqual(describeChanges(before, after));
    }),
  );
});

test("each account of a rule that is removed is withdrawn, or said to stay", () => {
  fc.assert(
    fc.property(
      anyFleet.filter(({ access }) => access.length > 0),
      fc.nat(),
      (before, at) => {
        const gone = before.access[at % before.access.length];
        const after = { ...before, access: before.access.filter((rule) => rule !== gone) };
        const lines = describeChanges(before, after).map(({ kind, text }) => `${kind} ${text} `);
        for (const account of gone?.as ?? [])
          expect(lines).toContainEqual(
            loginsOf(after).has(`${String(gone?.who)} ${account}@${String(gone?.on)}`)
              ? expect.stringMatching(
                  `^(changes|withdraws) .*\\b${account}\\b.* stays?, by rule .*no longer by rule ${String(gone?.name)} `,
                )
              : expect.stringMatching(`^withdraws .* may no longer log in as .*\\b${account}\\b`),
          );
        expect(lines.join("\n")).not.toMatch(/^grants /m);
      },
    ),
  );
});

test("something is told where access differs, or who people or hosts are", () => {
  fc.assert(
    fc.property(twoFleets, ([before, after]) => {
      const what = ({ access, hosts, people }: Fleet) =>
        JSON.stringify([
          accessOf({ access } as Fleet),
          hosts.map(({ names }) => [...names].sort()),
          people.map(({ members }) => members.map(({ group }) => group).sort()),
        ]);
      fc.pre(what(before) !== what(after));
      expect(describeChanges(before, after)).not.toEqual([]);
    }),
  );
});

/** What rules let do, and for how long at most, with a reserve and without. */
function powersOf({ access }: Fleet): ReadonlyMap<string, number> {
  const powers = new Map<string, number>();
  for (const rule of access)
    for (const account of rule.as) {
      const reach = rule.with.includes("agent-forwarding") ? rule.forwardTo : [];
      for (const power of ["login", ...rule.with, ...reach.map((group) => `to ${group}`)])
        for (const [time, life] of Object.entries({ for: rule.for, reserve: rule.reserve ?? 0 })) {
          const key = `${rule.who} ${account}@${rule.on} ${power} ${time}`;
          powers.set(key, Math.max(powers.get(key) ?? 0, life));
        }
    }
  return powers;
}

test("access that is new or longer is a grant, access that is gone is a withdrawal; the other way round, there is none", () => {
  fc.assert(
    fc.property(anyFleet, anyRule, fc.boolean(), (before, rule, replaced) => {
      const rest = replaced ? before.access.slice(1) : before.access;
      const after = { ...before, access: [...rest.filter(({ name }) => name !== rule.name), rule] };
      const told = describeChanges(before, after);
      const has = (kind: string) => told.some((change) => change.kind === kind);
      // a rule's own times are told whatever other rules say
      const isOwn = (text: string) => /certificates of rule|reserve certificate/.test(text);
      const hasMore = (kind: string) => told.some((change) => change.kind === kind && !isOwn(change.text));
      const [was, now] = [powersOf(before), powersOf(after)];
      const longer = (one: typeof was, other: typeof was) => [...one].some(([key, life]) => life > (other.get(key) ?? 0));
      const gone = [...was.keys()].some((key) => !now.has(key));
      const [wider, narrower] = [longer(now, was), longer(was, now)];
      if (wider) expect(has("grants")).toBe(true);
      if (!wider) expect(hasMore("grants")).toBe(false);
      if (gone) expect(has("withdraws")).toBe(true);
      // one line, a grant, tells of a time that is longer and one that is shorter
      if (narrower) expect(has("withdraws") || has("grants")).toBe(true);
      else expect(hasMore("withdraws")).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test("withdrawals come first, and other changes last", () => {
  const order = ["withdraws", "grants", "changes"];
  fc.assert(
    fc.property(twoFleets, ([before, after]) => {
      const places = kindsOf(before, after).map((kind) => order.indexOf(kind));
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }),
  );
});

test("another name of a rule is told as such, and nothing else", () => {
  fc.assert(
    fc.property(
      anyFleet.filter(({ access }) => access.length > 0),
      (before) => {
        const [first, ...others] = before.access;
        const after = { ...before, access: [{ ...(first as AccessRule), name: "z" }, ...others] };
        expect(describeChanges(before, after)).toEqual([
          { kind: "changes", text: `rule ${String(first?.name)} is now called z` },
        ]);
      },
    ),
  );
});

test("another name of a group, wherever it is said, is told once, and withdraws and grants nothing", () => {
  fc.assert(
    fc.property(anyFleet, fc.constantFrom("web", "platform"), (before, name) => {
      const hosts = name === "web";
      // a group of people without members in the file is Vault's, by its name
      fc.pre(hosts || before.people.some((group) => group.name === name && group.members.length > 0));
      const after = JSON.parse(JSON.stringify(before).replaceAll(`"${name}"`, '"z"')) as Fleet;
      const [only, ...others] = describeChanges(before, after);
      expect(others).toEqual([]);
      expect(only?.kind).toBe("changes");
      expect(only?.text).toMatch(`the group ${name} of ${hosts ? "hosts" : "people"} is now called z: `);
    }),
  );
});
