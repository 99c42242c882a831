/** Which OpenSSH it is: read in the container, never presumed. */
import { atLeast } from "../../src/ground/compare-versions.js";

export interface OpenSshVersion {
  /** Such as "9.2". */
  readonly number: string;
  /** Such as "OpenSSH_9.2p1 Debian-2+deb12u10". */
  readonly full: string;
}

/** @param text what `ssh -V` said; undefined where that is no OpenSSH */
export function readVersion(text: string): OpenSshVersion | undefined {
  const [full, number] = /OpenSSH_(\d+\.\d+)[^\n,]*/.exec(text) ?? [];
  return full === undefined || number === undefined ? undefined : { number, full: full.trim() };
}

/** For the expectations of a case: from which version on something is so. */
export const since = (version: string, first: string): boolean => atLeast(version, first);
