/** The lab's fleet, for whoever adds hosts to it. */
import { addHost } from "../../src/host/add.js";
import { endAppRole } from "../../src/host/end-identity.js";
import { handedToHost, type Handed } from "../../src/host/hand-over/files.js";
import { renderer } from "../../src/host/hand-over/render.js";
import { tlsForHosts } from "../../src/host/hand-over/tls.js";
import { domainOfHost } from "../../src/host/host.js";
import { openVaultApi } from "../../src/vault/api.js";
import { readStoredFleet } from "../../src/vault/stored-fleet.js";
import type { Lab } from "../lab.js";
import { vaultForContainers } from "../tutorial/vault-server.js";

export interface OpenFleet {
  /**
   * Adds a host. An earlier one of that name loses its identity: on the lab's own server; on another, only where the person said so.
   * @param handOver brings it to its machine; where that fails, the identity is taken away again
   * @throws HOST_IN_NO_GROUP, HOST_ENROLLED, …
   */
  readonly add: (hostName: string, handOver: (handed: Handed) => Promise<void>) => Promise<void>;
  /** User-data that makes a machine that host. */
  readonly userDataFor: (hostName: string) => Promise<string>;
}

/** Seconds that a machine has until its first boot. */
const valid = 3600;

/** @throws FLEET_NOT_APPLIED, VAULT_NOT_REACHABLE_FROM_CONTAINERS, … */
export async function openForFleet(lab: Lab): Promise<OpenFleet> {
  const { vault } = lab.settings;
  const api = openVaultApi(vault);
  const stored = await readStoredFleet(api);
  const { address, tls } = await vaultForContainers(lab);
  // Machines reach Vault by its name on their network.
  const there = { ...stored, fleet: { ...stored.fleet, vault: address } };
  const from = { stored: there, ...(await tlsForHosts({ address, tls }, there)) };
  const add: OpenFleet["add"] = async (hostName, handOver) => {
    if (lab.adopt || !vault.external) await endAppRole(api, hostName, domainOfHost(stored.fleet, hostName));
    await addHost(api, stored, hostName, { valid, handOver: (host) => handOver(handedToHost(host, from)) });
  };
  return {
    add,
    async userDataFor(hostName) {
      const render = await renderer("user-data");
      let text = "";
      await add(hostName, (handed) => {
        text = render(handed);
        return Promise.resolve();
      });
      return text;
    },
  };
}
