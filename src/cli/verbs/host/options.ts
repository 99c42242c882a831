/** What the verbs of `host` share: what a host is given and how, and what that may be. */
import { Option, type Command } from "commander";
import { fail } from "../../../errors/catalogue.js";
import { verb as call } from "../../../errors/hint.js";
import type { Range } from "../../../fleet/durations.js";
import { problemOfCidr } from "../../../ground/cidr.js";
import { printable } from "../../../ground/printable.js";
import { handOverFormats, type HandOverFormat } from "../../../host/hand-over/render.js";
import { collect } from "../../../terminal/options.js";
import { requireAnswer as require, type YesOption } from "../../ask-first.js";
import { durationOf } from "../../read-duration.js";

export interface FileOptions {
  readonly out: string;
  readonly format: HandOverFormat;
  readonly installed?: boolean;
  readonly harden?: boolean;
}

export interface HandOverOptions extends FileOptions {
  readonly valid: string;
  readonly cidr?: readonly string[];
  readonly report?: "json";
}

/** More than a day, a registrar's policy does not allow. */
const validity: Range = { of: "the time to use the file", least: 60, most: 24 * 3600 };

const withFormatOf = (verb: Command): Command =>
  verb
    .addOption(
      new Option("--format <format>", "cloud-init's user-data, a script for root, or NAME=value lines")
        .choices([...handOverFormats])
        .default("user-data"),
    )
    .option(
      "--installed",
      "the machine's image has ssh-trust-host already (see ssh-trust host program): the file holds only settings and identity",
    )
    .option("--harden", "its sshd offers only algorithms in which ssh-audit finds no failure");

export const withFile = (verb: Command): Command =>
  withFormatOf(verb.requiredOption("--out <file>", "the file that is written; - is standard output"));

const outOfOne = "the file that is written, mode 0600; - is standard output";
const outOfSeveral = "the file that is written, mode 0600; a folder for several hosts; - is standard output";

/** @param needed whether each call of the verb writes a file, and one only */
export const withHandOver = (verb: Command, needed = true): Command =>
  withFormatOf(needed ? verb.requiredOption("--out <file>", outOfOne) : verb.option("--out <file>", outOfSeveral))
    .option("--valid <duration>", "how long the file can be used: 1m to 24h", "1h")
    .option("--cidr <range>", "addresses that the host may sign in from, such as 10.0.0.0/8; repeatable", collect)
    .addOption(
      new Option("--report <format>", "print what was done for programs, instead of the files' names").choices(["json"]),
    );

export const usage = (verb: string, what: string) => fail("USAGE", { what, help: call(`host ${verb} --help`) });

/** @throws USAGE where somebody has to be asked, and cannot be */
export const requireAnswer = (verb: string, options: YesOption, look = "host list"): void => {
  require(options, look, (problem) => usage(verb, problem));
};

/** For a verb that does not always write a file. @throws USAGE */
export function requireFile<T extends Partial<Pick<HandOverOptions, "out">>>(
  verb: string,
  options: T,
): T & { readonly out: string } {
  const { out } = options;
  if (out === undefined) throw usage(verb, `--out <file> is missing: ${outOfSeveral}`);
  return { ...options, out };
}

/** @throws USAGE */
export function refuseReportBesideFile(verb: string, { out, report }: Pick<HandOverOptions, "out" | "report">): void {
  if (report !== undefined && out === "-")
    throw usage(verb, "--report goes to standard output, and so does the file with --out -: name a file");
}

/** For how many seconds, and for which addresses; undefined: none were given. */
export interface Bounds {
  readonly valid: number;
  readonly cidrs: readonly string[] | undefined;
}

/** @throws USAGE */
export const readBounds = (verb: string, { valid, cidr }: Pick<HandOverOptions, "valid" | "cidr">): Bounds => ({
  valid: readDuration(verb, "--valid", valid, validity),
  cidrs: cidr === undefined ? undefined : readCidrs(verb, cidr),
});

export const readDuration = (verb: string, option: string, text: string, range: Range): number =>
  durationOf(text, range, (problem) => usage(verb, `${option}: ${problem}`));

function readCidrs(verb: string, given: readonly string[]): readonly string[] {
  for (const each of given) {
    const problem = problemOfCidr(each);
    if (problem !== undefined) throw usage(verb, `--cidr: "${printable(each)}" ${problem}`);
  }
  return [...new Set(given)];
}
