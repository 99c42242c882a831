/** Where in a list something stands that stood before. @returns places with the place of the first */
export function repeated(values: readonly string[]): readonly (readonly [place: number, first: number])[] {
  const first = new Map<string, number>();
  return values.flatMap((value, place): [number, number][] => {
    const before = first.get(value);
    if (before === undefined) first.set(value, place);
    return before === undefined ? [] : [[place, before]];
  });
}
