/** Which hosts are meant: names on the command line, or a file of names. */
import { readFile } from "node:fs/promises";
import { fail, type SshTrustError } from "../../../errors/catalogue.js";
import { problemOfHostName } from "../../../fleet/names.js";
import { printable } from "../../../ground/printable.js";
import { shellWord } from "../../../ground/shell-word.js";
import { whyUnread } from "../../../ground/unread-file.js";
import { usage } from "./options.js";

export interface Named {
  readonly name: string;
  /** In the file of names; undefined: on the command line. */
  readonly line: number | undefined;
}

/** Why a host of a name cannot be; undefined where it can. */
export type ProblemOf = (name: string) => SshTrustError | undefined;

export interface AskedHosts {
  readonly hosts: readonly Named[];
  /** Says what is wrong with hosts: of a file, with all of them at once. */
  readonly refuse: (problemOf: ProblemOf) => void;
}

/** @throws USAGE, HOST_NAME_INVALID; HOST_NAMES_UNREADABLE, HOST_NAMES_INVALID */
export async function askedHosts(verb: string, names: readonly string[], file: string | undefined): Promise<AskedHosts> {
  if (file !== undefined && names.length > 0) throw usage(verb, "name hosts, or a file of names by --many, and not both");
  if (file === undefined && names.length === 0)
    throw usage(verb, "<name> is missing: a host's full name, such as web-1.example.org");
  const hosts = file === undefined ? names.map((name) => ({ name, line: undefined })) : await namesIn(file);
  const refuse = (problemOf: ProblemOf) => {
    refuseThose(hosts, file, problemOf);
  };
  const seen = new Set<string>();
  refuse((name) => {
    const problem = problemOfHostName(name);
    if (problem !== undefined) return fail("HOST_NAME_INVALID", { name: printable(name), problem });
    return seen.size === seen.add(name).size ? usage(verb, `${name} is named twice`) : undefined;
  });
  return { hosts, refuse };
}

async function namesIn(file: string): Promise<readonly Named[]> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw fail("HOST_NAMES_UNREADABLE", { file: shellWord(file), ...whyUnread(file, error) }, error);
  });
  const hosts = text.split("\n").flatMap((line, at) => {
    const name = line.replace(/#.*/, "").trim();
    return name === "" ? [] : [{ name, line: at + 1 }];
  });
  if (hosts.length > 0) return hosts;
  throw fail("HOST_NAMES_INVALID", { file: shellWord(file), count: "no name in it", mistakes: "a file of names has one a line" });
}

const most = 50;

function refuseThose(hosts: readonly Named[], file: string | undefined, problemOf: ProblemOf): void {
  const found = hosts.flatMap(({ name, line }) => {
    const problem = problemOf(name);
    return problem === undefined ? [] : [{ line, problem }];
  });
  const [first] = found;
  if (first === undefined) return;
  if (file === undefined) throw first.problem;
  const said = found.slice(0, most).map(({ line, problem }) => `line ${String(line)}: ${problem.message}`);
  const more = found.length > most ? [`and ${String(found.length - most)} more`] : [];
  const count = found.length === 1 ? "a mistake" : `${String(found.length)} mistakes`;
  throw fail("HOST_NAMES_INVALID", { file: shellWord(file), count, mistakes: [...said, ...more].join("\n") });
}
