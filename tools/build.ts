/** What `npm run build` does, and `npm pack` before it packs. */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { schemaText } from "../src/fleet/write-schema.js";
import type { Progress } from "../src/ground/progress.js";
import { findRoot } from "../lab/settings/lab.js";
import { bundle } from "./package/bundle.js";
import { rollUpTypes } from "./package/types.js";

/** Makes what is published in a new `dist`: nothing of an older build is left in it. */
export async function build(progress: Progress): Promise<void> {
  const root = findRoot();
  const dist = join(root, "dist");
  await progress.during("building", async () => {
    await rm(dist, { recursive: true, force: true });
    await Promise.all([bundle(root, dist), rollUpTypes(root, dist)]);
    await writeFile(join(dist, "ssh-trust.schema.json"), schemaText());
  });
  progress.say("built: dist");
}
