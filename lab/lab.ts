/** What every task works with: the settings, a way to say what happens, the Docker engine, and Vault. */
import type { Progress } from "../src/ground/progress.js";
import { connectVault } from "../src/vault/client.js";
import type { VaultClient } from "../src/vault/vault-client.js";
import { connectEngine, type Engine } from "./docker/engine.js";
import type { LabNames } from "./names.js";
import type { LabSettings } from "./settings/lab.js";

export interface Lab {
  readonly settings: LabSettings;
  /** What everything in it is called. */
  readonly names: LabNames;
  readonly progress: Progress;
  /** Connects at the first call; the answer is kept, a failure is not. */
  readonly engine: () => Promise<Engine>;
  readonly vault: VaultClient;
  /** Whether mounts and roles that somebody else made on a server may be taken over and changed. */
  readonly adopt: boolean;
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal | undefined;
}

export interface LabOptions {
  readonly adopt?: boolean | undefined;
  readonly signal?: AbortSignal;
}

export function openLab(settings: LabSettings, progress: Progress, { adopt = false, signal }: LabOptions = {}): Lab {
  let connected: Engine | undefined;
  return {
    settings,
    names: settings.names,
    progress,
    engine: async () => (connected ??= await connectEngine(settings)),
    vault: connectVault(settings.vault),
    adopt,
    signal,
  };
}
