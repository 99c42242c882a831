/** What every task works with: the settings, a way to say what happens, the Docker engine, and Vault. */
import { connectEngine, type Engine } from "./docker/engine.js";
import type { Progress } from "../src/ground/progress.js";
import type { Settings } from "../src/settings.js";
import { connectVault, type VaultClient } from "../src/vault/client.js";

export interface Lab {
  readonly settings: Settings;
  readonly progress: Progress;
  /** Connects at the first call; the answer is kept, a failure is not. */
  readonly engine: () => Promise<Engine>;
  readonly vault: VaultClient;
  /** Whether mounts and roles that somebody else made on a server may be taken over and changed. */
  readonly adopt: boolean;
}

export function openLab(settings: Settings, progress: Progress, adopt = false): Lab {
  let connected: Engine | undefined;
  return {
    settings,
    progress,
    engine: async () => (connected ??= await connectEngine(settings)),
    vault: connectVault(settings.vault),
    adopt,
  };
}
