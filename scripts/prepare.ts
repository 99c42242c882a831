import { build, isLifecycleHook } from "../src/cli/build.js";
import { command, labFor, main, type CommonOptions } from "../src/cli/main.js";
import { prepare } from "../src/lab/prepare.js";

await main(
  command("prepare", "find or fetch the toolchain, make Alice's and Bob's keys, build the images")
    .option("--install", "install what is missing on this machine (Debian or Ubuntu, as root)")
    .action(async (options: CommonOptions) => {
      const lab = labFor(options);
      await (isLifecycleHook(lab.settings) ? build(lab) : prepare(lab));
    }),
);
