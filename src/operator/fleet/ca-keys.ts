/** The CAs' keys: made once, inside Vault, and never replaced. */
import { fail } from "../../errors/catalogue.js";
import type { Fleet } from "../../fleet/fleet.js";
import type { StoredFleet } from "../../fleet/stored.js";
import { claimEntry } from "../../fleet/vault-names.js";
import type { Progress } from "../../ground/progress.js";
import { parsePublicKey } from "../../ssh/public-key.js";
import type { VaultApi } from "../../vault/api.js";
import { alone, type Claim } from "../../vault/claim.js";
import type { VaultClient } from "../../vault/vault-client.js";
import type { Step } from "./step.js";

interface Keys {
  readonly fleet: Pick<Fleet, "mounts">;
  /** Those that clients and hosts know, where there was an apply before. */
  readonly known: StoredFleet["cas"] | undefined;
  /** Whether it may be another key than the one they know. */
  readonly mayChange: boolean;
  readonly progress: Pick<Progress, "say">;
  readonly signal?: AbortSignal | undefined;
}

/** One apply at a time makes keys. */
export const keysAreMade: Claim = {
  entry: claimEntry,
  taken: (path, seconds) => fail("FLEET_KEYS_CLAIMED", { path, seconds: String(seconds) }),
};
/** Of other applies that make keys, in seconds: a key takes less than one. */
const otherApplies = { stale: 15, atMost: 120 };

/** The CAs' public keys: as they were when the apply was planned, or as it made them. */
export interface AgreedKeys {
  readonly steps: readonly Step[];
  /** The key of a mount as it is now. @throws FLEET_CA_CHANGED: it is another one than that */
  readonly requireAgreed: (mount: string) => Promise<string>;
}

/**
 * The keys that there are, and the steps that make those that are yet to be made.
 * @throws FLEET_CA_CHANGED: the key is gone, or another, and nobody would be trusted any more
 */
export async function caKeySteps(
  api: VaultApi,
  vault: VaultClient,
  { fleet: { mounts }, known, mayChange, progress, signal }: Keys,
): Promise<AgreedKeys> {
  const agreed = new Map<string, string>();
  const cas = [
    { mount: mounts.hostCa, whose: "host CA", trusted: known?.host ?? [] },
    { mount: mounts.userCa, whose: "user CA", trusted: known?.user ?? [] },
  ];
  const steps = await Promise.all(
    cas.map(async ({ mount, whose, trusted: [first, ...others] }): Promise<Step | undefined> => {
      const key = await vault.caPublicKey(mount);
      const other = first !== undefined && (key === undefined || ![first, ...others].includes(key));
      if (other && !mayChange) {
        const now = key === undefined ? "none" : fingerprintOf(key);
        throw fail("FLEET_CA_CHANGED", { mount, whose, now, known: fingerprintOf(first) });
      }
      if (key !== undefined) {
        agreed.set(mount, key);
        return undefined;
      }
      return {
        what: `${other ? "another key for the" : "the"} ${whose}${other ? "" : "'s key"}, inside Vault (${mount})`,
        async take() {
          const { publicKey } = await alone(api, keysAreMade, { ...otherApplies, signal }, (stillAlone) =>
            vault.ensureCa({ mount }, stillAlone),
          );
          agreed.set(mount, publicKey);
          const { kind, fingerprint } = parsePublicKey(publicKey);
          progress.say(`the ${whose}'s key (${mount}): ${kind} ${fingerprint}`);
        },
      };
    }),
  );
  return {
    steps: steps.filter((step) => step !== undefined),
    async requireAgreed(mount) {
      const now = await vault.requireCaPublicKey(mount);
      const before = agreed.get(mount);
      if (before === now) return now;
      const whose = mount === mounts.hostCa ? "host CA" : "user CA";
      const known = before === undefined ? "none" : fingerprintOf(before);
      throw fail("FLEET_CA_CHANGED", { mount, whose, now: fingerprintOf(now), known });
    },
  };
}

/** What lies in the store was written by a person's token, too: it may be anything. */
function fingerprintOf(key: string): string {
  try {
    return parsePublicKey(key).fingerprint;
  } catch {
    return "a key that cannot be read";
  }
}
