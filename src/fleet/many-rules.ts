/** Rules that are too many for one login: plain ssh offers a certificate by each, and a host ends a connection after some tries. */
import { printable } from "../ground/printable.js";
import type { Fleet } from "./fleet.js";

/** sshd_config(5), MaxAuthTries, where nobody sets it. */
const tries = 6;

/**
 * A line for each group of people that has more rules on one group of hosts than a host lets ssh try. Who is in several groups of people
 * has the rules of all of them, which is not looked at here.
 * @example describeManyRules(fleet)[0]
 * // "platform has 7 rules on web: plain ssh offers a certificate by each, and a host takes 6 tries (MaxAuthTries): …"
 */
export function describeManyRules({ access }: Pick<Fleet, "access">): readonly string[] {
  const counts = new Map<string, { readonly who: string; readonly on: string; count: number }>();
  for (const { who, on } of access) {
    const key = JSON.stringify([who, on]);
    const found = counts.get(key) ?? { who, on, count: 0 };
    found.count += 1;
    counts.set(key, found);
  }
  return [...counts.values()]
    .filter(({ count }) => count > tries)
    .map(
      ({ who, on, count }) =>
        `${printable(who)} has ${String(count)} rules on ${printable(on)}: plain ssh offers a certificate by each, and a host takes ` +
        `${String(tries)} tries (MaxAuthTries): make one rule of those that differ in their accounts only`,
    );
}
