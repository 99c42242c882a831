/** What `npm run build` does, and `prepare` when npm calls it during an install: it never fails for want of Docker. */
import { access, cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Progress } from "../src/ground/progress.js";
import { findRoot } from "../lab/settings/lab.js";

/**
 * Compiles the library into a new `dist`: nothing of an older build is published. Without the development packages there is
 * no compiler, and nothing to do.
 */
export async function build(progress: Progress): Promise<void> {
  const root = findRoot();
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const there = await access(compiler).then(
    () => true,
    () => false,
  );
  if (!there) return;
  await progress.during("building", async () => {
    await rm(join(root, "dist"), { recursive: true, force: true });
    await execa(process.execPath, [compiler, "-p", "tsconfig.build.json"], { cwd: root });
    await copyShellScripts(join(root, "src"), join(root, "dist", "src"));
  });
  progress.say("built: dist");
}

/** The compiler leaves them out; they lie beside the modules that name them. */
async function copyShellScripts(from: string, to: string): Promise<void> {
  for (const name of await readdir(from, { recursive: true }))
    if (name.endsWith(".sh")) await cp(join(from, name), join(to, name));
}
