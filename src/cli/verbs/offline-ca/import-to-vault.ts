import { fail } from "../../../errors.js";
import { readSettings } from "../../../settings.js";
import { caKeyTypes, caKinds } from "../../../ssh/offline-ca/layout.js";
import { openCa } from "../../../ssh/offline-ca/open.js";
import { vaultKey } from "../../../ssh/offline-ca/vault-key.js";
import { connectVault } from "../../../vault/client.js";
import { verb } from "../../command.js";
import { talk } from "../../report.js";
import { oneOf, passphraseOf, withDir, withPassphrase, type DirOption, type PassphraseOption } from "./options.js";

interface Options extends DirOption, PassphraseOption {
  readonly kind?: string;
  readonly type: string;
  readonly mount: string;
}

const declared = verb("offline-ca import-to-vault", "makes one of the CA's keys the signing key of a mount of Vault or OpenBao", [
  "--kind host --mount host-ssh",
  "--kind user --type rsa --mount user-ssh",
])
  .option("--kind <kind>", "host or user")
  .option("--type <type>", "ecdsa, ed25519 or rsa (ed25519)", "ed25519")
  .requiredOption("--mount <mount>", "an SSH secrets engine that has no signing key yet");

export const importToVault = withPassphrase(withDir(declared)).action(async (options: Options) => {
  const help = "ssh-trust offline-ca import-to-vault --help";
  const { dir } = options;
  const kind = oneOf("--kind", options.kind, caKinds, help);
  const type = oneOf("--type", options.type, caKeyTypes, help);
  const mount = options.mount.replace(/\/$/, "");
  if (!/^[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(mount)) throw fail("USAGE", { what: `"${mount}" is no mount`, help });
  const settings = readSettings().vault;
  if (!settings.named) throw fail("VAULT_ADDR_MISSING", { what: "a CA's private key" });
  const vault = connectVault(settings);
  const key = await vaultKey(await openCa(dir), kind, type);
  const { made } = await vault.importCa(mount, {
    publicKey: key.publicKey,
    privateKey: async () => key.open(await passphraseOf(options, dir)),
  });
  await key.record(vault.address, mount);
  const which = `the ${kind} CA's ${type} key, ${key.fingerprint},`;
  talk(
    made ? `${which} now signs in ${vault.address} ${mount}; what it signed before stays valid` : `${which} signs there already`,
  );
  if (made) talk("from now on the key is as safe as that server: keep its storage and its backups accordingly");
});
