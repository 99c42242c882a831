/** What npm says to the tasks that it runs. */
import type { Env } from "../../src/settings/reader.js";

/**
 * Whether npm runs this process as part of `npm ci`, `npm install`, `npm pack` and the like, and not by `npm run`. It looks
 * at nothing else of the environment: an install must not fail for a setting that only the lab needs.
 */
export function isLifecycleHook(env: Env = process.env): boolean {
  const command = env["npm_command"];
  return command !== undefined && !["run-script", "run", "rum", "urn", "test"].includes(command);
}

/** Options that npm has too: where one is set, it was meant for npm, perhaps long ago and somewhere else. */
const npmsOwn: readonly string[] = ["--all", "--yes", "--version"];

/**
 * Which of these options npm kept for itself, because they did not come after `--`: `npm run sign-user-key alice --ttl 1m`.
 * It leaves them in the environment.
 */
export function keptByNpm(options: readonly string[], env: Env = process.env): readonly string[] {
  if (isLifecycleHook(env)) return [];
  const variable = (option: string) => `npm_config_${option.replace(/^--/, "").replaceAll("-", "_")}`;
  return [...new Set(options)].filter((option) => !npmsOwn.includes(option) && env[variable(option)] !== undefined);
}
