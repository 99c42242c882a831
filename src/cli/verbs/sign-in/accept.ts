/** `ssh-trust login --invitation`: somebody signs in for the first time. */
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { URI, TOTP } from "otpauth";
import { fail } from "../../../errors/catalogue.js";
import { verb } from "../../../errors/hint.js";
import { checkWritable } from "../../../ground/atomic-file.js";
import { isThere, writeNewFile } from "../../../ground/new-file.js";
import { printable } from "../../../ground/printable.js";
import { whyUnread } from "../../../ground/unread-file.js";
import { readInvitation, type Invitation } from "../../../people/invitation.js";
import { acceptInvitation, checkInvitation } from "../../../people/sign-in/accept.js";
import { passwordAsSent, usualRole } from "../../../people/sign-in/methods.js";
import { problemOfNewPassword } from "../../../people/sign-in/new-password.js";
import { tlsOf, type Where } from "../../../people/sign-in/where.js";
import { sayIfInterrupted } from "../../../terminal/main.js";
import { talk } from "../../../terminal/report.js";
import { atTty } from "../../../terminal/tty.js";
import { openSignIn } from "../../../vault/sign-in.js";
import { readInput } from "../../read-input.js";
import { readSecret } from "../../read-secret.js";
import { asked, askingForCodes, confirmElsewhere } from "../../sign-in/credentials.js";
import { newSession, type NewSession } from "../../sign-in/new-session.js";
import type { LoginOptions } from "../../sign-in/options.js";
import { tellingOfWaits } from "../../sign-in/sign-in.js";
import { requireMemory, type Surroundings } from "../../sign-in/surroundings.js";
import { showFactor } from "./show-factor.js";

export interface AcceptOptions extends LoginOptions {
  readonly invitation: string;
  /** Where the second factor is written, instead of being shown. */
  readonly factorOut?: string;
}

/** All that can be wrong is looked at, and all questions are asked, before the invitation is opened: that can be done once. */
export async function accept(around: Surroundings, options: AcceptOptions, command: Command): Promise<NewSession> {
  const { invitation: file, factorOut } = options;
  const invitation = readInvitation(await textOf(file));
  if (options.tokenHelper !== true) requireMemory(around);
  if (factorOut !== undefined) await checkFree(factorOut);
  const where = whereOf(invitation, around);
  const api = tellingOfWaits(openSignIn(where.settings));
  await checkInvitation(api, invitation, printable(file));
  talk(`${invitation.user}, you are invited to sign in at ${invitation.vault}.`);
  const newPassword = await chosenPassword(invitation.user, options.passwordFile);
  let shown = "";
  const { token } = await acceptInvitation(api, invitation, {
    ...askingForCodes,
    ...(factorOut === undefined ? { tries: 4 } : { tries: 1, askCode: () => Promise.resolve(codeOf(shown)) }),
    confirmElsewhere,
    file: printable(file),
    settings: where.settings,
    newPassword,
    showFactor: async (otpauth) => {
      shown = otpauth;
      sayIfInterrupted(
        command,
        "the invitation is open, and cannot be opened again: ask the person who invited you for a new one",
      );
      if (factorOut === undefined) await showFactor(otpauth);
      else await writeNewFile(factorOut, `${otpauth}\n`, 0o600);
    },
    again: async (problem) =>
      (await atTty(async (tty) => {
        tty.tell(
          `${printable(problem)}\nThe invitation is open now, and cannot be opened again: it is kept here until Vault answers.`,
        );
        return (await tty.line("press Enter to try again: ")) !== undefined;
      })) ?? false,
  });
  return newSession(around, where, token, options.tokenHelper === true);
}

/** Before the invitation is opened: where the file cannot be written then, it is lost. @throws FILE_NOT_WRITTEN */
async function checkFree(file: string): Promise<void> {
  await checkWritable(file);
  if (await isThere(file))
    throw fail("FILE_NOT_WRITTEN", { file: printable(file), reason: "it is there already, and is not overwritten" });
}

async function textOf(file: string): Promise<string> {
  if (file === "-") return readInput();
  return readFile(file, "utf8").catch((error: unknown) => {
    const { reason, how } = whyUnread(file, error);
    throw fail("INVITATION_UNREADABLE", { file, reason, how }, error);
  });
}

/** The invitation says where. Its CA counts only for a server that neither the environment nor the client file says the CA of. */
function whereOf(invitation: Invitation, { settings, clientFile }: Surroundings): Where {
  const { vault: address, namespace, mount, user, ca, serverName } = invitation;
  const own = {
    ...(ca.length === 0 ? {} : { caText: ca.join("") }),
    ...(serverName === undefined ? {} : { serverName }),
  };
  return {
    settings: {
      address,
      addressSource: "the invitation",
      namespace,
      token: undefined,
      tokenSource: undefined,
      tls: tlsOf(settings, clientFile?.says.vault === address ? clientFile.says : undefined, { tls: own }),
    },
    method: "userpass",
    mount,
    role: usualRole,
    user,
  };
}

/** @throws PASSWORD_UNFIT, SIGN_IN_NOT_ASKED, SECRET_FILE_REFUSED */
async function chosenPassword(user: string, file: string | undefined): Promise<string> {
  if (file !== undefined) {
    const given = passwordAsSent(await readSecret(file));
    const problem = problemOfNewPassword(given, user);
    if (problem !== undefined) throw fail("PASSWORD_UNFIT", { problem });
    return given;
  }
  return asked("the new password", "--invitation <file> --password-file <file>", async (tty) => {
    for (;;) {
      const typed = await tty.hidden("choose a password (8 characters or more): ");
      if (typed === undefined) return undefined;
      const problem = problemOfNewPassword(passwordAsSent(typed), user);
      if (problem !== undefined) {
        tty.tell(`this password cannot be used: ${problem}`);
        continue;
      }
      const again = await tty.hidden("the same once more: ");
      if (again === undefined) return undefined;
      if (again === typed) return passwordAsSent(typed);
      tty.tell("the two are not the same");
    }
  });
}

/** Whoever has the second factor in a file makes the first code of it right here. */
function codeOf(otpauth: string): string {
  const factor = URI.parse(otpauth);
  if (!(factor instanceof TOTP))
    throw fail("USAGE", { what: "the second factor has no codes by time", help: verb("login --help") });
  return factor.generate();
}
