import type { Command } from "commander";
import { reissueHost } from "../../../host/add.js";
import { findHost } from "../../../host/list-hosts.js";
import { verb } from "../../../terminal/command.js";
import { talk } from "../../../terminal/report.js";
import { terminalColumns } from "../../../terminal/wrap.js";
import { agreed, withYes, type YesOption } from "../../ask-first.js";
import { handOver, onlyEnrolled, type HandOver } from "./hand-over.js";
import { askedHosts } from "./names.js";
import { readBounds, refuseReportBesideFile, requireAnswer, withHandOver, type HandOverOptions } from "./options.js";
import { showList } from "./show-list.js";
import { targetsFor } from "./targets.js";

const declared = verb("host reissue", [
  "web-1.example.org --out user-data",
  "web-1.example.org --yes --out - > user-data",
]).argument("<name>", "the host's full name");

export const reissue = withYes(withHandOver(declared)).action(
  async (name: string, options: HandOverOptions & YesOption, command: Command) => {
    refuseReportBesideFile("reissue", options);
    const bounds = readBounds("reissue", options);
    const asked = await askedHosts("reissue", [name], undefined);
    const targets = await targetsFor("reissue", [name], options, false);
    requireAnswer("reissue", options);
    const asking = options.yes === true ? {} : { mayGoOn: mayGoOn(name) };
    await handOver(command, {
      verb: "reissue",
      asked,
      targets,
      bounds,
      options,
      give: reissueHost,
      problemOf: onlyEnrolled,
      ...asking,
    });
  },
);

const mayGoOn =
  (name: string): NonNullable<HandOver["mayGoOn"]> =>
  async ({ api, stored }, roles) => {
    const found = await findHost(api, stored, name, roles.get(name));
    if (found !== undefined) talk(showList([found], await api.now(), terminalColumns()));
    return agreed(
      [`once reissued, ${name} cannot renew anything until it has the new file; what was signed is valid until it expires`],
      `reissue ${name}?`,
    );
  };
