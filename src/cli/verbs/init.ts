/** `ssh-trust init`: a fleet file to begin with. */
import { fail } from "../../errors/catalogue.js";
import { verb as call } from "../../errors/hint.js";
import { printable } from "../../ground/printable.js";
import { shellWord } from "../../ground/shell-word.js";
import { programName } from "../../settings/program.js";
import { askLine } from "../../terminal/ask-line.js";
import { askYes, canAsk } from "../../terminal/ask-yes.js";
import { verb } from "../../terminal/command.js";
import { finish } from "../../terminal/main.js";
import { collect } from "../../terminal/options.js";
import { print, talk } from "../../terminal/report.js";

interface Options {
  readonly vault?: string;
  readonly domain?: readonly string[];
  readonly file: string;
  readonly yes?: boolean;
}

/** As `apply` reads it. */
const usualFile = "ssh-trust.yaml";

export const init = verb("init", [
  "--vault https://vault.example.org:8200 --domain example.org",
  "--domain example.org --domain example.net --file fleet.yaml",
])
  .option("--vault <address>", "Vault's address, as people and hosts reach it")
  .option("--domain <domain>", "a domain of the hosts; repeatable", collect)
  .option("--file <file>", "the file that is written", usualFile)
  .option("--yes", "write it without asking")
  .action(async (options: Options) => {
    const { checkNewFleetFile, createFleetFile, newFleetText } = await import("../../fleet/create-fleet-file.js"); // not for the help
    const { file } = options;
    if (file === "" || file === "-") throw usage(`--file: "${file}" is not a file's name; write one, such as ${usualFile}`);
    refuseWithoutTerminal(options);
    await checkNewFleetFile(file);
    const text = newFleetText(await beginningOf(options), file);
    if (options.yes !== true) {
      talk(text);
      if (!(await askYes(`write this to ${printable(file)}?`))) {
        talk("nothing was written");
        finish(1);
        return;
      }
    }
    await createFleetFile(file, text);
    print(printable(file));
    talk("next: write your own groups and rules, and see what they would change in Vault:");
    talk(`  ${programName()} apply --plan${file === usualFile ? "" : ` --file ${shellWord(file)}`}`);
  });

const usage = (what: string) => fail("USAGE", { what, help: call("init --help") });

/** @throws USAGE, naming all that has to be given */
function refuseWithoutTerminal({ vault, domain, yes }: Options): void {
  if (canAsk()) return;
  const missing = [
    ...(vault === undefined ? ["--vault <address>"] : []),
    ...(domain === undefined ? ["--domain <domain>"] : []),
    ...(yes === true ? [] : ["--yes"]),
  ];
  if (missing.length > 0) throw usage(`there is no terminal to ask at; add ${missing.join(" ")}`);
}

/** What was given, and what is asked for. @throws USAGE where it cannot be taken */
async function beginningOf({ vault, domain }: Options) {
  const { problemOfAddress } = await import("../../fleet/texts.js");
  const { problemOfDomains } = await import("../../fleet/checks/domains.js");
  const { wrong } = await import("../../fleet/mistakes.js");
  const taken = (name: string, problem: string | undefined) => {
    if (problem !== undefined) throw usage(`${name}: ${problem}`);
  };
  const address =
    vault ?? (await ask("Vault's address, such as https://vault.example.org:8200: ", "--vault <address>", ofAddress));
  function ofAddress(text: string) {
    const problem = problemOfAddress(text);
    return problem === undefined ? undefined : wrong(text, problem);
  }
  taken("--vault", ofAddress(address));
  const domains =
    domain ??
    words(
      await ask("the domain of the hosts, such as example.org: ", "--domain <domain>", (text) => problemOfDomains(words(text))),
    );
  taken("--domain", problemOfDomains(domains));
  return { vault: new URL(address).origin, domains };
}

/** Several domains may be typed. */
const words = (text: string): readonly string[] => text.split(/[\s,]+/).filter((word) => word !== "");

/** Until it can be taken, three times at most. @throws USAGE where nobody answers, or what was wrong with the last answer */
async function ask(question: string, option: string, problemOf: (text: string) => string | undefined): Promise<string> {
  for (let left = 2; ; left--) {
    const text = await askLine(question);
    if (text === undefined) throw usage(`${option} is missing`);
    const problem = problemOf(text);
    if (problem === undefined) return text;
    if (left === 0) throw usage(`${option}: ${problem}`);
    talk(`${printable(problem)}; once more`);
  }
}
