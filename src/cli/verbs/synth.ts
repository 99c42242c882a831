/** `ssh-trust synth`: Terraform's configuration for people who run Terraform themselves. */
import { join } from "node:path";
import { printable } from "../../ground/printable.js";
import { readRolesFile } from "../../operator/roles-file.js";
import { verb } from "../../terminal/command.js";
import { print, talk } from "../../terminal/report.js";
import { synthesise } from "../../terraform/synth.js";

/** The smallest file: one CA for users. */
const smallest =
  '{ "cas": [ { "mount": "user-ssh", "name": "admins", "certificates": "user", "principals": [ "admin" ], "ttl": 900, "maxTtl": 3600 } ] }';

interface Options {
  readonly out: string;
}

export const synth = verb("synth", ["roles.json --out terraform"])
  .argument("<roles>", `a JSON file, in seconds, such as: ${smallest}`)
  .requiredOption("--out <folder>", "where to write: a folder for each stack in it, below stacks")
  .action(async (file: string, { out }: Options) => {
    const stacks = await readRolesFile(file);
    await synthesise(stacks, out);
    const names = [...stacks.cas.map(({ mount }) => mount), ...stacks.machines.map(({ stack }) => stack)];
    print(names.map((name) => printable(join(out, "stacks", name))).join("\n"));
    talk("each is a root module of Terraform or OpenTofu; VAULT_ADDR and VAULT_TOKEN say where it is applied");
    for (const { mount } of stacks.cas) {
      talk(`then, once: vault write ${mount}/config/ca generate_signing_key=true key_type=ed25519`);
    }
  });
