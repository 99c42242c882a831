/** What `npm run build` does, and `prepare` when npm calls it during an install: it never fails for want of Docker. */
import { access, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../src/ground/progress.js";
import { findRoot } from "../lab/settings/lab.js";

/**
 * Makes what is published in a new `dist`: nothing of an older build is left in it. Without the development packages there is
 * no bundler, and nothing to do.
 */
export async function build(progress: Progress): Promise<void> {
  const root = findRoot();
  const there = await access(join(root, "node_modules", "esbuild")).then(
    () => true,
    () => false,
  );
  if (!there) return;
  const dist = join(root, "dist");
  await progress.during("building", async () => {
    const [{ bundle }, { rollUpTypes }] = await Promise.all([import("./package/bundle.js"), import("./package/types.js")]);
    await rm(dist, { recursive: true, force: true });
    await Promise.all([bundle(root, dist), rollUpTypes(root, dist)]);
  });
  progress.say("built: dist");
}
