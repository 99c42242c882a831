/**
 * How this project is bundled, for people (tools/package) and for its own tasks (tools/task.js). Plain JavaScript, as it runs
 * before anything is compiled.
 */
import { readdirSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { basename, join } from "node:path";

/** What is never in a bundle: CDKTF is an optional peer, ssh2 is native code. */
const external = ["cdktf", "constructs", "@cdktf/provider-vault", "ssh2"];

/** How a dependency's CommonJS asks for Node's own modules. */
const banner =
  'import { createRequire as createRequireOf } from "node:module"; const require = createRequireOf(import.meta.url);';

/**
 * Modules that dependencies load at once and that this project seldom or never uses: each is loaded when it is used.
 * node-vault has a transport of ours in the place of axios; Docker is reached by ssh only where DOCKER_HOST says so, and never
 * asked for a session of BuildKit's, which is what gRPC is for.
 */
const late = [
  { from: /[\\/]node-vault[\\/]/, names: ["axios"] },
  { from: /[\\/]docker-modem[\\/]/, names: ["ssh2"] },
  { from: /[\\/]dockerode[\\/]/, names: ["@grpc/grpc-js", "@grpc/proto-loader"] },
];

/** @type {import("esbuild").Plugin} */
const lateModules = {
  name: "late-modules",
  setup(build) {
    for (const { from, names } of late) {
      build.onResolve({ filter: new RegExp(`^(?:${names.join("|")})$`) }, ({ path, importer, kind }) =>
        kind === "require-call" && from.test(importer) ? { path, namespace: "late" } : undefined,
      );
    }
    // A function, as `new` and calls work on it; the real thing stays in node_modules.
    build.onLoad({ filter: /.*/, namespace: "late" }, ({ path }) => ({
      contents: `const name = ${JSON.stringify(path)};
const real = () => require(name);
module.exports = new Proxy(function () {}, { get: (_, key) => late(() => real()[key]) });
function late(find) {
  return new Proxy(function () {}, {
    get: (_, key) => find()[key],
    apply: (_, self, args) => Reflect.apply(find(), self, args),
    construct: (_, args) => Reflect.construct(find(), args),
  });
}
`,
      loader: "js",
    }));
  },
};

/** What all bundles have in common. @param {string} root the project's folder */
export const bundling = (root) => ({
  absWorkingDir: root,
  bundle: true,
  splitting: true,
  format: /** @type {const} */ ("esm"),
  platform: /** @type {const} */ ("node"),
  target: "node20.19",
  external,
  preserveSymlinks: true, // node_modules may be one; where it leads to is nobody's business
  banner: { js: banner },
  logLevel: /** @type {const} */ ("warning"),
  plugins: [lateModules],
});

/** A module names a script, or a unit of systemd, as its neighbour; bundled modules have one folder. @param {string} root @param {string} to */
export async function copyScripts(root, to) {
  const found = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  const scripts = found.filter((name) => /\.(?:sh|service|timer)$/.test(name));
  const names = scripts.map((name) => basename(name));
  if (new Set(names).size < names.length) throw new Error("two scripts of src/ have one name");
  for (const name of scripts) await copyFile(join(root, "src", name), join(to, basename(name)));
}
