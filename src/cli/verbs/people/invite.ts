/** What `people add` and `people reset` have in common: an invitation, in a file of its own or on standard output. */
import { dirname } from "node:path";
import type { Command } from "commander";
import { fail } from "../../../errors/catalogue.js";
import type { Range } from "../../../fleet/durations.js";
import { checkWritable } from "../../../ground/atomic-file.js";
import { isThere, writeNewFile } from "../../../ground/new-file.js";
import { printable } from "../../../ground/printable.js";
import { shellWord } from "../../../ground/shell-word.js";
import { systemCode } from "../../../ground/system-error.js";
import { invitationText, type Invitation } from "../../../people/invitation.js";
import type { invitePerson } from "../../../people/register/invite.js";
import { checkPersonName } from "../../../people/register/names.js";
import { sayIfInterrupted, signalOf } from "../../../terminal/main.js";
import { collect } from "../../../terminal/options.js";
import { progressOf } from "../../../terminal/progress-of.js";
import { print, printWhole, talkInLines } from "../../../terminal/report.js";
import { tlsForOthers } from "../../../vault/own-tls.js";
import { durationOf } from "../../read-duration.js";
import { describeInvited } from "./describe.js";
import { atRegistry, usage, type Registry } from "./registry.js";

export interface InvitingOptions {
  readonly group?: readonly string[];
  readonly out?: string;
  readonly valid: string;
}

/** More than a day, a people registrar's policy does not allow. */
const validity: Range = { of: "the time to use the invitation", least: 60, most: 24 * 3600 };

export const withInvitation = (declared: Command, groups: string): Command =>
  declared
    .option("--group <group>", groups, collect)
    .option("--out <file>", "the file that the invitation is written to, mode 0600; default: standard output")
    .option("--valid <duration>", "how long the invitation can be used: 1m to 24h", "24h");

export interface Inviting {
  readonly verb: "add" | "reset";
  readonly name: string;
  readonly options: InvitingOptions;
  /** `invitePerson` or `resetPerson`. */
  readonly give: typeof invitePerson;
  /** Asks whether to go on. */
  readonly mayGoOn?: (registry: Registry, groups: readonly string[]) => Promise<boolean>;
}

export async function invite(command: Command, { verb, name, options, give, mayGoOn }: Inviting): Promise<void> {
  const { out } = options;
  checkPersonName(name);
  const valid = durationOf(options.valid, validity, (problem) => usage(verb, `--valid: ${problem}`));
  const groups = [...new Set(options.group ?? [])];
  if (out !== undefined) await checkFree(verb, out);
  await atRegistry(verb, async (registry) => {
    const { api, stored, settings } = registry;
    if (mayGoOn !== undefined && !(await mayGoOn(registry, groups))) return;
    sayIfInterrupted(command, "what was started is finished or undone");
    signalOf(command).addEventListener("abort", () => undefined); // so that it is waited for
    const { caCert, serverName } = await tlsForOthers(settings, stored.fleet.vault);
    const handOver = async (invitation: Invitation) => {
      const text = invitationText(invitation);
      if (out !== undefined) await writeInvitation(out, text);
      if (out === undefined) await printWhole(text);
      else print(printable(out));
    };
    const label = verb === "add" ? `inviting ${name}` : `resetting ${name}`;
    const tls = { ca: certificatesOf(caCert), serverName };
    const invitation = await progressOf(command).during(label, () => give(api, stored, name, { groups, valid, tls, handOver }));
    talkInLines(describeInvited({ verb, name, groups, out, invitation, asked: settings.address }));
  });
}

/** Each by itself. */
const certificatesOf = (pem: string | undefined): readonly string[] =>
  (pem ?? "").split(/(?<=-----END CERTIFICATE-----\n)/).filter((each) => each !== "");

/** @throws USAGE, INVITATION_FILE_EXISTS, FILE_NOT_WRITTEN */
async function checkFree(verb: string, out: string): Promise<void> {
  if (out === "" || out === "-") throw usage(verb, `--out: "${out}" is not a file; without --out, the invitation is printed`);
  await checkWritable(out);
  if (await isThere(out)) throw taken(out);
}

async function writeInvitation(out: string, text: string): Promise<void> {
  await writeNewFile(out, text, 0o600).catch((error: unknown) => {
    if (systemCode(error) === "EEXIST") throw taken(out, error);
    throw fail("FILE_NOT_WRITTEN", { file: out, reason: `${systemCode(error) ?? "unknown reason"} (in ${dirname(out)})` }, error);
  });
}

const taken = (out: string, cause?: unknown) => fail("INVITATION_FILE_EXISTS", { file: shellWord(out) }, cause);
