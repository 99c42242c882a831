import { command, labFor, main, type CommonOptions } from "../lab/face/task.js";
import { parseTtl, personNamed, signUserKey } from "../lab/tutorial/people.js";
import { performNeeds } from "../lab/tasks.js";

await main(
  command("sign-user-key", "have a person's key signed by the user CA", ["alice", "alice --ttl 1m0s"])
    .argument("<person>", "alice or bob")
    .option("--ttl <duration>", "how long the certificate lasts, e.g. 1m0s")
    .action(async (name: string, options: CommonOptions & { ttl?: string }) => {
      const person = personNamed(name);
      const ttl = options.ttl === undefined ? undefined : parseTtl(options.ttl);
      const lab = labFor(options);
      await performNeeds(lab, "sign-user-key", ["generate-user-signing-key"]);
      await signUserKey(lab, person, ttl);
    }),
);
