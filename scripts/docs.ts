import { writeFile } from "node:fs/promises";
import { command, main } from "../lab/face/task.js";
import { cdktfJson } from "../tools/cdktf-json.js";
import { errorsPage } from "../tools/errors-page.js";
import { walkthroughPage } from "../tools/walkthrough-page.js";

await main(
  command("docs", "write the pages of docs/ that come from the sources, and cdktf.json").action(async () => {
    await writeFile("docs/errors.md", errorsPage());
    await writeFile("docs/walkthrough.md", walkthroughPage());
    await writeFile("cdktf.json", cdktfJson());
  }),
);
