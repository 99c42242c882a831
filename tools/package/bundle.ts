/** The published code: our modules and all that they import, in a few files. CDKTF stays outside: it is an optional peer. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cyclonedxEsbuildPlugin } from "@cyclonedx/cyclonedx-esbuild";
import { build } from "esbuild";
import { bundling, copyScripts } from "../bundling.js";
import { licencesOf } from "./licences.js";

/** What is called from outside; all that they share goes to files of its own. */
const entries = { "ssh-trust": "src/cli/ssh-trust.ts", index: "src/index.ts", "stacks/main": "stacks/main.ts" };

/** Writes the modules, the scripts that they start, the licences of what is in them, and an SBOM (CycloneDX 1.6). */
export async function bundle(root: string, outdir: string): Promise<void> {
  const options = bundling(root);
  const { metafile } = await build({
    ...options,
    entryPoints: entries,
    outdir,
    chunkNames: "[name]-[hash]",
    legalComments: "none", // they are in the file of licences
    metafile: true,
    plugins: [
      ...options.plugins,
      cyclonedxEsbuildPlugin({
        outputFile: "sbom.cdx.json",
        outputReproducible: true,
        validate: true,
        logLevel: "silent", // it throws all the same
      }),
    ],
  });
  await writeFile(join(outdir, "THIRD-PARTY-LICENCES.txt"), await licencesOf(root, Object.keys(metafile.inputs)));
  await copyScripts(root, outdir);
}
