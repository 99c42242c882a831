import { Option } from "commander";
import { fail } from "../../../errors/catalogue.js";
import { verb as call } from "../../../errors/hint.js";
import { requireVaultSettings } from "../../../settings/vault.js";
import { caKeyTypes, caKinds, type CaKeyType, type CaKind } from "../../../offline-ca/layout.js";
import { openCa } from "../../../offline-ca/open.js";
import { vaultKey } from "../../../offline-ca/vault-key.js";
import { verb } from "../../../terminal/command.js";
import { talk } from "../../../terminal/report.js";
import { passphraseOf, withDir, withPassphrase, type DirOption, type PassphraseOption } from "./options.js";

interface Options extends DirOption, PassphraseOption {
  readonly kind: CaKind;
  readonly type: CaKeyType;
  readonly mount: string;
}

const declared = verb("offline-ca import-to-vault", ["--kind host --mount host-ssh", "--kind user --type rsa --mount user-ssh"])
  .addOption(new Option("--kind <kind>", "whose certificates it signs").choices(caKinds).makeOptionMandatory())
  .addOption(new Option("--type <type>", "which of the three keys").choices(caKeyTypes).default("ed25519"))
  .requiredOption("--mount <mount>", "an SSH secrets engine that has no signing key yet");

export const importToVault = withPassphrase(withDir(declared)).action(async (options: Options) => {
  const { kind, type } = options;
  const mount = options.mount.replace(/\/$/, "");
  if (!/^[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(mount)) {
    throw fail("USAGE", { what: `"${mount}" is no mount`, help: call("offline-ca import-to-vault --help") });
  }
  const settings = requireVaultSettings("a CA's private key");
  // Loaded only here: none of the other verbs waits for it.
  const { connectVault } = await import("../../../vault/client.js");
  const vault = connectVault(settings);
  const ca = await openCa(options.dir);
  const key = await vaultKey(ca, kind, type);
  const destination = { address: vault.address, mount };
  await key.rehearse(destination);
  const { made } = await vault.importCa(mount, {
    publicKey: key.publicKey,
    privateKey: async () => key.open(await passphraseOf(options, ca.dir)),
  });
  await key.record(destination);
  const which = `the ${kind} CA's ${type} key, ${key.fingerprint},`;
  talk(
    made ? `${which} now signs in ${vault.address} ${mount}; what it signed before stays valid` : `${which} signs there already`,
  );
  if (made) talk("from now on the key is as safe as that server: keep its storage and its backups accordingly");
});
