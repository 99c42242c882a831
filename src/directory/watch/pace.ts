/** How often the directory asks Vault: hosts are read one after another, all of them within a period, and never faster than allowed. */
import type { Fleet } from "../../fleet/fleet.js";

/** A small fleet is read anew every 5 s, at 10 reads a second; a large one every 45 s, so that nothing is older than a minute. */
const usual = 10;
const period = { least: 5, most: 45 };

/** Of what one address may ask of the store: the rest is for hosts that are opened, and for lists. */
const share = 0.8;
/** Where the fleet's limits do not hold, as in a namespace. */
const unlimited = 400;

export interface Pace {
  /** Reads a second. */
  readonly rate: number;
  /** Seconds in which each host is read once at that rate. */
  readonly period: number;
}

/** @param hurry whether some hosts have never been read, or not for long */
export function paceOf(hosts: number, { limits, namespace }: Pick<Fleet, "limits" | "namespace">, hurry: boolean): Pace {
  const allowed = Math.max(1, namespace === undefined ? limits.store * share : unlimited);
  const wanted = hosts / Math.min(period.most, Math.max(period.least, hosts / usual));
  const rate = hurry ? allowed : Math.min(allowed, Math.max(1, wanted));
  return { rate, period: hosts / rate };
}
