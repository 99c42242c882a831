/** The CAs' keys: made once, inside Vault, and never replaced. */
import type { Fleet } from "../../fleet/fleet.js";
import type { Progress } from "../../ground/progress.js";
import { parsePublicKey } from "../../ssh/public-key.js";
import type { VaultClient } from "../../vault/vault-client.js";
import type { Step } from "./step.js";

/** The keys that are yet to be made. */
export async function caKeySteps(
  vault: VaultClient,
  { mounts }: Pick<Fleet, "mounts">,
  progress: Pick<Progress, "say">,
): Promise<readonly Step[]> {
  const cas = [
    { mount: mounts.hostCa, whose: "host CA" },
    { mount: mounts.userCa, whose: "user CA" },
  ];
  const steps = await Promise.all(
    cas.map(async ({ mount, whose }): Promise<Step | undefined> => {
      if ((await vault.caPublicKey(mount)) !== undefined) return undefined;
      return {
        what: `the ${whose}'s key, inside Vault (${mount})`,
        async take() {
          const { publicKey } = await vault.ensureCa({ mount });
          const { kind, fingerprint } = parsePublicKey(publicKey);
          progress.say(`the ${whose}'s key (${mount}): ${kind} ${fingerprint}`);
        },
      };
    }),
  );
  return steps.filter((step) => step !== undefined);
}
