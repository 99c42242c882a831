/** The lab's own Vault: a development server in a container. With VAULT_ADDR set, that server is used instead. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { removeContainer, startContainer } from "../docker/containers.js";
import { ensureNetwork, joinNetwork, publisherOf } from "../docker/networks.js";
import { fail, isFailure } from "../../src/errors/catalogue.js";
import { lab as names } from "../../src/settings.js";
import type { Lab } from "../lab.js";
import { recordedToolchain } from "../toolchain/record.js";

/** Whether Vault answers and takes the token. @throws what is wrong with a server that VAULT_ADDR names */
export async function isVaultUp(lab: Lab): Promise<boolean> {
  try {
    await lab.vault.checkReady();
    return true;
  } catch (error) {
    if (lab.settings.vault.external || !isFailure(error)) throw error;
    return false;
  }
}

export async function startVault(lab: Lab): Promise<void> {
  const { settings, progress, vault } = lab;
  if (settings.vault.external) {
    const { name, version } = await vault.checkReady();
    progress.say(`using ${name} ${version} at ${vault.address} (VAULT_ADDR); its UI: ${vault.address}/ui`);
    return;
  }
  const engine = await lab.engine();
  const { vaultImage } = await recordedToolchain(settings);
  await ensureNetwork(engine, names.network);
  const { name, port, token } = names.vault;
  const outcome = await progress.during("starting Vault", async () =>
    startContainer(
      engine,
      {
        name,
        image: vaultImage,
        places: [{ network: names.network }],
        env: { SKIP_CHOWN: "1", SKIP_SETCAP: "1" },
        port: { inside: 8200, outside: port },
        files: [
          { path: "/ssh-trust/start", content: await readFile(join(settings.root, "containers/vault/start.sh")), mode: 0o755 },
          { path: "/ssh-trust/root-token", content: token, mode: 0o400 },
        ],
        entrypoint: ["/bin/sh", "/ssh-trust/start"],
        capabilities: ["IPC_LOCK"], // the official image's program asks for it, and does not start without
      },
      {
        what: `Vault to answer at ${vault.address}`,
        seconds: 30,
        again: "npm run stop-vault && npm run start-vault",
        check: () =>
          vault.checkReady().then(
            () => true,
            () => false,
          ),
      },
    ),
  );
  const server = await vault.checkReady();
  const state = outcome === "kept" ? "runs already" : "started";
  progress.say(
    `${server.name} ${server.version} ${state}: API and UI at ${vault.address}, token ${token} (development mode: it forgets all when it stops)`,
  );
}

export async function stopVault(lab: Lab): Promise<void> {
  if (lab.settings.vault.external) {
    lab.progress.say(`VAULT_ADDR names ${lab.vault.address}: not the lab's to stop`);
    return;
  }
  const stopped = await removeContainer(await lab.engine(), names.vault.name);
  lab.progress.say(stopped ? "Vault stopped; its CAs are gone with it" : "Vault was not running");
}

/**
 * Where containers reach Vault. A server that VAULT_ADDR gives as this machine's own is reached through the container
 * that publishes that port, which is put on the lab's network for it.
 * @throws VAULT_NOT_REACHABLE_FROM_CONTAINERS
 */
export async function vaultForContainers(lab: Lab): Promise<string> {
  const { address, containerAddress } = lab.settings.vault;
  if (containerAddress !== undefined) return containerAddress;
  const url = new URL(address);
  if (!["localhost", "127.0.0.1", "[::1]"].includes(url.hostname)) return address;
  const engine = await lab.engine();
  const publisher = await publisherOf(engine, Number(url.port === "" ? (url.protocol === "https:" ? 443 : 80) : url.port));
  if (publisher === undefined) throw fail("VAULT_NOT_REACHABLE_FROM_CONTAINERS", { address });
  await joinNetwork(engine, names.network, publisher.name);
  return `${url.protocol}//${publisher.name}:${String(publisher.inside)}`;
}
