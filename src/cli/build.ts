/** What `prepare` does when npm calls it during an install: it builds the library, and never fails for want of Docker. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Progress } from "../progress.js";
import { findRoot } from "../settings.js";

/** Compiles the library into `dist`. Without the development packages there is no compiler, and nothing to do. */
export async function build(progress: Progress): Promise<void> {
  const root = findRoot();
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const there = await access(compiler).then(
    () => true,
    () => false,
  );
  if (there) {
    await progress.during("building", () => execa(process.execPath, [compiler, "-p", "tsconfig.build.json"], { cwd: root }));
  }
  progress.say("built; next: npm run walkthrough (on a machine without Docker: npm run walkthrough -- --install)");
}
