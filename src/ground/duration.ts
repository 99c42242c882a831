/** Durations as Vault and people write them: "1h30m", "90s". */
import { fail } from "../errors/catalogue.js";

/**
 * A duration in seconds.
 * @example parseDuration("1m0s") // 60
 * @throws TTL_INVALID for anything else, and for nothing at all: "0s"
 */
export function parseDuration(text: string): number {
  const match = /^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s?)?$/.exec(text);
  const parts: readonly (string | undefined)[] = match ?? [];
  const [hours = 0, minutes = 0, seconds = 0] = [parts[1], parts[2], parts[3]].map((part) => Number(part ?? 0));
  const total = hours * 3600 + minutes * 60 + seconds;
  if (match === null || total === 0) throw fail("TTL_INVALID", { ttl: text });
  return total;
}

/** The other way round: what `parseDuration` reads. @example formatDuration(5400) // "1h30m" */
export function formatDuration(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const words = parts.flatMap((part, index) => (part === 0 ? [] : [`${String(part)}${"hms".charAt(index)}`]));
  return words.join("") || "0s";
}
