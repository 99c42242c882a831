/** The lab's own Vault: a development server in a container. With VAULT_ADDR set, that server is used instead. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { removeContainer, startContainer } from "../docker/containers.js";
import { ensureNetwork, joinNetwork, publisherOf } from "../docker/networks.js";
import { fail, isFailure } from "../errors/catalogue.js";
import type { Lab } from "../lab.js";
import { recordedToolchain } from "../toolchain/record.js";
import { isLoopback } from "../../src/ground/loopback.js";
import { task } from "../errors/task.js";
import { rootToken } from "../story.js";
import type { HostRequest } from "../../src/host/environment.js";

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

/** Its address in its own container. */
const inside = "http://127.0.0.1:8200";

export async function startVault(lab: Lab): Promise<void> {
  const { settings, progress, vault } = lab;
  if (settings.vault.external) {
    const { name, version } = await vault.checkReady();
    progress.say(`using ${name} ${version} at ${vault.address} (VAULT_ADDR); its UI: ${vault.address}/ui`);
    return;
  }
  const engine = await lab.engine();
  const { vaultImage } = await recordedToolchain(settings);
  const { network, ports, container } = lab.names;
  await ensureNetwork(engine, network);
  const outcome = await progress.during("starting Vault", async () =>
    startContainer(
      engine,
      {
        name: container("vault"),
        image: vaultImage,
        places: [{ network }],
        // The last two: for whoever types vault or bao in it.
        env: { SKIP_CHOWN: "1", SKIP_SETCAP: "1", VAULT_ADDR: inside, BAO_ADDR: inside },
        port: { inside: 8200, outside: ports.vault },
        files: [
          { path: "/ssh-trust/start", content: await readFile(join(settings.root, "containers/vault/start.sh")), mode: 0o755 },
          { path: "/ssh-trust/root-token", content: rootToken, mode: 0o400 },
        ],
        entrypoint: ["/bin/sh", "/ssh-trust/start"],
        capabilities: ["IPC_LOCK"], // the official image's program asks for it, and does not start without
      },
      {
        what: `Vault to answer at ${vault.address}`,
        seconds: 30,
        again: `${task("stop-vault")} && ${task("start-vault")}`,
        check: () =>
          vault.checkReady().then(
            () => true,
            () => false,
          ),
        signal: lab.signal,
      },
    ),
  );
  const server = await vault.checkReady();
  const state = outcome === "kept" ? "runs already" : "started";
  progress.say(
    `${server.name} ${server.version} ${state}: API and UI at ${vault.address}, token ${rootToken} (development mode: it forgets all when it stops)`,
  );
}

export async function stopVault(lab: Lab): Promise<void> {
  if (lab.settings.vault.external) {
    lab.progress.say(`VAULT_ADDR names ${lab.vault.address}: not the lab's to stop`);
    return;
  }
  const stopped = await removeContainer(await lab.engine(), lab.names.container("vault"));
  lab.progress.say(stopped ? "Vault stopped; its CAs are gone with it" : "Vault was not running");
}

/**
 * How containers reach Vault. A server that VAULT_ADDR gives as this machine's own is reached through the container
 * that publishes that port, which is put on the lab's network for it.
 * @throws VAULT_NOT_REACHABLE_FROM_CONTAINERS
 */
export async function vaultForContainers(lab: Lab): Promise<HostRequest["vault"]> {
  const { address, containerAddress, namespace, tls } = lab.settings.vault;
  if (containerAddress !== undefined) return { address: containerAddress, namespace, tls };
  const url = new URL(address);
  if (!isLoopback(url.hostname)) return { address, namespace, tls };
  const engine = await lab.engine();
  const publisher = await publisherOf(engine, Number(url.port === "" ? (url.protocol === "https:" ? 443 : 80) : url.port));
  if (publisher === undefined) throw fail("VAULT_NOT_REACHABLE_FROM_CONTAINERS", { address });
  await joinNetwork(engine, lab.names.network, publisher.name);
  // Its certificate is for the name that it has here, not for its container's.
  const named = url.protocol === "https:" && !url.hostname.startsWith("[") ? { serverName: url.hostname, ...tls } : tls;
  return { address: `${url.protocol}//${publisher.name}:${String(publisher.inside)}`, namespace, tls: named };
}
