/** `ssh-trust hosts`: what the directory knows of the fleet's hosts, for people; and whether a console shows a host's keys. */
import { Option, type Command } from "commander";
import { checkConsoleLog } from "../../directory/console-log.js";
import { filters, type Filter, type HostDetail } from "../../directory/contract.js";
import { fail } from "../../errors/catalogue.js";
import { verb as call } from "../../errors/hint.js";
import { problemOfHostName } from "../../fleet/names.js";
import { printable } from "../../ground/printable.js";
import { rememberHosts } from "../../people/remembered-names.js";
import { readSignInSettings } from "../../settings/sign-in.js";
import { verb } from "../../terminal/command.js";
import { asJson } from "../../terminal/json.js";
import { signalOf } from "../../terminal/main.js";
import { withFormat, type FormatOption } from "../../terminal/options.js";
import { print, talk, talkInLines } from "../../terminal/report.js";
import { terminalColumns } from "../../terminal/wrap.js";
import { atDirectory } from "../at-directory.js";
import { readConsole } from "../read-console.js";
import { describeAge, describeFound, listRows, showDetail } from "../show-directory.js";
import { withSignIn, type SignInOptions } from "../signed-in.js";

interface Options extends SignInOptions, FormatOption {
  readonly group?: string;
  readonly filter?: Filter;
  readonly search?: string;
  readonly console?: string;
}

const declared = verb("hosts", [
  "",
  "--group web --filter expiring",
  "--search web --format json",
  "web-1.example.org",
  "web-1.example.org --console console.log",
]).argument("[name]", "a host's full name; default: all hosts");

export const hosts: Command = withFormat(withSignIn(declared))
  .option("--group <group>", "only hosts of this group")
  .addOption(
    new Option("--filter <filter>", "only hosts in this state; expiring: soon or already; stale: not heard of for long").choices([
      ...filters,
    ]),
  )
  .option("--search <text>", "only hosts whose name contains this")
  .option("--console <file>", "with a name: say whether a console's log shows this host's keys; - is standard input")
  .action(async (name: string | undefined, options: Options, command: Command) => {
    if (name === undefined) await showAll(options, command);
    else await showOne(name, options, command);
  });

const usage = (what: string) => fail("USAGE", { what, help: call("hosts --help") });
const remember = (names: readonly string[]) => rememberHosts(readSignInSettings().state, names); // for completion

/** Pages are asked for one after the other. */
const pageSize = 500;

async function showAll({ group, filter, search, console: log, format, ...options }: Options, command: Command): Promise<void> {
  if (log !== undefined) throw usage("--console says whether a log is of one host: name it");
  const { listed, first } = await atDirectory("hosts", options, signalOf(command), async (directory) => {
    const query = { size: pageSize, q: search, group, filter };
    const first = await directory.hosts({ ...query, page: 1 });
    const listed = [...first.hosts];
    for (let page = 2; page <= first.pages; page++) listed.push(...(await directory.hosts({ ...query, page })).hosts);
    return { first, listed };
  });
  const found = [...new Map(listed.map((each) => [each.name, each])).values()]; // one may move to the next page meanwhile
  await remember(found.map((each) => each.name));
  if (format === "json") {
    print(asJson({ hosts: found, asOf: first.asOf, age: first.age, stale: first.stale, complete: first.complete }));
    return;
  }
  if (found.length === 0) talk("the directory shows no such host");
  else print(listRows(found, new Date()));
  if (!first.complete) talk("the directory has just started, and has not read all hosts yet");
  talkInLines(describeAge(first));
}

async function showOne(name: string, options: Options, command: Command): Promise<void> {
  const { group, filter, search, console: log, format } = options;
  if (group !== undefined || filter !== undefined || search !== undefined)
    throw usage("--group, --filter and --search are for the list of all hosts: leave out the name, or leave out these");
  const problem = problemOfHostName(name);
  if (problem !== undefined) throw fail("HOST_NAME_INVALID", { name: printable(name), problem });
  const text = log === undefined ? undefined : await readConsole(log);
  const host = await atDirectory("hosts", options, signalOf(command), (directory) => directory.host(name));
  await remember([name]);
  if (text !== undefined) {
    talkInLines(describeAge(host));
    compareConsole(host, text, format);
    return;
  }
  print(format === "json" ? asJson(host) : showDetail(host, new Date(), terminalColumns()));
  if (format !== "json") talkInLines(describeAge(host));
}

/** @throws DIRECTORY_CONSOLE_DIFFERENT, DIRECTORY_CONSOLE_EMPTY */
function compareConsole(host: HostDetail, text: string, format: FormatOption["format"]): void {
  const verdict = checkConsoleLog(text, host.keys);
  if (format === "json") print(asJson({ host: host.name, ...verdict }));
  else if (verdict.found.length > 0) print(describeFound(verdict));
  if (verdict.kind === "none") throw fail("DIRECTORY_CONSOLE_EMPTY", { name: host.name });
  if (verdict.kind === "different") {
    const foreign = verdict.found.filter(({ known }) => !known);
    const found = foreign.map(({ kind = "key", fingerprint }) => `${kind} ${fingerprint}`).join("\n");
    throw fail("DIRECTORY_CONSOLE_DIFFERENT", { name: host.name, found });
  }
  talk(`the console shows keys of ${host.name}, and no other host key`);
}
