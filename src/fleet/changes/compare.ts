/** Comparing lists of a fleet file, whose order has no meaning. */

/** What is in the one list and not in the other. */
export const without = <T>(all: readonly T[], others: readonly T[]): readonly T[] => all.filter((item) => !others.includes(item));

export const sameItems = <T>(one: readonly T[], other: readonly T[]): boolean =>
  without(one, other).length === 0 && without(other, one).length === 0;

/** Two lists, matched by a key: each of the three is in the key's order, so that the order of the lists is not seen. */
export interface Matched<T> {
  readonly removed: readonly T[];
  readonly added: readonly T[];
  readonly both: readonly (readonly [T, T])[];
}

export function matchBy<T>(before: readonly T[], after: readonly T[], keyOf: (item: T) => string): Matched<T> {
  const [from, to] = [sortBy(before, keyOf), sortBy(after, keyOf)];
  const find = (list: readonly T[], item: T) => list.find((other) => keyOf(other) === keyOf(item));
  return {
    removed: from.filter((item) => find(to, item) === undefined),
    added: to.filter((item) => find(from, item) === undefined),
    both: from.flatMap((item) => {
      const now = find(to, item);
      return now === undefined ? [] : [[item, now] as const];
    }),
  };
}

export const sortBy = <T>(list: readonly T[], keyOf: (item: T) => string): readonly T[] =>
  [...list].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : keyOf(one) > keyOf(other) ? 1 : 0));

/** The list in groups of one key each, in the order of their first items. */
export function groupBy<T>(list: readonly T[], keyOf: (item: T) => string): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of list) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

export const unique = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();
