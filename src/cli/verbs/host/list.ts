import type { Command } from "commander";
import { listHosts } from "../../../host/list-hosts.js";
import { rememberHosts } from "../../../people/remembered-names.js";
import { programName } from "../../../settings/program.js";
import { readSignInSettings } from "../../../settings/sign-in.js";
import { verb } from "../../../terminal/command.js";
import { withFormat, type FormatOption } from "../../../terminal/options.js";
import { progressOf } from "../../../terminal/progress-of.js";
import { print, talk, talkInLines } from "../../../terminal/report.js";
import { terminalColumns } from "../../../terminal/wrap.js";
import { usage } from "./options.js";
import { atRegistry } from "./registrar.js";
import { listAsJson, showList } from "./show-list.js";
import { describeCounts, describeFailing } from "./state-words.js";

interface Options extends FormatOption {
  readonly group?: string;
}

const declared = verb("host list", ["", "--group web", "--format json"]).option("--group <group>", "only hosts of this group");

export const list = withFormat(declared).action(async ({ group, format }: Options, command: Command) => {
  await atRegistry("list", async ({ api, stored }) => {
    const groups = stored.fleet.hosts.map(({ name }) => name);
    if (group !== undefined && !groups.includes(group))
      throw usage("list", `--group: the fleet has no group of hosts "${group}" (there are: ${groups.join(", ")})`);
    const hosts = await progressOf(command).during("reading what hosts said", (detail) =>
      listHosts(api, stored, group, (count, all) => {
        detail(`${String(count)} of ${String(all)}`);
      }),
    );
    await rememberHosts(
      readSignInSettings().state,
      hosts.map(({ name }) => name),
    ); // for completion
    if (format === "json") {
      print(listAsJson(hosts));
      return;
    }
    if (hosts.length === 0) {
      talk("there is no host yet");
      return;
    }
    print(showList(hosts, await api.now(), terminalColumns()));
    talkInLines([describeCounts(hosts)]);
    const failing = describeFailing(hosts, programName());
    if (failing !== undefined) talkInLines([failing]);
  });
});
