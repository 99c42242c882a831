import type { Command } from "commander";
import { parseDuration } from "../src/ground/duration.js";
import { command, labFor, main } from "../lab/face/task.js";
import { personNamed, signUserKey } from "../lab/tutorial/people.js";
import { performNeeds } from "../lab/tasks.js";

await main(
  command("sign-user-key", "have a person's key signed by the user CA", ["alice", "alice --ttl 1m0s"])
    .argument("<person>", "alice or bob")
    .option("--ttl <duration>", "how long the certificate lasts, e.g. 1m0s")
    .action(async (name: string, options: { ttl?: string }, declared: Command) => {
      const person = personNamed(name);
      const ttl = options.ttl === undefined ? undefined : parseDuration(options.ttl);
      const lab = labFor(declared);
      await performNeeds(lab, "sign-user-key", ["generate-user-signing-key"]);
      await signUserKey(lab, person, ttl);
    }),
);
