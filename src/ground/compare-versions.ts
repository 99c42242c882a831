/** The leading numbers of a version: "9.2p1" is 9.2, "v1.10.6-dev" is 1.10.6, "go1.26" is 1.26. */
function numbers(version: string): number[] {
  const digits = /\d+(?:\.\d+)*/.exec(version)?.[0] ?? "";
  return digits === "" ? [] : digits.split(".").map(Number);
}

/** Whether `version` is `minimum` or later. What follows the numbers (p1, -dev, +dfsg1) does not count. */
export function atLeast(version: string, minimum: string): boolean {
  const have = numbers(version);
  const need = numbers(minimum);
  if (have.length === 0) return false;
  for (const [index, needed] of need.entries()) {
    const difference = (have[index] ?? 0) - needed;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
