/** Everybody who is signed in here, at one server each, as the kept sign-ins say at this moment. */
import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { KeptSignIn, Member } from "./member.js";

export interface Members {
  /** Those whose sign-in is there and has not ended; whoever is new is asked for at Vault first. */
  current(): Promise<readonly Member[]>;
  /** Those of the last time. */
  readonly last: readonly Member[];
  /** How many certificates were signed, for whoever is signed in and whoever was. */
  readonly signatures: number;
}

export interface MembersOptions {
  readonly signIns: () => Promise<readonly KeptSignIn[]>;
  readonly open: (kept: KeptSignIn) => Member;
  readonly now?: () => number;
}

/** What is known of the fleet and of the person is asked for again after so long, while logins go on. In milliseconds. */
const usualAge = 60_000;
/** Where nothing is known, as Vault was away or refused, it is asked again at the next login, but not more often than this. */
export const soonest = 5000;

/** A sign-in that is written anew, as its token was renewed, is not there for a moment. In milliseconds. */
const moment = 50;

export function openMembers({ signIns, open, now = Date.now }: MembersOptions): Members {
  let members = new Map<string, Member>();
  let reads = 0;
  let newest = 0;
  let ofOthers = 0;
  async function read() {
    const at = (reads += 1);
    const kept = (await signIns()).filter(({ until }) => until === undefined || until > now());
    return { at, kept: new Map(kept.map((each) => [nameOf(each), each])) };
  }
  function apply({ at, kept }: Awaited<ReturnType<typeof read>>): void {
    if (at < newest) return; // somebody who read later was quicker
    newest = at;
    for (const [name, { certificates }] of members) {
      if (kept.has(name)) continue;
      certificates.end();
      ofOthers += certificates.signatures;
    }
    members = new Map([...kept].map(([name, each]) => [name, members.get(name) ?? open(each)]));
    for (const [name, { until }] of kept) members.get(name)?.prolong(until);
  }
  return {
    get last() {
      return [...members.values()];
    },
    get signatures() {
      return [...members.values()].reduce((sum, { certificates }) => sum + certificates.signatures, ofOthers);
    },
    async current() {
      let found = await read();
      if ([...members.keys()].some((name) => !found.kept.has(name))) {
        await setTimeout(moment);
        found = await read();
      }
      apply(found);
      const all = [...members.values()];
      await Promise.all(
        all.map(async (member) => {
          const isGood = member.known !== undefined && member.problem === undefined;
          const asked = member.learn(isGood ? usualAge : soonest);
          if (member.known === undefined) await asked;
          else asked.catch(() => undefined);
        }),
      );
      return all;
    },
  };
}

/** Another token is another sign-in: nothing of an earlier one is used with it. */
const nameOf = ({ settings: { address, namespace = "", token } }: KeptSignIn) =>
  createHash("sha256")
    .update(JSON.stringify([address, namespace, token]))
    .digest("hex");
