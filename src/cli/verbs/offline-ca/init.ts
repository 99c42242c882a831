import { checkNewPassphrase } from "../../../ssh/offline-ca/passphrase.js";
import { checkCreate, createCa } from "../../../ssh/offline-ca/create.js";
import { verb } from "../../command.js";
import { print, talk, terminalProgress } from "../../report.js";
import { table } from "../../table.js";
import { newPassphrase, withDir, withPassphrase, type DirOption, type PassphraseOption } from "./options.js";

interface Options extends DirOption, PassphraseOption {
  readonly domain: string;
  readonly name?: string;
}

const declared = verb("offline-ca init", "makes the CA: three keys for hosts, three for users, each under a passphrase", [
  "--domain example.org",
  "--domain lab.test --name lab --dir /media/safe/SSH",
]).requiredOption("--domain <domain>", "the hosts' domain; each gets a certificate for host and host.domain");

export const init = withPassphrase(withDir(declared))
  .option("--name <name>", "what the CA's keys are called (the domain's first part)")
  .action(async (options: Options) => {
    const { dir, domain } = options;
    const asked = { dir, domain, name: options.name ?? domain.split(".")[0] ?? "" };
    await checkCreate(asked);
    const passphrase = await newPassphrase(options);
    checkNewPassphrase(passphrase);
    const ca = await createCa({ ...asked, passphrase }, terminalProgress());
    print(table(ca.keys.map(({ kind, publicKey }) => [kind, publicKey.type, publicKey.fingerprint])));
    talk(`${dir}: an offline CA for the hosts of ${domain}`);
    talk("note the fingerprints on paper, copy the folder, and keep the copy and the passphrase in different places");
    talk(`next: ssh-trust offline-ca sign-host <host> --from <folder with its public keys> --dir ${dir}`);
  });
