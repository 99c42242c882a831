/** The types of the public surface, in one file: whoever imports the package needs none of what it is built from. */
import { join } from "node:path";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

/** @throws where a type of another package would be left in it */
export async function rollUpTypes(root: string, outdir: string): Promise<void> {
  const rolled = await rollup({
    input: join(root, "src/index.ts"),
    plugins: [dts({ tsconfig: join(root, "tsconfig.json") })],
    external: (name) => !name.startsWith(".") && !name.startsWith("/"),
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
  });
  const { output } = await rolled.write({ file: join(outdir, "index.d.ts"), banner: '/// <reference types="node" />' });
  await rolled.close();
  const foreign = output.flatMap((each) => ("imports" in each ? each.imports : [])).filter((name) => !name.startsWith("node:"));
  if (foreign.length > 0) throw new Error(`the public types need ${foreign.join(", ")}`);
}
