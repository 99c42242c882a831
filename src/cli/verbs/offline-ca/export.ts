import { fail } from "../../../errors.js";
import { clientLines, hostLines, userCaLines } from "../../../ssh/offline-ca/export.js";
import { openCa } from "../../../ssh/offline-ca/open.js";
import { verb } from "../../command.js";
import { print, talk } from "../../report.js";
import { withDir, type DirOption } from "./options.js";

interface Options extends DirOption {
  readonly client?: boolean;
  readonly shortNames?: boolean;
  readonly host?: string;
  readonly userCa?: boolean;
}

const declared = verb("offline-ca export", "prints what clients and hosts have to be told", [
  ">> ~/.ssh/known_hosts",
  "--host web > 20-offline-ca.conf",
  "--user-ca > trusted_user_ca_keys",
]);

export const exportTrust = withDir(declared)
  .option("--client", "the @cert-authority lines for known_hosts (this, where nothing is named)")
  .option("--short-names", "with --client: add the short name of every host that is certified now")
  .option("--host <name>", "the HostCertificate lines for this host's sshd_config")
  .option("--user-ca", "the keys for TrustedUserCAKeys")
  .action(async ({ dir, client, shortNames = false, host, userCa }: Options) => {
    const refuse = (what: string) => fail("USAGE", { what, help: "ssh-trust offline-ca export --help" });
    if ([client, host !== undefined, userCa].filter((asked) => asked === true).length > 1) {
      throw refuse("name one of --client, --host and --user-ca");
    }
    if (shortNames && (host !== undefined || userCa === true)) throw refuse("--short-names goes with --client");
    const ca = await openCa(dir);
    if (userCa === true) {
      print(userCaLines(ca).join("\n"));
      talk("as a file on each host, named in its sshd_config: TrustedUserCAKeys /etc/ssh/trusted_user_ca_keys");
    } else if (host !== undefined) {
      const { lines, files } = await hostLines(ca, host);
      print(lines.join("\n"));
      talk("the lines go to /etc/ssh/sshd_config.d/ of that host, and these files to /etc/ssh; then sshd reloads:");
      for (const file of files) talk(`  ${file}`);
    } else {
      print((await clientLines(ca, shortNames)).join("\n"));
      if (shortNames) return;
      const { domain } = ca.config;
      talk(`for hosts that are typed as web.${domain}; for the short names, let ssh complete them (in ~/.ssh/config:`);
      talk(`CanonicalizeHostname yes, CanonicalDomains ${domain}), or list them: --short-names`);
    }
  });
