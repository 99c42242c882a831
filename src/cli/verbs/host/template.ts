import { isAbsolute } from "node:path";
import type { HostGroup } from "../../../fleet/fleet.js";
import type { StoredFleet } from "../../../fleet/stored.js";
import { printable } from "../../../ground/printable.js";
import { shellWord } from "../../../ground/shell-word.js";
import { handedToGroup } from "../../../host/hand-over/files.js";
import { renderer } from "../../../host/hand-over/render.js";
import { tlsForHosts } from "../../../host/hand-over/tls.js";
import { isSetting } from "../../../host/settings.js";
import { verb } from "../../../terminal/command.js";
import { print, talkInLines } from "../../../terminal/report.js";
import { sizeWarning } from "./describe-added.js";
import { usage, withFile, type FileOptions } from "./options.js";
import { atRegistry } from "./registrar.js";
import { targetsFor } from "./targets.js";

interface Options extends FileOptions {
  readonly tokenFile: string;
}

const declared = verb("host template", [
  "pods --token-file /run/token --out user-data",
  "pods --token-file /run/token --format env --out -",
]).argument("<group>", "a group of hosts that has jwt in the fleet file");

export const template = withFile(declared)
  .requiredOption("--token-file <path>", "where a machine finds the token that its platform gives it")
  .action(async (name: string, options: Options) => {
    const { tokenFile, format, out, installed, harden = false } = options;
    if (!isAbsolute(tokenFile) || !isSetting(tokenFile))
      throw usage("template", `--token-file: "${printable(tokenFile)}" is not a whole path of plain characters`);
    if (/^\/(?:tmp|var\/tmp|home|root|run\/user)(?:\/|$)/.test(tokenFile))
      throw usage(
        "template",
        `--token-file: the service on the machine does not see ${tokenFile}: take a place such as /run/token`,
      );
    const targets = await targetsFor("template", [name], options, false);
    await atRegistry("template", async ({ settings, stored }) => {
      const group = groupNamed(stored, name);
      const tls = await tlsForHosts(settings, stored);
      const text = (await renderer(format, installed))(handedToGroup(group, tokenFile, { stored, harden, ...tls }));
      await targets.prepare();
      const file = await targets.write(name, text);
      if (file !== undefined) print(printable(file));
      talkInLines([
        `machines of ${name} that start with it enrol themselves; it holds no secret, and is the same for all of them`,
      ]);
      if (format === "user-data") talkInLines(sizeWarning(text, shellWord(out)));
    });
  });

function groupNamed({ fleet }: StoredFleet, name: string): HostGroup {
  const group = fleet.hosts.find((each) => each.name === name);
  if (group !== undefined) return group;
  const groups = fleet.hosts.map((each) => each.name).join(", ");
  throw usage("template", `the fleet has no group of hosts "${printable(name)}" (there are: ${groups})`);
}
