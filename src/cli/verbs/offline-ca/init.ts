import type { Command } from "commander";
import { checkCreate, createCa } from "../../../offline-ca/create.js";
import { printable } from "../../../ground/printable.js";
import { shellWord } from "../../../ground/shell-word.js";
import { programName } from "../../../settings/program.js";
import { verb } from "../../../terminal/command.js";
import { progressOf } from "../../../terminal/progress-of.js";
import { print, talk, talkInLines } from "../../../terminal/report.js";
import { table } from "../../../terminal/table.js";
import { newPassphrase } from "./new-passphrase.js";
import { withDir, withPassphrase, type DirOption, type PassphraseOption } from "./options.js";

interface Options extends DirOption, PassphraseOption {
  readonly domain: string;
  readonly name?: string;
}

const declared = verb("offline-ca init", [
  "--domain example.org",
  "--domain lab.test --name lab --dir /media/safe/SSH",
]).requiredOption("--domain <domain>", "the domain of the hosts that it certifies, such as example.org");

/** The name of a CA has no underscore: in its keys' file names, one stands behind it. */
const defaultName = (domain: string) => (domain.split(".")[0] ?? "").replaceAll("_", "-");

export const init = withPassphrase(withDir(declared))
  .option("--name <name>", "what the CA's keys are called (default: the domain's first part)")
  .action(async (options: Options, command: Command) => {
    const { dir, domain } = options;
    const asked = { dir, domain, name: options.name ?? defaultName(domain) };
    await checkCreate(asked);
    const passphrase = await newPassphrase(options);
    const ca = await createCa({ ...asked, passphrase }, progressOf(command));
    print(table(ca.keys.map(({ kind, publicKey }) => [kind, publicKey.type, publicKey.fingerprint])));
    talkInLines([`${printable(ca.dir)}: an offline CA for the hosts of ${domain}`]);
    talkInLines(["write the fingerprints down, copy the folder, and keep the passphrase in another place than the copy"]);
    talkInLines([`next: bring the public keys of a host, such as web.${domain}, and certify them:`]);
    talk(`  mkdir -p incoming/web && scp 'web.${domain}:/etc/ssh/ssh_host_*_key.pub' incoming/web/`);
    talk(`  ${programName()} offline-ca sign-host web --from incoming/web --dir ${shellWord(ca.dir)}`);
  });
