import { fail } from "../../../errors/catalogue.js";
import { roleOfHost } from "../../../host/app-role.js";
import { domainOfHost } from "../../../host/host.js";
import { findHost } from "../../../host/list-hosts.js";
import { readWriters } from "../../../host/writers.js";
import { verb } from "../../../terminal/command.js";
import { asJson } from "../../../terminal/json.js";
import { withFormat, type FormatOption } from "../../../terminal/options.js";
import { print } from "../../../terminal/report.js";
import { terminalColumns } from "../../../terminal/wrap.js";
import { askedHosts } from "./names.js";
import { atRegistry } from "./registrar.js";
import { shownAsData, showHost } from "./show-host.js";

const declared = verb("host show", ["web-1.example.org", "web-1.example.org --format json"]).argument(
  "<name>",
  "the host's full name",
);

export const show = withFormat(declared).action(async (name: string, { format }: FormatOption) => {
  await askedHosts("show", [name], undefined);
  await atRegistry("show", async ({ api, stored }) => {
    const role = await roleOfHost(api, name, domainOfHost(stored.fleet, name));
    const host = await findHost(api, stored, name, role);
    if (host === undefined) throw fail("HOST_UNKNOWN", { name });
    const shown = { host, role, writers: await readWriters(api, name), stored, now: await api.now() };
    print(format === "json" ? asJson(shownAsData(shown)) : showHost(shown, terminalColumns()));
  });
});
