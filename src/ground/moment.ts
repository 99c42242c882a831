/**
 * A moment as people read it, wherever it is told: in UTC, as hosts, Vault and logs have it, so that two people mean the same. What
 * programs read has ISO 8601, in UTC too.
 * @example moment(new Date(0)) // "1970-01-01 00:00:00 UTC"
 */
export const moment = (date: Date): string =>
  date
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, " UTC");
