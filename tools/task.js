/**
 * Starts an npm task of this checkout: `node tools/task.js <task> [arguments]`. The sources are TypeScript; they are compiled
 * when they have changed since the last start, all in less than a second, and start four times as fast as they would through
 * a loader. Plain JavaScript, as it runs before anything is compiled.
 */
import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundling, copyScripts } from "./bundling.js";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const sources = ["bench", "lab", "scripts", "src", "stacks", "tools"];
/** What else a bundle depends on: the packages that are installed, and the compiler's options. */
const others = ["node_modules/.package-lock.json", "tsconfig.json"];

/** What builds stays where npm put it. */
const builders = ["@cyclonedx/cyclonedx-esbuild", "esbuild", "rollup", "rollup-plugin-dts"];

/**
 * The folder with a compiled module for each task, and for `ssh-trust`. It is as deep below the root as the folders of the
 * sources: modules find the root from where they are.
 */
export async function compiled() {
  const folder = join(root, "build", digest());
  if (!existsSync(folder)) await compile(folder);
  const now = new Date();
  utimesSync(folder, now, now);
  return folder;
}

/** Of names, sizes and times of all that is compiled. */
function digest() {
  const files = sources.flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name))
      : [],
  );
  const hash = createHash("sha256").update(process.version);
  for (const file of [...files, ...others].sort()) {
    // An editor's link to nowhere is no source.
    const found = statSync(join(root, file), { throwIfNoEntry: false });
    if (found?.isFile()) hash.update(`${file} ${found.size} ${found.mtimeMs}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}

/** Other builds are kept for a day after they were last started: they may be running. */
async function compile(folder) {
  const { build, stop } = await import("esbuild");
  const builds = join(root, "build");
  const draft = join(builds, `.draft-${process.pid}`);
  const scripts = readdirSync(join(root, "scripts")).filter((name) => name.endsWith(".ts"));
  const tasks = scripts.map((name) => [basename(name, ".ts"), join("scripts", name)]);
  if (existsSync(join(root, "bench"))) tasks.push(["bench", "bench/index.ts"]);
  mkdirSync(draft, { recursive: true });
  const options = bundling(root);
  // Two builds: what only tasks share stays in a few files, which load faster than a hundred.
  const bundles = [tasks, [["ssh-trust", "src/cli/ssh-trust.ts"]]].map((entries) =>
    build({
      ...options,
      entryPoints: Object.fromEntries(entries),
      outdir: draft,
      external: [...options.external, ...builders],
      sourcemap: true,
    }),
  );
  await Promise.all(bundles);
  await stop();
  await copyScripts(root, draft);
  try {
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true });
    if (!existsSync(folder)) throw error; // else another start was quicker
  }
  const yesterday = Date.now() - 24 * 3600 * 1000;
  for (const name of readdirSync(builds)) {
    const old = join(builds, name);
    const { mtimeMs = Infinity } = statSync(old, { throwIfNoEntry: false }) ?? {};
    if (mtimeMs < yesterday) rmSync(old, { recursive: true, force: true });
  }
}

/** What a person types: `npm run prepare`. Everything else that npm runs it in is an install, or makes a package. */
const typed = ["run-script", "run", "rum", "urn", "test", undefined];

/** Whether npm makes a package of this folder: `npm pack`, `npm publish`, or an install from a git repository. */
const isPacking = ({ npm_command: command, npm_package_resolved: resolved }) =>
  ["pack", "publish"].includes(command) || resolved !== undefined;

async function start(asked, args) {
  const isHook = asked === "prepare" && !typed.includes(process.env.npm_command);
  if (isHook && !isPacking(process.env)) {
    // An install must not fail, for whatever is missing here.
    process.stderr.write("next: npm run walkthrough (on a machine without Docker: npm run walkthrough -- --install)\n");
    return;
  }
  const task = isHook ? "build" : asked;
  const module = join(await compiled(), `${task}.js`);
  if (args.includes("--debug")) process.setSourceMapsEnabled(true);
  process.argv = [process.execPath, module, ...args];
  await import(pathToFileURL(module).href);
}

const isCalled = process.argv[1] !== undefined && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url));
if (isCalled) {
  const [task = "", ...args] = process.argv.slice(2);
  await start(task, args);
}
