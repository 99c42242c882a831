/** What the docs claim about speed, measured again: `npm run bench`. Interleaved runs, medians, ratios. */
import { Argument, InvalidArgumentError, type Command } from "commander";
import { command, labFor, main } from "../lab/face/task.js";
import { apply } from "./apply.js";
import { boot } from "./boot.js";
import { directory } from "./directory/directory.js";
import { knownHosts } from "./known-hosts.js";
import { login } from "./login/login.js";
import { start } from "./start.js";
import { walkthroughFigures } from "./walkthrough-figures.js";

const benches = { apply, boot, "walkthrough-figures": walkthroughFigures, login, directory, "known-hosts": knownHosts, start };
const all = Object.keys(benches) as (keyof typeof benches)[];

function roundsOf(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError("It must be a whole number, from 1 to 999.");
  return Number(text);
}

await main(
  command("bench", "measure what the docs claim about speed", ["known-hosts", "known-hosts --rounds 1"])
    .addArgument(new Argument("[only]", "one measurement; without it, all of them").choices(all))
    .option("--rounds <number>", "how often each is run", roundsOf, 9)
    .action(async (only: keyof typeof benches | undefined, { rounds }: { rounds: number }, declared: Command) => {
      const lab = labFor(declared);
      for (const name of only === undefined ? all : [only]) await benches[name](lab, rounds);
    }),
);
