/** The key-value store, and how often one address may ask. */
import { AuthBackend } from "@cdktf/provider-vault/lib/auth-backend/index.js";
import { KvSecretBackendV2 } from "@cdktf/provider-vault/lib/kv-secret-backend-v2/index.js";
import { Mount } from "@cdktf/provider-vault/lib/mount/index.js";
import { QuotaRateLimit } from "@cdktf/provider-vault/lib/quota-rate-limit/index.js";
import type { Construct } from "constructs";
import type { Fleet } from "../../src/fleet/fleet.js";
import { asId } from "./ids.js";
import { rateLimits, store } from "../../src/fleet/vault-names.js";

/** Of each entry: what a host said before, and no more than its disk can bear. */
const maxVersions = 20;

export function addStore(scope: Construct): void {
  const mount = new Mount(scope, "store", {
    path: store,
    type: "kv",
    options: { version: "2" },
    description: "what clients of ssh-trust must know, and what its hosts say of themselves",
    lifecycle: { preventDestroy: true },
  });
  mount.overrideLogicalId("store");
  new KvSecretBackendV2(scope, "store-settings", { mount: mount.path, maxVersions, casRequired: false }).overrideLogicalId(
    "store",
  );
}

/** Each counts for one client's address. They belong to the root namespace: in another, somebody else makes them. */
export function addLimits(scope: Construct, fleet: Fleet): void {
  if (fleet.namespace !== undefined) return;
  // Vault refuses a limit for a mount that is not there yet.
  const dependsOn = scope.node.findAll().filter((each) => each instanceof Mount || each instanceof AuthBackend);
  for (const { name, path, rate } of rateLimits(fleet)) {
    // Vault writes the path with a slash at its end, and takes it for another one without.
    const quota = new QuotaRateLimit(scope, name, { name, path: `${path}/`, rate, interval: 1, dependsOn });
    quota.overrideLogicalId(asId(name));
  }
}
