import { asJson } from "../src/terminal/json.js";
import { withFormat, type FormatOption } from "../src/terminal/options.js";
import { command, labFor, main, type CommonOptions } from "../lab/face/task.js";
import { print } from "../src/terminal/report.js";
import { showStatus } from "../lab/face/show-status.js";
import { readStatus } from "../lab/status.js";

await main(
  withFormat(
    command("status", "what runs, on which port, which CAs, which certificates and until when", ["--format json"]),
  ).action(async (options: CommonOptions & FormatOption) => {
    const status = await readStatus(labFor(options));
    print(options.format === "json" ? asJson(status) : showStatus(status));
  }),
);
