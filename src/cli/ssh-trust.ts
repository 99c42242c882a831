/** The `ssh-trust` command. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findRoot } from "../settings.js";
import { program } from "../terminal/command.js";
import { main } from "../terminal/main.js";
import { loadVerbs } from "./verbs.js";

const { version } = JSON.parse(readFileSync(join(findRoot(), "package.json"), "utf8")) as { version: string };

await main(
  program(
    "SSH hosts and users prove who they are with certificates",
    await loadVerbs(process.argv.slice(2)),
    ["ssh-trust trace alice@host.example.org", "ssh-trust offline-ca init --domain example.org"],
    version,
  ),
);
