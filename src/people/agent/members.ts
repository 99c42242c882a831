/** Everybody who is signed in here, at one server each, as the kept sign-ins say at this moment. */
import { createHash } from "node:crypto";
import type { KeptSignIn, Member } from "./member.js";

export interface Members {
  /** Those whose sign-in is there and has not ended; whoever is new is asked for at Vault first. */
  current(): Promise<readonly Member[]>;
  /** Those of the last time. */
  readonly last: readonly Member[];
}

export interface MembersOptions {
  readonly signIns: () => Promise<readonly KeptSignIn[]>;
  readonly open: (kept: KeptSignIn) => Member;
  readonly now?: () => number;
}

/** What is known of the fleet and of the person is asked for again after so long, while logins go on. In milliseconds. */
const usualAge = 60_000;

export function openMembers({ signIns, open, now = Date.now }: MembersOptions): Members {
  let members = new Map<string, Member>();
  return {
    get last() {
      return [...members.values()];
    },
    async current() {
      const kept = (await signIns()).filter(({ until }) => until === undefined || until > now());
      const next = new Map<string, Member>();
      for (const each of kept) {
        const member = members.get(nameOf(each)) ?? open(each);
        member.prolong(each.until);
        next.set(nameOf(each), member);
      }
      members = next;
      await Promise.all(
        [...next.values()].map(async (member) => {
          const asked = member.learn(usualAge);
          if (member.known === undefined) await asked;
          else asked.catch(() => undefined);
        }),
      );
      return [...next.values()];
    },
  };
}

/** Another token is another sign-in: nothing of an earlier one is used with it. */
const nameOf = ({ settings: { address, namespace = "", token } }: KeptSignIn) =>
  createHash("sha256")
    .update(JSON.stringify([address, namespace, token]))
    .digest("hex");
