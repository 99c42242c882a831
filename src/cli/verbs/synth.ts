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
  .argument("<roles>", `a JSON file; times are in seconds: ${smallest}`)
  .requiredOption("--out <folder>", "the output folder: each CA's configuration goes to stacks/<mount> in it")
  .action(async (file: string, { out }: Options) => {
    const stacks = await readRolesFile(file);
    await synthesise(stacks, out);
    print(stacks.cas.map(({ mount }) => printable(join(out, "stacks", mount))).join("\n"));
    talk("each is a root module of Terraform or OpenTofu; VAULT_ADDR and VAULT_TOKEN say where it is applied");
    for (const { mount } of stacks.cas) {
      talk(`the signing key is not Terraform's: where curl -sS "$VAULT_ADDR/v1/${mount}/public_key" shows none, it is made by`);
      talk(`  vault write ${mount}/config/ca generate_signing_key=true key_type=ed25519`);
    }
  });
