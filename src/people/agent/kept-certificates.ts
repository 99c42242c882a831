/** The certificates that somebody has at this moment, with the keys that ssh-agent holds for them. */
import type { AccessRule } from "../../fleet/fleet.js";
import type { AgentClient } from "../../ssh/agent/client.js";

/** A reserve is used where Vault cannot be asked for a usual one. */
export type Kind = "usual" | "reserve";

export interface HeldCertificate {
  readonly rule: AccessRule;
  readonly kind: Kind;
  /** In its wire form. */
  readonly blob: Buffer;
  /** Milliseconds since 1970. */
  readonly until: number;
  /** The ssh-agent that has its key. */
  readonly holder: AgentClient;
}

export interface Clocks {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that nobody sets, as ssh-agent counts. */
  readonly ticks: () => number;
}

export interface KeptCertificates {
  /** The one of a rule that may be handed out now, if its key is in this ssh-agent. */
  usable(rule: AccessRule, kind: Kind, holder: AgentClient): HeldCertificate | undefined;
  /** From now on this one is handed out. The one before it stays for logins that are under way, where the rule still gives it. */
  keep(held: HeldCertificate): void;
  drop(rule: AccessRule, kinds: readonly Kind[]): void;
  /** Drops those of other rules than these, or of what a rule was before. */
  retain(rules: readonly AccessRule[]): void;
  /** Drops what is no longer handed out, and needed by no login any more. */
  prune(): void;
  clear(): void;
  /** Those that are handed out and have not ended. */
  readonly valid: readonly HeldCertificate[];
}

/** A login takes a moment, and the clocks of hosts differ: a certificate is not handed out in its last seconds. */
const margin = (life: number) => Math.min(10_000, life / 4);
/** By so much Vault's clock may be ahead of this machine's, in milliseconds. */
const skew = 30_000;
/** For so long a login may still have something signed by what it was offered before there was a newer one, in milliseconds. */
const grace = 60_000;

interface Kept {
  readonly held: HeldCertificate;
  /** When ssh-agent forgets its key, in ticks. */
  readonly forgotten: number;
}

interface Superseded extends Kept {
  /** In ticks. */
  readonly since: number;
}

export function keptCertificates({ now, ticks }: Clocks): KeptCertificates {
  let all: readonly Kept[] = [];
  let superseded: readonly Superseded[] = [];

  /** Both clocks count: one stands still while a laptop sleeps, the other may be set back. */
  const left = ({ held, forgotten }: Kept) => Math.min(held.until - now(), forgotten - ticks());
  const find = (rule: AccessRule, kind: Kind) => all.find(({ held }) => held.rule.name === rule.name && held.kind === kind);

  /** Whether it is what the rule gives now: the rule may have no reserve any more, or give shorter certificates. */
  const isOf = (rule: AccessRule, kept: Kept) => {
    const life = lifeOf(rule, kept.held.kind);
    return life > 0 && left(kept) <= life + skew && isSame(kept.held.rule, rule);
  };

  function dropWhere(isDropped: (kept: Kept) => boolean): void {
    for (const kept of [...all, ...superseded].filter(isDropped)) forget(kept.held);
    all = all.filter((kept) => !isDropped(kept));
    superseded = superseded.filter((kept) => !isDropped(kept));
  }

  function prune(): void {
    const over = superseded.filter((kept) => left(kept) <= 0 || ticks() - kept.since > grace);
    dropWhere((kept) => over.some((each) => each === kept));
  }

  return {
    prune,
    usable(rule, kind, holder) {
      const kept = find(rule, kind);
      if (kept === undefined || kept.held.holder !== holder || !isOf(rule, kept)) return undefined;
      return left(kept) > margin(lifeOf(rule, kind)) ? kept.held : undefined;
    },
    keep(held) {
      prune();
      const before = find(held.rule, held.kind);
      if (before !== undefined) {
        if (isOf(held.rule, before)) superseded = [...superseded, { ...before, since: ticks() }];
        else forget(before.held);
      }
      all = [...all.filter((kept) => kept !== before), { held, forgotten: ticks() + held.until - now() }];
    },
    drop(rule, kinds) {
      dropWhere(({ held }) => held.rule.name === rule.name && kinds.includes(held.kind));
    },
    retain(rules) {
      dropWhere((kept) => {
        const rule = rules.find(({ name }) => name === kept.held.rule.name);
        return rule === undefined || !isOf(rule, kept);
      });
    },
    clear() {
      dropWhere(() => true);
    },
    get valid() {
      return all.filter((kept) => left(kept) > 0).map(({ held }) => held);
    },
  };
}

/** In milliseconds; 0 where the rule gives none. */
const lifeOf = (rule: AccessRule, kind: Kind) => (kind === "usual" ? rule.for : (rule.reserve ?? 0)) * 1000;

/** An ssh-agent that has ended holds it no more. */
function forget({ holder, blob }: HeldCertificate): void {
  holder.remove(blob).catch(() => undefined);
}

/** Whether a certificate by one of them is what the other would give. */
const isSame = (one: AccessRule, other: AccessRule) =>
  one.on === other.on && one.as.join() === other.as.join() && one.with.join() === other.with.join();
