/** `clean`: removes what the project made, and nothing else, however much of it is left. */
import { readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { removeTemporaries } from "../src/ground/atomic-file.js";
import { connectEngine } from "./docker/engine.js";
import { reap } from "./docker/reap.js";
import { isFailure } from "./errors/catalogue.js";
import type { Lab } from "./lab.js";
import type { LabSettings } from "./settings/lab.js";
import { privateKeyOf } from "./tutorial/people.js";
import { people } from "./story.js";

/** @param all also the downloads */
export async function clean(lab: Lab, all: boolean): Promise<void> {
  const { settings, progress } = lab;
  try {
    const engine = await connectEngine(settings);
    const { containers, networks, images, left } = await progress.during("removing containers, networks and images", () =>
      reap(engine),
    );
    const counts = [
      [containers.length, "container"],
      [networks.length, "network"],
      [images.length, "image"],
    ] as const;
    progress.say(`removed ${counts.map(([count, word]) => `${String(count)} ${word}${count === 1 ? "" : "s"}`).join(", ")}`);
    for (const what of left) progress.say(`not removed: ${what}`);
  } catch (error) {
    // Docker may be down, or gone: the files go all the same.
    if (!isFailure(error)) throw error;
    progress.say(`containers, networks and images were not looked for: ${error.message}`);
  }
  const keys = people.flatMap((person) => ["", ".pub", "-cert.pub"].map((ending) => privateKeyOf(settings, person) + ending));
  const ours = [
    settings.labDir,
    settings.knownHosts,
    ...(await sharedFolders(settings)),
    ...keys,
    ...(all ? [settings.cacheDir] : []),
  ];
  for (const path of ours) await rm(path, { recursive: true, force: true });
  for (const folder of [settings.root, settings.keysDir]) await removeTemporaries(folder);
  await rmdir(settings.keysDir).catch(() => undefined); // stays when somebody keeps other keys there
  progress.say(
    all
      ? "removed the lab's files and the downloads"
      : `removed the lab's files; the downloads stay in ${settings.cacheDir} (-- --all removes them)`,
  );
  const isLabs = new URL(settings.vault.address).port === String(settings.names.ports.vault); // VAULT_ADDR may name the lab's own
  if (settings.vault.external && !isLabs)
    progress.say(`${settings.vault.address} was left as it is: its mounts hold the CAs' keys`);
}

/** What is built for all labs of this checkout goes with the last of them: another may be at work. */
async function sharedFolders({ root, names }: LabSettings): Promise<readonly string[]> {
  const labs = (await readdir(root)).filter((name) => /^\.lab(-|$)/.test(name) && name !== names.folder);
  return labs.length === 0 ? [join(root, "dist"), join(root, "build")] : [];
}
