/** The lab's fleet, for whoever adds hosts to it. */
import { addHost } from "../../src/host/add.js";
import { removeHost } from "../../src/host/identity.js";
import { handedToHost } from "../../src/host/hand-over/files.js";
import { renderer } from "../../src/host/hand-over/render.js";
import { openVaultApi } from "../../src/vault/api.js";
import { readStoredFleet } from "../../src/vault/stored-fleet.js";
import type { Lab } from "../lab.js";
import { vaultForContainers } from "../tutorial/vault-server.js";

export interface OpenFleet {
  /** User-data that makes a machine that host; an earlier one of that name loses its identity. */
  readonly userDataFor: (hostName: string) => Promise<string>;
}

export async function openForFleet(lab: Lab): Promise<OpenFleet> {
  const api = openVaultApi(lab.settings.vault);
  const stored = await readStoredFleet(api);
  const render = await renderer("user-data");
  const { address } = await vaultForContainers(lab);
  // Machines reach Vault by its name on their network.
  const there = { ...stored, fleet: { ...stored.fleet, vault: address } };
  return {
    async userDataFor(hostName) {
      await removeHost(api, stored.fleet, hostName);
      let text = "";
      await addHost(api, stored, hostName, {
        valid: 3600,
        handOver: (host) => {
          text = render(handedToHost(host, { stored: there, caCert: undefined, serverName: undefined }));
          return Promise.resolve();
        },
      });
      return text;
    },
  };
}
