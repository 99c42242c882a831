/** `ssh-trust agent status`: what the agent holds, for whom, until when, and what it decided. */
import type { Command } from "commander";
import { fail } from "../../../errors/catalogue.js";
import { verb as call } from "../../../errors/hint.js";
import { ownPackage } from "../../../ground/own-package.js";
import { printable } from "../../../ground/printable.js";
import { askStatus, type AgentStatus } from "../../../people/agent/control.js";
import { agentPlace } from "../../../people/agent/place.js";
import { programName } from "../../../settings/program.js";
import { readSignInSettings } from "../../../settings/sign-in.js";
import { verb } from "../../../terminal/command.js";
import { asJson } from "../../../terminal/json.js";
import { withFormat, type FormatOption } from "../../../terminal/options.js";
import { print, talk } from "../../../terminal/report.js";
import { terminalColumns } from "../../../terminal/wrap.js";
import { describeStatus } from "../../agent/describe-status.js";

interface Options extends FormatOption {
  readonly last: string;
}

const declared = verb("agent status", ["", "--last 100", "--format json"]).option(
  "--last <number>",
  "how many of its last decisions are shown",
  "10",
);

export const status: Command = withFormat(declared).action(async ({ format, last }: Options) => {
  if (!/^(?:\d{1,2}|100)$/.test(last))
    throw fail("USAGE", { what: "--last is a number up to 100", help: call("agent status --help") });
  const place = await agentPlace(readSignInSettings());
  const found = await askStatus(place.control);
  if (found === undefined) throw fail("AGENT_NOT_RUNNING", { socket: place.socket });
  const shown: AgentStatus = { ...found, decisions: Number(last) === 0 ? [] : found.decisions.slice(-Number(last)) };
  if (format === "json") {
    print(asJson(shown));
    return;
  }
  print(describeStatus(shown, new Date(), terminalColumns()));
  const { version } = ownPackage();
  if (found.version !== version)
    talk(`it is of version ${printable(found.version)}, and this is ${version}: ${programName()} agent stop, then agent start`);
  if (found.people.length === 0) talk(`nobody is signed in: ${programName()} login`);
});
