/** `ssh-trust login`: somebody signs in, and is signed in until they log out or the session ends. */
import type { Command } from "commander";
import { fail } from "../../../errors/catalogue.js";
import { verb as call } from "../../../errors/hint.js";
import { programName } from "../../../settings/program.js";
import { readTokenVariable } from "../../../settings/vault.js";
import { verb } from "../../../terminal/command.js";
import { signalOf } from "../../../terminal/main.js";
import { print, talkInLines } from "../../../terminal/report.js";
import { hasTty } from "../../../terminal/tty.js";
import { describeSignedIn } from "../../sign-in/describe.js";
import { newSession } from "../../sign-in/new-session.js";
import { withLogin, type LoginOptions } from "../../sign-in/options.js";
import { signInAt } from "../../sign-in/sign-in.js";
import { readSurroundings, requireMemory, whereFor } from "../../sign-in/surroundings.js";
import { clientFileFor } from "./client-file-for.js";
import { unbroken } from "../../../terminal/wrap.js";

interface Options extends LoginOptions {
  readonly invitation?: string;
  readonly factorOut?: string;
  readonly printClientFile?: true;
}

const declared = verb("login", [
  "--invitation alice.invitation        # the first time",
  "--vault https://vault.example.org:8200 --user alice",
  "                                     # from then on",
  "--method oidc                        # in a browser",
  "--method jwt --jwt-file token        # a robot",
  "--print-client-file > client.yaml    # for others",
]);

export const login = withLogin(declared)
  .option("--invitation <file>", "the first time: choose a password, and get the second factor; - for standard input")
  .option("--factor-out <file>", "with --invitation: write the second factor (otpauth://…) to a new file, instead of showing it")
  .option("--print-client-file", "print a client file, which tells others where to sign in; you have to be signed in")
  .action(async (options: Options, command: Command) => {
    refuseTogether(options);
    if (options.printClientFile === true) {
      print(await clientFileFor(options, signalOf(command)));
      return;
    }
    const around = await readSurroundings();
    if (options.invitation !== undefined) {
      const { accept } = await import("./accept.js");
      const made = await accept(around, { ...options, invitation: options.invitation }, command);
      talkInLines([...describeSignedIn(made), `from now on, you sign in with: ${unbroken(`${programName()} login`)}`]);
      warnOfVariable();
      return;
    }
    const where = await whereFor("login", around, options);
    if (options.tokenHelper !== true) requireMemory(around); // before anybody types a password
    const { token, user } = await signInAt(where, options, around.settings, signalOf(command));
    talkInLines(describeSignedIn(await newSession(around, { ...where, user }, token, options.tokenHelper === true)));
    warnOfVariable();
  });

/** Whoever operates Vault and signs in in the same shell would wonder. */
function warnOfVariable(): void {
  const variable = readTokenVariable()?.name;
  if (variable !== undefined)
    talkInLines([`but ${variable} is set, and its token is used instead of this sign-in: ${unbroken(`unset ${variable}`)}`]);
}

function refuseTogether(options: Options): void {
  const fromInput = ["passwordFile", "codeFile", "jwtFile", "secretIdFile", "tokenFile", "invitation"] as const;
  const several = fromInput.filter((name) => options[name] === "-");
  const wrong =
    several.length > 1
      ? "standard input can hold one of them: give the others as files"
      : options.factorOut !== undefined && options.invitation === undefined
        ? "--factor-out belongs to --invitation"
        : options.codeFile !== undefined && options.invitation !== undefined
          ? "--code-file does not go with --invitation, which makes the second factor: it is shown, or written by --factor-out"
          : options.invitation !== undefined &&
              (options.passwordFile === undefined || options.factorOut === undefined) &&
              !hasTty()
            ? "there is no terminal to ask at: an invitation is taken with --password-file <file> --factor-out <file> then"
            : undefined;
  if (wrong !== undefined) throw fail("USAGE", { what: wrong, help: call("login --help") });
}
