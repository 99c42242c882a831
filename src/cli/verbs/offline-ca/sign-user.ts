import { orderUser, userExtensions } from "../../../ssh/offline-ca/issue-user.js";
import { openCa } from "../../../ssh/offline-ca/open.js";
import { verb } from "../../command.js";
import { print, terminalProgress } from "../../report.js";
import { describeIssue } from "./describe-issue.js";
import { collect, passphraseOf, withDir, withPassphrase, withValidity } from "./options.js";
import type { DirOption, PassphraseOption, ValidityOptions } from "./options.js";

interface Options extends DirOption, PassphraseOption, ValidityOptions {
  readonly principal: readonly string[];
  readonly extension: readonly string[];
  readonly renew?: boolean;
}

const declared = verb("offline-ca sign-user", "certifies a person's key, for the accounts that are named", [
  "alice --principal admin-ssh-user id_ed25519.pub",
  "alice --principal admin-ssh-user --principal backup --valid 8h id_ed25519.pub",
])
  .argument("<person>", "who it is; sshd writes it into its log")
  .argument("[file...]", "the public key; without one, that which the CA has of this person")
  .option("--principal <account>", "an account that it opens; may be given several times", collect, [])
  .option("--extension <name>", `what it permits beside permit-pty: ${userExtensions.slice(1).join(", ")}`, collect, []);

export const signUser = withPassphrase(withDir(withValidity(declared, "1d")))
  .option("--renew", "where there is a certificate already: make the next one, and keep the old")
  .action(async (name: string, files: readonly string[], options: Options) => {
    const { dir, valid, validFrom, validTo, renew = false } = options;
    const ca = await openCa(dir);
    const validity = { valid, from: validFrom, to: validTo };
    const asked = { name, files, validity, renew, principals: options.principal, extensions: options.extension };
    const order = await orderUser(ca, asked, terminalProgress());
    const issued = await order.sign(await passphraseOf(options, dir));
    print(issued.files.join("\n"));
    describeIssue(issued, order.subject);
  });
