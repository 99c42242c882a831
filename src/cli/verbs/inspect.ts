/** `ssh-trust inspect`: what a certificate or a public key says, and what is wrong with it. */
import type { Command } from "commander";
import { fail, isFailure, type SshTrustError } from "../../errors/catalogue.js";
import { printable } from "../../ground/printable.js";
import { programName } from "../../settings/program.js";
import { readKeyFile } from "../../ssh/key-file.js";
import { inspectionToJson } from "../../ssh/inspect/inspection-to-json.js";
import { inspectLines } from "../../ssh/inspect/inspect-lines.js";
import type { InspectAgainst } from "../../ssh/inspect/inspect.js";
import { trustedCas } from "../../ssh/inspect/trusted-cas.js";
import { verb } from "../../terminal/command.js";
import { asJson } from "../../terminal/json.js";
import { collect, withFormat, type FormatOption } from "../../terminal/options.js";
import { print, talk } from "../../terminal/report.js";
import { readInput } from "../read-input.js";
import { labelOf, showInspection, type Shown } from "../show-inspection.js";

interface Options extends FormatOption {
  readonly ca?: readonly string[];
}

const declared = verb("inspect", [
  "~/.ssh/id_ed25519-cert.pub",
  "--ca user_ca.pub alice-cert.pub bob-cert.pub",
  "--ca known_hosts /etc/ssh/ssh_host_ed25519_key-cert.pub",
  "--format json - < id_ed25519.pub",
])
  .argument("<file...>", "certificates or public keys, one a line; - for standard input")
  .option("--ca <file>", "a CA that you trust: its public key, or a known_hosts with it; repeatable", collect);

export const inspect: Command = withFormat(declared).action(async (files: readonly string[], { ca, format }: Options) => {
  const trusted = ca === undefined ? undefined : (await Promise.all(ca.map(casIn))).flat();
  const { shown, failures } = await inspectFiles(files, { now: new Date(), trusted });
  if (shown.length > 0) print(format === "json" ? asJson(shown.map(toJson)) : shown.map(showInspection).join("\n"));
  for (const { message } of failures.slice(0, -1)) talk(printable(message));
  const last = failures.at(-1);
  if (last !== undefined) throw last;
  const bad = shown.flatMap((each) =>
    each.inspection.verdicts.filter(({ level }) => level === "bad").map((found) => ({ ...found, file: labelOf(each) })),
  );
  const [first] = bad;
  if (first === undefined) return;
  const more = bad.length === 1 ? "" : ` (and ${String(bad.length - 1)} more ${bad.length === 2 ? "problem" : "problems"})`;
  throw fail("INSPECT_FOUND_PROBLEMS", { file: first.file, problem: first.text, more, hint: first.hint });
});

const casIn = async (file: string) => trustedCas(await textOf(file), nameOf(file));

/** A file that cannot be read does not take the others with it. */
async function inspectFiles(files: readonly string[], against: InspectAgainst) {
  const shown: Shown[] = [];
  const failures: SshTrustError[] = [];
  for (const file of files) {
    try {
      const lines = inspectLines(await textOf(file), against, file === "-" ? undefined : file);
      shown.push(...lines.map((each) => ({ file, alone: lines.length === 1, ...each })));
    } catch (error) {
      if (!isFailure(error)) throw error;
      failures.push(error);
    }
  }
  return { shown, failures };
}

const textOf = (file: string) => (file === "-" ? textOfInput() : readKeyFile(file));

/** Of a pipe: the command before it failed, or found nothing, more often than somebody lost a key's text. */
async function textOfInput(): Promise<string> {
  const text = await readInput();
  if (text.trim() !== "") return text;
  throw fail("KEY_FILE_UNREADABLE", { file: "-", reason: "nothing came in on standard input", how: seeTheOther });
}

const seeTheOther = { say: "see what the command before the | does alone" };

const toJson = ({ file, line, prefix, inspection }: Shown) => ({
  file,
  line,
  prefix,
  ...inspectionToJson(inspection, programName()),
});

const nameOf = (file: string) => (file === "-" ? "(stdin)" : file);
