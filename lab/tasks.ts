/** The tasks as data: what each needs, when it counts as done, what it does. The npm scripts are one line over this. */
import { hostRole, userRole } from "./roles.js";
import { applyRole, createKnownHosts, generateSigningKey, isApplied, isGenerated, trustsCurrentCa } from "./tutorial/cas.js";
import { applyLabFleet, isLabFleetApplied } from "./fleet/fleet.js";
import { isLaptopUp, startLaptop, stopLaptop } from "./cloud/laptop.js";
import { collectHostKeys } from "./cloud/collect-host-keys.js";
import { resetCloud } from "./cloud/reset.js";
import { isHostUp, startHost, stopHost } from "./tutorial/hosts.js";
import type { Lab } from "./lab.js";
import { isObjectStoreUp, startObjectStore, stopObjectStore } from "./object-store/server.js";
import { isPrepared, prepare } from "./prepare.js";
import { isChromiumThere, resolveChromium } from "./toolchain/clients.js";
import { describePart } from "../src/toolchain/part.js";
import { isVaultUp, startVault, stopVault } from "./tutorial/vault-server.js";

export interface Task {
  readonly summary: string;
  readonly needs: readonly TaskName[];
  /** Whether another task that needs this one can go on without running it. */
  readonly isDone: (lab: Lab) => Promise<boolean>;
  readonly run: (lab: Lab) => Promise<void>;
}

const never = () => Promise.resolve(false);

