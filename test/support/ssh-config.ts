/** Somebody's configuration of ssh, in a folder of their own: nothing here touches the configuration of whoever runs the tests. */
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Fleet } from "../../src/fleet/fleet.js";
import type { StoredFleet } from "../../src/fleet/stored.js";
import type { FleetServer } from "../../src/people/ssh-config/server-name.js";
import { planInstall, type InstallPlan } from "../../src/people/ssh-config/install.js";
import { childEnvironment } from "../../src/settings/login.js";
import type { SshConfigPlaces } from "../../src/settings/ssh-config.js";
import { ephemeralKey } from "../../src/ssh/agent/ephemeral-key.js";
import { keyLine } from "../../src/ssh/public-key.js";
import { run } from "./project.js";

export interface PersonsConfig extends AsyncDisposable {
  readonly home: string;
  readonly places: SshConfigPlaces;
  /** Their ~/.ssh/config. */
  readonly file: string;
  readonly write: (text: string, mode?: number) => Promise<void>;
  /** As latin1: every byte. */
  readonly read: () => Promise<string>;
  readonly plan: (fleet: Fleet, options?: { readonly server?: FleetServer; readonly file?: string }) => Promise<InstallPlan>;
  /** What `ssh -G` says for a name, by the file. */
  readonly ask: (host: string, file?: string) => Promise<ReadonlyMap<string, readonly string[]>>;
  readonly stored: (fleet: Fleet) => StoredFleet;
}

export const server: FleetServer = { address: "https://vault.example.org:8200" };

/** @param name of the home, which may have what ssh reads as something else */
export async function personsConfig(name = "home"): Promise<PersonsConfig> {
  const above = await mkdtemp(join(tmpdir(), "ssh-trust-config-"));
  const home = join(above, name);
  const runtime = await mkdtemp("/dev/shm/ssh-trust-config-");
  await mkdir(home);
  const file = join(home, ".ssh/config");
  const places = {
    ...{ runtime, state: join(home, ".local/state/ssh-trust"), folder: join(home, ".config/ssh-trust/ssh") },
    ...{ sshHome: home, otherHome: undefined },
  };
  const keys = [ephemeralKey(), ephemeralKey()].map(({ key }) => keyLine(key));
  const stored = (fleet: Fleet): StoredFleet => ({ schema: 1, fleet, cas: { host: keys, user: keys } });
  return {
    ...{ home, places, file, stored },
    async write(text, mode = 0o600) {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(file, text, "latin1");
      await chmod(file, mode);
    },
    read: () => readFile(file, "latin1"),
    plan: (fleet, { server: at = server, file: other = file } = {}) =>
      planInstall({ stored: stored(fleet), server: at, places, file: other, env: childEnvironment() }),
    async ask(host, other = file) {
      const { stdout, exit, stderr } = await run("ssh", ["-F", other, "-G", host]);
      if (exit !== 0) throw new Error(stderr);
      const values = new Map<string, string[]>();
      for (const line of stdout.split("\n")) {
        const [, key = "", value = ""] = /^(\S+) ?(.*)$/.exec(line) ?? [];
        values.set(key.toLowerCase(), [...(values.get(key.toLowerCase()) ?? []), value]);
      }
      return values;
    },
    async [Symbol.asyncDispose]() {
      for (const each of [above, runtime]) await rm(each, { recursive: true, force: true });
    },
  };
}
