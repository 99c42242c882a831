/** `ssh-trust known-hosts`: what other programs have to know to believe the fleet's hosts. */
import type { Command } from "commander";
import { checkWritable, writeFileAtomically } from "../../ground/atomic-file.js";
import { shellWord } from "../../ground/shell-word.js";
import { groupLines } from "../../people/login/known-hosts.js";
import { parsePublicKey } from "../../ssh/public-key.js";
import { verb } from "../../terminal/command.js";
import { asJson } from "../../terminal/json.js";
import { withFormat, type FormatOption } from "../../terminal/options.js";
import { print, talk, talkInLines } from "../../terminal/report.js";
import { asSignedIn, withSignIn, type SignInOptions } from "../signed-in.js";
import { unbroken } from "../../terminal/wrap.js";

interface Options extends SignInOptions, FormatOption {
  readonly out?: string;
  readonly port: string;
}

const declared = verb("known-hosts", [
  "",
  "--out ~/.ssh/known_hosts_fleet",
  "--port 2222 >> known_hosts",
  "--format json",
]).option("--out <file>", "write the lines to a file, replacing its contents");

export const knownHosts: Command = withFormat(withSignIn(declared))
  .option("--port <number>", "sshd's port, if it is not 22, for programs that need it in the names", "22")
  .action(async (options: Options) => {
    const port = /^\d+$/.test(options.port) ? Number(options.port) : Number.NaN;
    groupLines([], [], port); // refused before anybody is asked to sign in
    if (options.out !== undefined) await checkWritable(options.out);
    const { fleet, cas } = await asSignedIn("known-hosts", options, ({ stored }) => Promise.resolve(stored));
    const lines = groupLines(fleet.hosts, cas.host, port);
    const data = {
      groups: fleet.hosts.map(({ name }) => ({ name, patterns: lines.find(({ group }) => group === name)?.patterns ?? [] })),
      cas: cas.host.map((line) => ({ line, fingerprint: parsePublicKey(line, "a CA of the fleet").fingerprint })),
      lines: lines.map(({ line }) => line),
    };
    const text = options.format === "json" ? asJson(data) : data.lines.join("\n");
    if (options.out === undefined) {
      print(text);
      return;
    }
    await writeFileAtomically(options.out, `${text}\n`, 0o644);
    talk(`${options.out} has the CAs of ${String(fleet.hosts.length)} groups of hosts`);
    talkInLines([`to try it: ${unbroken(`ssh -o UserKnownHostsFile=${shellWord(options.out)} <account>@<host>`)}`]);
  });
