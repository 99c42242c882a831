/** The certificates of somebody who is signed in: one for each rule, used again while it is valid, and a reserve where the rule has one. */
import { isFailure } from "../../errors/catalogue.js";
import type { AccessRule } from "../../fleet/fleet.js";
import type { AgentClient } from "../../ssh/agent/client.js";
import { ephemeralKey } from "../../ssh/agent/ephemeral-key.js";
import type { PublicKey } from "../../ssh/public-key.js";
import { addSigned, type SignedKey } from "../sign.js";
import { keptCertificates, type HeldCertificate, type Kind } from "./kept-certificates.js";
import type { KeyHolder } from "./key-holder.js";

export interface Handed {
  readonly held: HeldCertificate;
  /** How it came about: signed for this login, used again, or in the place of one that Vault could not be asked for. */
  readonly how: "new" | "again" | "reserve";
  /** Why Vault could not be asked. */
  readonly away?: string | undefined;
}

export interface Certificates {
  /** @throws what Vault refuses; what it could not be asked for; LOGIN_AGENT_FAILED */
  for(rule: AccessRule): Promise<Handed>;
  /** Has reserves signed that are missing, or half over. @returns what Vault refused, once for each rule */
  fillReserves(rules: readonly AccessRule[]): Promise<readonly { readonly rule: AccessRule; readonly error: unknown }[]>;
  /** Forgets keys of certificates that are no longer handed out, and that no login can need any more. */
  prune(): void;
  /** Forgets those of other rules than these, and their keys. */
  retain(rules: readonly AccessRule[]): void;
  /** Forgets all, and makes no more: the sign-in is over. */
  end(): void;
  readonly held: readonly HeldCertificate[];
  /** How many were signed. */
  readonly signatures: number;
}

export interface CertificatesOptions {
  readonly holder: KeyHolder;
  /** Has a key signed by a rule, or by its reserve. */
  readonly sign: (rule: AccessRule, key: PublicKey, reserve: boolean) => Promise<SignedKey>;
  readonly now?: () => number;
  /** Milliseconds of a clock that nobody sets, as ssh-agent counts. */
  readonly ticks?: () => number;
  /** How long Vault is waited for where there is a reserve, in milliseconds. */
  readonly patience?: number;
}

/** Where Vault was away, logins do not wait for it again at once. */
const pause = 5000;

/** Vault could not be asked, or could not answer: that is no refusal. */
const awayCodes = [
  ...(["VAULT_UNREACHABLE", "VAULT_SEALED", "VAULT_BUSY", "VAULT_NOT_INITIALISED"] as const),
  ...(["VAULT_ANSWER_UNEXPECTED", "VAULT_REDIRECTED", "VAULT_TLS_FAILED"] as const),
];
export const isAway = (error: unknown): boolean => awayCodes.some((code) => isFailure(error, code));

export function openCertificates(options: CertificatesOptions): Certificates {
  const { holder, sign, now = Date.now, ticks = () => performance.now(), patience = 2000 } = options;
  const kept = keptCertificates({ now, ticks });
  let over = false;
  const signing = new Map<string, Promise<HeldCertificate>>();
  let signatures = 0;
  let away: { readonly until: number; readonly reason: string } | undefined;

  async function signAnew(rule: AccessRule, kind: Kind, client: AgentClient): Promise<HeldCertificate> {
    using key = ephemeralKey();
    const signed = await sign(rule, key.key, kind === "reserve");
    signatures += 1;
    away = undefined;
    const blob = await addSigned(client, key, signed);
    const { validBefore } = signed.certificate;
    const held = { rule, kind, blob, until: Number(validBefore) * 1000, holder: client };
    kept.keep(held);
    if (over) {
      kept.clear();
      throw new Error("the sign-in has ended");
    }
    return held;
  }

  /** Several logins at once wait for one signature. */
  function signOnce(rule: AccessRule, kind: Kind, client: AgentClient): Promise<HeldCertificate> {
    const key = `${kind} ${rule.name}`;
    const running = signing.get(key);
    if (running !== undefined) return running;
    const made = signAnew(rule, kind, client)
      .catch((error: unknown) => {
        if (isAway(error)) away = { until: now() + pause, reason: (error as Error).message };
        // Whoever may no longer log in has no reserve either. A reserve can be withdrawn alone.
        else kept.drop(rule, kind === "usual" ? ["usual", "reserve"] : [kind]);
        throw error;
      })
      .finally(() => signing.delete(key));
    signing.set(key, made);
    return made;
  }

  async function usualOrLate(rule: AccessRule, client: AgentClient): Promise<HeldCertificate | "late"> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(resolve, patience, "late");
    });
    const made = signOnce(rule, "usual", client);
    made.catch(() => undefined); // where it is too late, nobody waits for it
    try {
      return await Promise.race([made, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    get held() {
      return kept.valid;
    },
    get signatures() {
      return signatures;
    },
    async for(rule) {
      const client = await holder.connection();
      const held = kept.usable(rule, "usual", client);
      if (held !== undefined) return { held, how: "again" };
      const reserve = kept.usable(rule, "reserve", client);
      if (reserve === undefined) return { held: await signOnce(rule, "usual", client), how: "new" };
      if (away !== undefined && now() < away.until) {
        signOnce(rule, "usual", client).catch(() => undefined); // it may be back for the next login
        return { held: reserve, how: "reserve", away: away.reason };
      }
      try {
        const made = await usualOrLate(rule, client);
        return made === "late"
          ? { held: reserve, how: "reserve", away: "Vault does not answer in time" }
          : { held: made, how: "new" };
      } catch (error) {
        if (!isAway(error)) throw error;
        return { held: reserve, how: "reserve", away: (error as Error).message };
      }
    },
    prune() {
      kept.prune();
    },
    async fillReserves(rules) {
      const client = await holder.connection();
      const wanted = rules.filter((rule) => {
        if (rule.reserve === undefined) return false;
        const held = kept.usable(rule, "reserve", client);
        return held === undefined || held.until - now() < (rule.reserve * 1000) / 2;
      });
      const failed: { readonly rule: AccessRule; readonly error: unknown }[] = [];
      for (const rule of wanted) await signOnce(rule, "reserve", client).catch((error: unknown) => failed.push({ rule, error }));
      return failed;
    },
    retain(rules) {
      kept.retain(rules);
    },
    end() {
      over = true;
      kept.clear();
    },
  };
}
