/** The `ssh-trust` command. A verb is a file in `verbs/` and a line here. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findRoot } from "../settings.js";
import { program } from "./command.js";
import { main } from "./main.js";
import { offlineCa } from "./verbs/offline-ca/index.js";
import { trace } from "./verbs/trace.js";

const { version } = JSON.parse(readFileSync(join(findRoot(), "package.json"), "utf8")) as { version: string };

await main(
  program(
    "SSH hosts and users prove who they are with certificates",
    [offlineCa, trace],
    ["ssh-trust trace alice@host.example.org", "ssh-trust offline-ca init --domain example.org"],
    version,
  ),
);
