/** The published code: our modules and all that they import, in a few files. CDKTF stays outside: it is an optional peer. */
import { cp, readdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { cyclonedxEsbuildPlugin } from "@cyclonedx/cyclonedx-esbuild";
import { build } from "esbuild";
import { licencesOf } from "./licences.js";

/** What is called from outside; all that they share goes to files of its own. */
const entries = { "ssh-trust": "src/cli/ssh-trust.ts", index: "src/index.ts", "stacks/main": "stacks/main.ts" };

/** The name by which a dependency's CommonJS asks for Node's own modules. */
const banner =
  'import { createRequire as createRequireOfNode } from "node:module"; const require = createRequireOfNode(import.meta.url);';

/** Writes the modules, the scripts that they start, the licences of what is in them, and an SBOM (CycloneDX 1.6). */
export async function bundle(root: string, outdir: string): Promise<void> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    external: ["cdktf", "constructs", "@cdktf/provider-vault"],
    banner: { js: banner },
    chunkNames: "[name]-[hash]",
    preserveSymlinks: true, // node_modules may be one; where it leads to is nobody's business
    legalComments: "none", // they are in the file of licences
    metafile: true,
    logLevel: "warning",
    plugins: [
      cyclonedxEsbuildPlugin({
        outputFile: "sbom.cdx.json",
        outputReproducible: true,
        validate: true,
        logLevel: "silent", // it throws all the same
      }),
    ],
  });
  await writeFile(join(outdir, "THIRD-PARTY-LICENCES.txt"), await licencesOf(root, Object.keys(metafile.inputs)));
  await copyShellScripts(join(root, "src"), outdir);
}

/** A module names a script as its neighbour; the bundled modules have one folder. */
async function copyShellScripts(from: string, to: string): Promise<void> {
  for (const name of await readdir(from, { recursive: true }))
    if (name.endsWith(".sh")) await cp(join(from, name), join(to, basename(name)), { errorOnExist: true, force: false });
}
