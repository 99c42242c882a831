import type { Command } from "commander";
import { certificatesOf } from "../../../offline-ca/install.js";
import { orderHost } from "../../../offline-ca/issue-host.js";
import { caKeyTypes } from "../../../offline-ca/layout.js";
import type { Subject } from "../../../offline-ca/names.js";
import { openCa } from "../../../offline-ca/open.js";
import { printable } from "../../../ground/printable.js";
import { shellWord } from "../../../ground/shell-word.js";
import { programName } from "../../../settings/program.js";
import { verb } from "../../../terminal/command.js";
import { progressOf } from "../../../terminal/progress-of.js";
import { print, talk, talkInLines } from "../../../terminal/report.js";
import { describeIssue } from "./describe-issue.js";
import { passphraseOf, withDir, withPassphrase, withValidity } from "./options.js";
import type { DirOption, PassphraseOption, ValidityOptions } from "./options.js";

interface Options extends DirOption, PassphraseOption, ValidityOptions {
  readonly from?: string;
  readonly renew?: boolean;
  readonly appliance?: boolean;
}

const declared = verb("offline-ca sign-host", [
  "web --from incoming/web",
  "web ssh_host_ed25519_key.pub --valid 90d",
  "web --renew",
  "image123 --appliance",
])
  .argument("<host>", "its name, with or without the CA's domain")
  .argument("[file...]", "its public keys; default: those that the CA already has")
  .option("--from <folder>", "take every ssh_host_*_key.pub in it");

export const signHost = withPassphrase(withDir(withValidity(declared, "5y")))
  .option("--renew", "if it has certificates already: create the next ones, and keep the old")
  .option("--appliance", "create the host's private keys here, for an image that is built in one go")
  .action(async (name: string, files: readonly string[], options: Options, command: Command) => {
    const { valid, validFrom, validTo, renew = false, appliance = false } = options;
    const ca = await openCa(options.dir);
    const validity = { valid, from: validFrom, to: validTo };
    const keys = { folder: options.from, files, appliance };
    const order = await orderHost(ca, { name, keys, validity, renew }, progressOf(command));
    for (const { file, problem } of order.leftOut) talkInLines([`left out: ${printable(file)}: ${problem}`]);
    const issued = await order.sign(await passphraseOf(options, ca.dir));
    print(issued.files.join("\n"));
    describeIssue(issued, order.subject);
    await warnOfMissing(order.subject);
    sayNext(order.subject, issued.privateKeys);
    talk(`  ${programName()} offline-ca export --host ${name} --dir ${shellWord(ca.dir)}`);
  });

/** Those that it had before count too. */
async function warnOfMissing({ folder }: Subject): Promise<void> {
  const present = (await certificatesOf("host", folder)).map(({ type }) => type);
  const missing = caKeyTypes.filter((type) => !present.includes(type)).join(" or ");
  if (missing !== "")
    talkInLines([
      `warning: no certificate for a key of type ${missing}; clients that require this key type will see the unknown-host prompt`,
    ]);
}

function sayNext({ folder, principals }: Subject, privateKeys: readonly string[]): void {
  const certificates = shellWord(folder);
  if (privateKeys.length === 0) {
    talkInLines(["next: bring them to the host, and the lines that name them:"]);
    talk(`  scp ${certificates}/*-cert.pub root@${principals.at(-1) ?? ""}:/etc/ssh/`);
    return;
  }
  talkInLines(["WARNING: these are private host keys without a passphrase, and they exist outside of their host:"]);
  for (const file of privateKeys) talk(`  ${printable(file)}`);
  talk("  anyone who reads them can pose as this host; move them into the image, then delete them here:");
  talk(`  shred -u ${certificates}/ssh_host_*_key`);
  talkInLines(["next: put the certificates into the image's /etc/ssh too, and the lines that name them:"]);
}
