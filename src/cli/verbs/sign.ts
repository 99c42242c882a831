/** `ssh-trust sign`: a person's own key, certified by a rule. */
import type { Command } from "commander";
import { checkWritable, writeFileAtomically } from "../../ground/atomic-file.js";
import { parseDuration } from "../../ground/duration.js";
import { moment } from "../../ground/moment.js";
import { certify } from "../../people/login/certify.js";
import { chooseRule } from "../../people/login/sign-own-key.js";
import { certificateToJson } from "../../ssh/describe-certificate.js";
import { validTo } from "../../ssh/certificate-validity.js";
import { readKeyTextToSign, readKeyToSign } from "../../ssh/key-to-sign.js";
import { verb } from "../../terminal/command.js";
import { asJson } from "../../terminal/json.js";
import { collect, withFormat, type FormatOption } from "../../terminal/options.js";
import { print, talkInLines } from "../../terminal/report.js";
import { readInput } from "../read-input.js";
import { asSignedIn, withSignIn, type SignInOptions } from "../signed-in.js";
import { waitingForVault } from "../waiting-for-vault.js";

interface Options extends SignInOptions, FormatOption {
  readonly on: string;
  readonly as?: readonly string[];
  readonly rule?: string;
  readonly for?: string;
  readonly out?: string;
}

const declared = verb("sign", [
  "~/.ssh/id_ed25519.pub --on web",
  "id_ed25519.pub --on web-1.example.org --as deploy --for 30s",
  "id_ed25519_sk.pub --on db --rule dba-db --out db-cert.pub",
  "- --on web < id_ed25519.pub > id_ed25519-cert.pub",
])
  .argument("<file>", "your public key; - for standard input")
  .requiredOption("--on <group>", "the group of hosts to log in to, or one of its hosts")
  .option("--as <account>", "limits the certificate to this account (default: all of the rule's); repeatable", collect)
  .option("--rule <name>", "the rule of the fleet file to use, if several match")
  .option("--for <duration>", "how long it is valid, if less than the rule says, such as 30s")
  .option("--out <file>", "where to write it; - for standard output; default: beside the key, where ssh looks for it");

export const sign: Command = withFormat(withSignIn(declared)).action(async (file: string, options: Options) => {
  const ttl = options.for === undefined ? undefined : parseDuration(options.for);
  const piped = file === "-";
  const { publicKey, certificateFile } = piped
    ? { publicKey: readKeyTextToSign(await readInput()), certificateFile: "-" }
    : await readKeyToSign(file);
  const out = options.out ?? certificateFile;
  if (out !== "-") await checkWritable(out);
  const { rule, signed } = await asSignedIn("sign", options, async (signedIn) => {
    const request = { on: options.on, accounts: options.as ?? [], rule: options.rule, ttl };
    const chosen = chooseRule(signedIn.stored.fleet, signedIn.me, request);
    const signed = await waitingForVault(signedIn.settings.address, () => certify(signedIn, { ...chosen, publicKey, ttl }));
    return { rule: chosen.rule, signed };
  });
  const { certificate, line } = signed;
  const comment = publicKey.comment === "" ? "" : ` ${publicKey.comment}`;
  if (out !== "-") await writeFileAtomically(out, `${line}${line.split(" ").length > 2 ? "" : comment}\n`, 0o644);
  const until = validTo(certificate);
  const when = typeof until === "string" ? until : moment(until);
  const what = out === "-" ? "a certificate" : out;
  talkInLines([`${what} for ${certificate.principals.join(", ")}, by the rule ${rule.name}, until ${when}`]);
  if (options.format === "json") print(asJson(certificateToJson(certificate)));
  else if (out === "-") print(line);
});