export const tasks = {
  prepare: {
    summary: "find or fetch the toolchain, make Alice's and Bob's keys, build the images",
    needs: [],
    isDone: isPrepared,
    run: prepare,
  },
  "start-vault": {
    summary: "start Vault in development mode (or use the server of VAULT_ADDR)",
    needs: ["prepare"],
    isDone: isVaultUp,
    run: startVault,
  },
  "stop-vault": {
    summary: "stop the lab's Vault; its CAs go with it",
    needs: [],
    isDone: never,
    run: stopVault,
  },
  "start-ssh-with-authorized-keys": {
    summary: "start the host of the old way: new host keys at every start, Bob in authorized_keys",
    needs: ["prepare"],
    isDone: (lab) => isHostUp(lab, "ssh-with-authorized-keys"),
    run: (lab) => startHost(lab, "ssh-with-authorized-keys"),
  },
  "stop-ssh-with-authorized-keys": {
    summary: "stop the host with authorized keys",
    needs: [],
    isDone: never,
    run: (lab) => stopHost(lab, "ssh-with-authorized-keys"),
  },
  "terraform-apply-ssh-with-signed-hostkey": {
    summary: "make Vault's mount and role host-ssh",
    needs: ["start-vault"],
    isDone: (lab) => isApplied(lab, hostRole),
    run: (lab) => applyRole(lab, hostRole),
  },
  "generate-host-signing-key": {
    summary: "make the key pair of the host CA, inside Vault",
    needs: ["terraform-apply-ssh-with-signed-hostkey"],
    isDone: (lab) => isGenerated(lab, hostRole),
    run: (lab) => generateSigningKey(lab, hostRole),
  },
  "start-ssh-with-signed-hostkey": {
    summary: "start the host whose new host keys are signed by Vault at every start",
    needs: ["generate-host-signing-key"],
    isDone: (lab) => isHostUp(lab, "ssh-with-signed-hostkey"),
    run: (lab) => startHost(lab, "ssh-with-signed-hostkey"),
  },
  "stop-ssh-with-signed-hostkey": {
    summary: "stop the host with signed host keys",
    needs: [],
    isDone: never,
    run: (lab) => stopHost(lab, "ssh-with-signed-hostkey"),
  },
  "create-known-hosts": {
    summary: "write known_hosts: one @cert-authority line with the host CA's public key",
    needs: ["generate-host-signing-key"],
    isDone: trustsCurrentCa,
    run: createKnownHosts,
  },
  "terraform-apply-ssh-with-trusted-user-ca": {
    summary: "make Vault's mount and role user-ssh",
    needs: ["start-vault"],
    isDone: (lab) => isApplied(lab, userRole),
    run: (lab) => applyRole(lab, userRole),
  },
  "generate-user-signing-key": {
    summary: "make the key pair of the user CA, inside Vault",
    needs: ["terraform-apply-ssh-with-trusted-user-ca"],
    isDone: (lab) => isGenerated(lab, userRole),
    run: (lab) => generateSigningKey(lab, userRole),
  },
  "start-ssh-with-trusted-user-ca": {
    summary: "start the host that has its keys signed, and trusts users by their certificates only",
    needs: ["generate-host-signing-key", "generate-user-signing-key"],
    isDone: (lab) => isHostUp(lab, "ssh-with-trusted-user-ca"),
    run: (lab) => startHost(lab, "ssh-with-trusted-user-ca"),
  },
  "stop-ssh-with-trusted-user-ca": {
    summary: "stop the host that trusts the user CA",
    needs: [],
    isDone: never,
    run: (lab) => stopHost(lab, "ssh-with-trusted-user-ca"),
  },
  "apply-fleet": {
    summary: "bring Vault to what the small cloud's fleet file says: its hosts, and who may log in where",
    needs: ["start-vault"],
    isDone: isLabFleetApplied,
    run: applyLabFleet,
  },
  "start-laptop": {
    summary: "start the laptop: the client of the small cloud, with a ~/.ssh of its own",
    needs: ["prepare"],
    isDone: isLaptopUp,
    run: startLaptop,
  },
  "stop-laptop": {
    summary: "stop the laptop; its known_hosts and keys are lost",
    needs: [],
    isDone: never,
    run: stopLaptop,
  },
  "start-object-store": {
    summary: "start the object store that machines publish their host keys to: MinIO",
    needs: ["prepare"],
    isDone: isObjectStoreUp,
    run: startObjectStore,
  },
  "stop-object-store": {
    summary: "stop the object store; what was in it is gone",
    needs: [],
    isDone: never,
    run: stopObjectStore,
  },
  "collect-host-keys": {
    summary: "write the laptop's list of host keys from what the machines published",
    needs: ["start-laptop", "start-object-store"],
    isDone: never,
    run: collectHostKeys,
  },
  "find-browser": {
    summary: "find Chromium, which takes pictures of pages for the report",
    needs: [],
    isDone: isChromiumThere,
    run: async ({ settings, progress }) => {
      progress.say(describePart(await resolveChromium(settings, progress)));
    },
  },
  "reset-cloud": {
    summary: "empty the small cloud: its machines are terminated, and the laptop is a new one",
    needs: ["prepare"],
    isDone: never,
    run: resetCloud,
  },
} as const satisfies Record<string, Omit<Task, "needs"> & { readonly needs: readonly string[] }>;

export type TaskName = keyof typeof tasks;

/** Does a task; what it needs and is not done yet is done first, and said in one line. */
export async function perform(lab: Lab, name: TaskName): Promise<void> {
  await performNeeds(lab, name, tasks[name].needs);
  await begin(lab, name);
}

/**
 * Does what is still missing of `needs`, on behalf of `name`. What a need itself needs comes first: whether a role is there
 * can only be asked of a Vault that runs.
 * @param done those that were looked at already
 */
export async function performNeeds(
  lab: Lab,
  name: string,
  needs: readonly TaskName[],
  done = new Set<TaskName>(),
): Promise<void> {
  for (const need of needs) {
    if (done.has(need)) continue;
    await performNeeds(lab, need, tasks[need].needs, done);
    done.add(need);
    if (await tasks[need].isDone(lab)) continue;
    lab.progress.say(`${name} needs ${need}: doing that first`);
    await begin(lab, need);
  }
}

/** Between two tasks an interruption comes at the right time. */
async function begin(lab: Lab, name: TaskName): Promise<void> {
  lab.signal?.throwIfAborted();
  await tasks[name].run(lab);
}
