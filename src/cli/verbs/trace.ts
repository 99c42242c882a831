/** `ssh-trust trace`: one login, seen from inside. */
import type { Command } from "commander";
import { checkWritable, writeFileAtomically } from "../../ground/atomic-file.js";
import { fail } from "../../errors/catalogue.js";
import { typed, type Hint } from "../../errors/hint.js";
import { printable } from "../../ground/printable.js";
import { programName } from "../../settings/program.js";
import { spokenStage } from "../../trace/trace.js";
import { traceToJson } from "../../trace/trace-to-json.js";
import { verb } from "../../terminal/command.js";
import { asJson } from "../../terminal/json.js";
import { collect, withFormat, type FormatOption } from "../../terminal/options.js";
import { print, talk } from "../../terminal/report.js";
import { showTrace } from "../show-trace.js";

interface Options extends FormatOption {
  readonly p?: string;
  readonly l?: string;
  readonly F?: string;
  readonly J?: string;
  readonly i?: readonly string[];
  readonly o?: readonly string[];
  readonly raw?: boolean;
  readonly report?: string;
  readonly timeout: string;
}

const declared = verb("trace", [
  "alice@host.example.org",
  "-p 2222 -i ~/.ssh/id_ed25519 host.example.org",
  "--report login.html host.example.org",
  "host.example.org -- uname -a",
])
  .argument("<destination>", "as ssh takes it: host, user@host, ssh://user@host:port")
  .argument("[command...]", 'what to run there, after -- if it has options; default: "true", so the login ends by itself')
  .option("-p <port>", "as in ssh")
  .option("-l <user>", "as in ssh")
  .option("-i <file>", "as in ssh; repeatable", collect)
  .option("-o <option>", "as in ssh; repeatable", collect)
  .option("-F <file>", "as in ssh")
  .option("-J <destination>", "as in ssh; the last hop is traced");

export const trace: Command = withFormat(declared)
  .option("--raw", "show ssh's own log too")
  .option("--report <file>", "write the trace as one HTML page")
  .option("--timeout <seconds>", "stop ssh after so long", "120")
  .action(async (destination: string, command: string[], options: Options) => {
    if (options.report !== undefined) await checkWritable(options.report);
    const request = { destination, command, options: sshOptions(options), timeoutSeconds: wholeNumber(options.timeout) };
    const { traceLogin } = await import("../../trace/trace-login.js"); // not for the help
    const traced = await traceLogin(request, (text) => {
      talk(printable(text));
    });
    print(options.format === "json" ? asJson(traceToJson(traced, programName())) : showTrace(traced, options.raw === true));
    if (options.report !== undefined) {
      const { renderTrace } = await import("../../trace/report/page.js");
      await writeFileAtomically(options.report, renderTrace(traced, programName()), 0o600);
      talk(`the report: ${options.report}`);
    }
    const { refusal } = traced;
    if (refusal === undefined) return;
    const { stage, reason, hint } = refusal;
    throw fail("TRACE_REFUSED", { phase: spokenStage(stage), reason: printable(reason), hint: printableHint(hint) });
  });

const printableHint = (hint: Hint): Hint =>
  hint.map(({ say, run }) => ({
    say: printable(say),
    ...(run === undefined ? {} : { run: printable(typed(run, programName())) }),
  }));

/** The options that ssh has too, with the same letters. */
function sshOptions({ p, l, F, J, i = [], o = [] }: Options): string[] {
  const single: readonly [letter: string, value: string | undefined][] = [
    ["-p", p],
    ["-l", l],
    ["-F", F],
    ["-J", J],
  ];
  return [
    ...single.flatMap(([letter, value]) => (value === undefined ? [] : [letter, value])),
    ...i.flatMap((file) => ["-i", file]),
    ...o.flatMap((option) => ["-o", option]),
  ];
}

const wholeNumber = (text: string) => (/^\d+$/.test(text) ? Number(text) : Number.NaN);
