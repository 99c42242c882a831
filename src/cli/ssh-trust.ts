/** The `ssh-trust` command. */
import { docsFolder, ownPackage } from "../ground/own-package.js";
import { programName } from "../settings/program.js";
import { program } from "../terminal/command.js";
import { main } from "../terminal/main.js";
import { loadVerbs } from "./load-verbs.js";

await main(
  program(
    "SSH hosts and users prove who they are with certificates",
    await loadVerbs(process.argv.slice(2)),
    ["init --vault https://vault.example.org:8200 --domain example.org", "apply --plan", "trace alice@host.example.org"],
    ownPackage().version,
  ),
  { program: programName(), docs: docsFolder() },
);
