import { asJson } from "../src/cli/json.js";
import { withFormat, type FormatOption } from "../src/cli/options.js";
import { command, labFor, main, type CommonOptions } from "../src/cli/task.js";
import { print } from "../src/cli/report.js";
import { showStatus } from "../src/cli/show-status.js";
import { readStatus } from "../src/lab/status.js";

await main(
  withFormat(
    command("status", "what runs, on which port, which CAs, which certificates and until when", ["--format json"]),
  ).action(async (options: CommonOptions & FormatOption) => {
    const status = await readStatus(labFor(options));
    print(options.format === "json" ? asJson(status) : showStatus(status));
  }),
);
