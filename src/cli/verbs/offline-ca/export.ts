import { fail } from "../../../errors/catalogue.js";
import { verb as call } from "../../../errors/hint.js";
import { clientLines, hostLines, userCaLines } from "../../../offline-ca/export.js";
import { openCa } from "../../../offline-ca/open.js";
import { printable } from "../../../ground/printable.js";
import { verb } from "../../../terminal/command.js";
import { print, talk, talkInLines } from "../../../terminal/report.js";
import { unbroken } from "../../../terminal/wrap.js";
import { withDir, type DirOption } from "./options.js";

interface Options extends DirOption {
  readonly client?: boolean;
  readonly shortNames?: boolean;
  readonly host?: string;
  readonly userCa?: boolean;
}

const declared = verb("offline-ca export", [
  "> known_hosts",
  "--host web > 20-offline-ca.conf",
  "--user-ca > trusted_user_ca_keys",
]);

const reload = "then have its sshd read them: sshd -t && systemctl reload ssh (where it is called so: sshd)";

export const exportTrust = withDir(declared)
  .option("--client", "the @cert-authority lines for known_hosts (the default)")
  .option("--short-names", "with --client: add the short name of every host that is certified now")
  .option("--host <name>", "the HostCertificate lines for this host's sshd_config")
  .option("--user-ca", "the keys for TrustedUserCAKeys")
  .action(async ({ dir, client, shortNames = false, host, userCa }: Options) => {
    const refuse = (what: string) => fail("USAGE", { what, help: call("offline-ca export --help") });
    if ([client, host !== undefined, userCa].filter((asked) => asked === true).length > 1) {
      throw refuse("name one of --client, --host and --user-ca");
    }
    if (shortNames && (host !== undefined || userCa === true)) throw refuse("--short-names goes with --client");
    const ca = await openCa(dir);
    if (userCa === true) {
      print(userCaLines(ca).join("\n"));
      talkInLines(["next: put them into a file on each host, and name it in its sshd_config:"]);
      talk("  TrustedUserCAKeys /etc/ssh/trusted_user_ca_keys");
      talk(reload);
    } else if (host !== undefined) {
      const { lines, files } = await hostLines(ca, host);
      print(lines.join("\n"));
      talkInLines([`next: put the lines into /etc/ssh/sshd_config.d/20-offline-ca.conf of ${host}, and into its /etc/ssh:`]);
      for (const file of files) talk(`  ${printable(file)}`);
      talk(reload);
    } else {
      print((await clientLines(ca, shortNames)).join("\n"));
      if (shortNames) return;
      const { domain } = ca.config;
      talkInLines([`next: put them into ~/.ssh/known_hosts of each client; they hold for names such as web.${domain}`]);
      talkInLines([
        `to try them first, from a file of their own: ${unbroken(`ssh -o UserKnownHostsFile=<file> <account>@web.${domain}`)}`,
      ]);
      talkInLines(['for "ssh web", without the domain, either have ssh complete it, with two lines in ~/.ssh/config:']);
      talk(`  CanonicalizeHostname yes`);
      talk(`  CanonicalDomains ${domain}`);
      talkInLines(["or print the lines with the name of each certified host, and again when there is another: --short-names"]);
    }
  });
