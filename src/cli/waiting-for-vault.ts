import { duringPlainly } from "../terminal/report.js";

/** Whoever waits for more than a second is told for what. */
export const waitingForVault = <T>(address: string, work: () => Promise<T>): Promise<T> =>
  duringPlainly(`waiting for Vault at ${address}`, work);
