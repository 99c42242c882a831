/** Somebody who is signed in at one server, for as long as the agent runs or the sign-in lasts. */
import { isFailure, reasonOf } from "../../errors/catalogue.js";
import type { StoredFleet } from "../../fleet/stored.js";
import { programName } from "../../settings/program.js";
import { openVaultApi } from "../../vault/api.js";
import { connectVault } from "../../vault/client.js";
import { readStoredFleet } from "../../vault/stored-fleet.js";
import { certify } from "../login/certify.js";
import { rulesOf, whoIs, type Me } from "../me.js";
import { renewWhileUsed } from "../session/end.js";
import type { SignedIn } from "../signed-in.js";
import { isAway, openCertificates, type Certificates } from "./certificates.js";
import type { KeyHolder } from "./key-holder.js";

/** A sign-in as it is kept. */
export interface KeptSignIn {
  readonly settings: SignedIn["settings"];
  /** When it ends, in milliseconds since 1970; undefined: never. */
  readonly until: number | undefined;
}

export interface Known {
  readonly me: Me;
  readonly stored: StoredFleet;
}

export interface Member {
  readonly address: string;
  /** The last that Vault said; undefined where it has not said anything yet. */
  readonly known: Known | undefined;
  /** Why nothing is known, or why what is known is old; undefined where nothing is wrong. */
  readonly problem: string | undefined;
  readonly until: number | undefined;
  readonly certificates: Certificates;
  /**
   * Asks Vault who this is and what the fleet is, unless that was asked a moment ago. Where Vault does not answer, what was known
   * stays; where it does not take the token, nothing is known any more.
   * @param age of what is new enough, in milliseconds
   */
  learn(age: number): Promise<void>;
  prolong(until: number | undefined): void;
}

export interface MemberOptions {
  readonly holder: KeyHolder;
  /** Vault renewed the token: it is valid for so many seconds from now. */
  readonly renewed: (seconds: number, known: Known) => Promise<void>;
  /** Another fleet than before, or the first one. */
  readonly learned: (known: Known) => void;
  /** Vault was asked, whatever came of it. */
  readonly asked: () => void;
  readonly now?: () => number;
}

export function openMember(
  kept: KeptSignIn,
  { holder, renewed, learned, asked: answered, now = Date.now }: MemberOptions,
): Member {
  const { settings } = kept;
  const api = openVaultApi(settings);
  const vault = connectVault(settings);
  let { until } = kept;
  let known: Known | undefined;
  let problem: string | undefined;
  let asked = -Infinity;
  let asking: Promise<void> | undefined;

  const certificates = openCertificates({
    holder,
    sign: (rule, publicKey, reserve) => {
      if (known === undefined) throw new TypeError("nothing is known"); // not reached
      return certify({ settings, ...known }, { rule, accounts: rule.as, publicKey, reserve }, vault);
    },
    now,
  });

  async function ask(): Promise<void> {
    try {
      const reading = readStoredFleet(api);
      reading.catch(() => undefined); // whether the token is good, comes first
      const me = await whoIs(api);
      if (me === undefined) throw new Refused();
      const stored = await reading;
      const before = known;
      known = { me, stored };
      problem = undefined;
      certificates.retain(rulesOf(stored.fleet, me));
      if (JSON.stringify(before?.stored) === JSON.stringify(stored)) known = { me, stored: before?.stored ?? stored };
      else learned(known);
      const seconds = await renewWhileUsed(api, me);
      // Where the sign-in cannot be written, it is over sooner, and that is all.
      if (seconds !== undefined) await renewed(seconds, known).catch(() => undefined);
    } catch (error) {
      problem = problemOf(error, settings.address);
      if (isAway(error)) return;
      known = undefined;
      certificates.retain([]);
    }
  }

  return {
    address: settings.address,
    get known() {
      return known;
    },
    get problem() {
      return problem;
    },
    get until() {
      return until;
    },
    certificates,
    async learn(age) {
      const since = now() - asked; // below zero where the clock was set back
      if (since >= 0 && since < age) return asking;
      asked = now();
      asking = ask().finally(() => {
        asking = undefined;
        answered();
      });
      return asking;
    },
    prolong(later) {
      until = later;
    },
  };
}

/** Nobody is signed in. */
export const nobody = (): string => `nobody is signed in: ${programName()} login`;

/** What plain ssh is told before a login: why no certificate can come; undefined where one may. */
export function noticeOf(
  members: readonly (Pick<Member, "known" | "problem"> & { readonly certificates: Pick<Certificates, "held"> })[],
): string | undefined {
  if (members.length === 0) return nobody();
  if (members.some(({ problem, certificates }) => problem === undefined || certificates.held.length > 0)) return undefined;
  return members[0]?.problem;
}

class Refused extends Error {}

function problemOf(error: unknown, address: string): string {
  if (error instanceof Refused || isFailure(error, "VAULT_TOKEN_REFUSED"))
    return `Vault at ${address} no longer accepts the sign-in: ${programName()} login, or after a reset: ${programName()} login --invitation <file>`;
  if (isFailure(error, "VAULT_PERMISSION_DENIED"))
    return `Vault at ${address} does not show this sign-in the fleet: it is in no group of people, or in none any more`;
  return reasonOf(error);
}

/** By which of the rules that are known reserves are kept. */
export const reservedRules = ({ known }: Member) =>
  known === undefined ? [] : rulesOf(known.stored.fleet, known.me).filter(({ reserve }) => reserve !== undefined);
