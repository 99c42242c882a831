/** How large a stranger's record is. What is nested deeply is refused before anything walks through it and runs out of stack. */

/** An entry of a host has three levels. */
const deepest = 64;

/** @param value what Vault's store has @returns its bytes as JSON; undefined: it is nested too deeply to be read */
export function bytesOf(value: unknown): number | undefined {
  return isDeep(value) ? undefined : Buffer.byteLength(JSON.stringify(value ?? null));
}

/** Said of what has no size. */
export const tooDeep = "it is nested too deeply";

/** Level by level, without recursion. */
function isDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return true;
    level = level.flatMap((each) => (each !== null && typeof each === "object" ? (Object.values(each) as unknown[]) : []));
  }
  return false;
}
