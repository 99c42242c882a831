import type { Command } from "commander";
import { basename } from "node:path";
import { orderUser, userExtensions } from "../../../offline-ca/issue-user.js";
import { openCa } from "../../../offline-ca/open.js";
import { printable } from "../../../ground/printable.js";
import { shellWord } from "../../../ground/shell-word.js";
import { programName } from "../../../settings/program.js";
import { verb } from "../../../terminal/command.js";
import { progressOf } from "../../../terminal/progress-of.js";
import { collect } from "../../../terminal/options.js";
import { print, talk, talkInLines } from "../../../terminal/report.js";
import { describeIssue } from "./describe-issue.js";
import { passphraseOf, withDir, withPassphrase, withValidity } from "./options.js";
import type { DirOption, PassphraseOption, ValidityOptions } from "./options.js";

interface Options extends DirOption, PassphraseOption, ValidityOptions {
  readonly principal: readonly string[];
  readonly extension?: readonly string[];
  readonly renew?: boolean;
}

const declared = verb("offline-ca sign-user", [
  "alice --principal admin-ssh-user id_ed25519.pub",
  "alice --principal ops --valid 8h id_ed25519.pub",
])
  .argument("<person>", "who it is; sshd writes it into its log")
  .argument("[file...]", "the public key; default: the one that the CA has of this person")
  .requiredOption("--principal <account>", "an account that it may log in to; repeatable", collect)
  .option("--extension <name>", `what it permits beside permit-pty: ${userExtensions.slice(1).join(", ")}`, collect);

export const signUser = withPassphrase(withDir(withValidity(declared, "1d")))
  .option("--renew", "if there is a certificate already: create the next one, and keep the old")
  .action(async (name: string, files: readonly string[], options: Options, command: Command) => {
    const { valid, validFrom, validTo, renew = false } = options;
    const ca = await openCa(options.dir);
    const validity = { valid, from: validFrom, to: validTo };
    const asked = { name, files, validity, renew, principals: options.principal, extensions: options.extension ?? [] };
    const order = await orderUser(ca, asked, progressOf(command));
    const issued = await order.sign(await passphraseOf(options, ca.dir));
    print(issued.files.join("\n"));
    describeIssue(issued, order.subject);
    const beside = issued.files.map((file, index) => nameBeside(files[index] ?? file));
    talkInLines([
      `next: put it beside the private key of ${name}, where ssh looks for it: ~/.ssh/${printable(beside.join(", "))}`,
    ]);
    talkInLines(["the hosts must trust the CA's keys for users:"]);
    talk(`  ${programName()} offline-ca export --user-ca --dir ${shellWord(ca.dir)}`);
  });

/** What ssh reads together with a private key: its name, and "-cert.pub" behind. ssh(1), option -i. */
const nameBeside = (publicKey: string) => `${basename(publicKey).replace(/(-cert)?\.pub$/, "")}-cert.pub`;
