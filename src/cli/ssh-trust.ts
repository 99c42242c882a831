/** The `ssh-trust` command. */
import { programName } from "../settings/program.js";
import { program } from "../terminal/command.js";
import { main } from "../terminal/main.js";
import { loadVerbs } from "./verbs.js";
import { version } from "./version.js";

await main(
  program(
    "SSH hosts and users prove who they are with certificates",
    await loadVerbs(process.argv.slice(2)),
    ["trace alice@host.example.org", "offline-ca init --domain example.org"],
    version(),
  ),
  { program: programName() },
);
