/** Parts of a draft with their paths: what could not be read is left out. */
import type { Path } from "../mistakes.js";

export interface Item<T> {
  readonly path: Path;
  readonly value: T;
}

/** What is one text, or a list of them. */
export function items<T extends string>(path: Path, value: T | readonly (T | undefined)[] | undefined): readonly Item<T>[] {
  if (value === undefined) return [];
  if (typeof value === "string") return [{ path, value }];
  return value.flatMap((each, index) => (each === undefined ? [] : [{ path: [...path, index], value: each }]));
}

/** The entries of a map whose values could be read. */
export const entries = <T>(map: Readonly<Record<string, T | undefined>> | undefined): readonly [name: string, value: T][] =>
  Object.entries(map ?? {}).flatMap(([name, value]): [string, T][] => (value === undefined ? [] : [[name, value]]));
