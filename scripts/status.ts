import type { Command } from "commander";
import { asJson } from "../src/terminal/json.js";
import { withFormat, type FormatOption } from "../src/terminal/options.js";
import { command, labFor, main } from "../lab/face/task.js";
import { print } from "../src/terminal/report.js";
import { showStatus } from "../lab/face/show-status.js";
import { readStatus } from "../lab/status.js";

await main(
  withFormat(
    command("status", "what runs, on which port, which CAs, which certificates and until when", ["--format json"]),
  ).action(async ({ format }: FormatOption, declared: Command) => {
    const status = await readStatus(labFor(declared));
    print(format === "json" ? asJson(status) : showStatus(status));
  }),
);
