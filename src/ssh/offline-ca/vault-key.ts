/** One key pair of the CA in the form in which Vault and OpenBao take it over. */
import { appendToLog, importedOf, readLog, type Imported } from "./issue-log.js";
import type { CaKeyType, CaKind } from "./layout.js";
import { underLock } from "./lock.js";
import { caKey, openPrivateKey, type OfflineCa } from "./open.js";
import { isoSeconds } from "./validity.js";

export interface VaultKey {
  readonly fingerprint: string;
  /** One line, as in a `.pub` file. */
  readonly publicKey: string;
  /** The private key without its passphrase; it is in memory only. @throws OFFLINE_CA_PASSPHRASE_WRONG */
  readonly open: (passphrase: string) => string;
  /** Writes into the log that a Vault has it. */
  readonly record: (address: string, mount: string) => Promise<void>;
}

/** @throws what opening the CA's private key throws */
export async function vaultKey(ca: OfflineCa, kind: CaKind, type: CaKeyType): Promise<VaultKey> {
  const { publicKey } = caKey(ca, kind, type);
  const secret = await openPrivateKey(ca, kind, type);
  return {
    fingerprint: publicKey.fingerprint,
    publicKey: `${publicKey.type} ${publicKey.blob.toString("base64")}`,
    open: secret.decrypt,
    async record(address, mount) {
      const at = isoSeconds(Math.floor(Date.now() / 1000));
      const entry: Imported = { event: "imported", at, kind, keyType: type, signingCa: publicKey.fingerprint, address, mount };
      await underLock(ca.dir, async () => {
        const known = importedOf(await readLog(ca.dir)).some(
          (each) => each.signingCa === entry.signingCa && each.address === address && each.mount === mount,
        );
        if (!known) await appendToLog(ca.dir, [entry]);
      });
    },
  };
}
