/**
 * Before and after `npm pack`: `trim` leaves in package.json what concerns whoever installs the package, `restore` puts the
 * whole one back. Plain JavaScript, as npm runs it by itself.
 */
import { existsSync, renameSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const manifest = fileURLToPath(new URL("../../package.json", import.meta.url));
const whole = `${manifest}.whole`;

/** Of development: the tasks (npm warns of `prepare`, though it never runs it for a package), and what they need. */
const ofDevelopment = ["scripts", "devDependencies", "overrides"];

function trim() {
  if (existsSync(whole)) throw new Error(`${whole} is left from an npm pack that was interrupted: move it to package.json first`);
  const text = readFileSync(manifest, "utf8");
  const kept = Object.entries(JSON.parse(text)).filter(([key]) => !ofDevelopment.includes(key));
  writeFileSync(whole, text);
  writeFileSync(manifest, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
}

if (process.argv[2] === "trim") trim();
else renameSync(whole, manifest);
