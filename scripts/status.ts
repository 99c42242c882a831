import { Option } from "commander";
import { command, labFor, main, type CommonOptions } from "../src/cli/task.js";
import { print } from "../src/cli/report.js";
import { showStatus } from "../src/cli/show-status.js";
import { readStatus } from "../src/lab/status.js";

await main(
  command("status", "what runs, on which port, which CAs, which certificates and until when", ["--format json"])
    .addOption(new Option("--format <format>", "how to print it").choices(["text", "json"]).default("text"))
    .action(async (options: CommonOptions & { format: "text" | "json" }) => {
      const status = await readStatus(labFor(options));
      print(options.format === "json" ? JSON.stringify(status, null, 2) : showStatus(status));
    }),
);
