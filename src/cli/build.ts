/** What `prepare` does when npm calls it during an install: it builds the library, and never fails for want of Docker. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Lab } from "../lab/lab.js";
import type { Settings } from "../settings.js";

/** Whether npm runs this as part of `npm ci`, `npm install`, `npm pack` and the like, and not by `npm run`. */
export function isLifecycleHook({ npmCommand }: Pick<Settings, "npmCommand">): boolean {
  return npmCommand !== undefined && !["run-script", "run", "rum", "urn"].includes(npmCommand);
}

/** Compiles the library into `dist`. Without the development packages there is no compiler, and nothing to do. */
export async function build(lab: Lab): Promise<void> {
  const { root } = lab.settings;
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  if (
    await access(compiler).then(
      () => true,
      () => false,
    )
  ) {
    await lab.progress.during("building", () => execa(process.execPath, [compiler, "-p", "tsconfig.build.json"], { cwd: root }));
  }
  lab.progress.say("built; next: npm run walkthrough (on a machine without Docker: npm run walkthrough -- --install)");
}
