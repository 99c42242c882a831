/** One key pair of the CA in the form in which Vault and OpenBao take it over. */
import { fail, reasonOf } from "../errors/catalogue.js";
import { shellWord } from "../ground/shell-word.js";
import { appendToLog, importedOf, readLog, rehearseAppend, type Imported } from "./issue-log.js";
import { logFile, type CaKeyType, type CaKind } from "./layout.js";
import { underLock } from "./lock.js";
import { caKey, openPrivateKey, type OfflineCa } from "./open.js";
import { isoSeconds } from "./validity.js";

/** A mount of a server. */
export interface Destination {
  readonly address: string;
  readonly mount: string;
}

export interface VaultKey {
  readonly fingerprint: string;
  /** One line, as in a `.pub` file. */
  readonly publicKey: string;
  /** The private key without its passphrase; it is in memory only. @throws OFFLINE_CA_PASSPHRASE_WRONG */
  readonly open: (passphrase: string) => Promise<string>;
  /** Finds out whether `record` can do it: a key that was sent cannot be called back. */
  readonly rehearse: (to: Destination) => Promise<void>;
  /** Writes into the log that a Vault has it. @throws OFFLINE_CA_IMPORT_NOT_LOGGED */
  readonly record: (to: Destination) => Promise<void>;
}

/** @throws what opening the CA's private key throws */
export async function vaultKey(ca: OfflineCa, kind: CaKind, type: CaKeyType): Promise<VaultKey> {
  const { publicKey } = caKey(ca, kind, type);
  const secret = await openPrivateKey(ca, kind, type);
  const entryFor = ({ address, mount }: Destination): Imported => {
    const at = isoSeconds(Math.floor(Date.now() / 1000));
    return { event: "imported", at, kind, keyType: type, signingCa: publicKey.fingerprint, address, mount };
  };
  return {
    fingerprint: publicKey.fingerprint,
    publicKey: `${publicKey.type} ${publicKey.blob.toString("base64")}`,
    open: secret.decrypt,
    async rehearse(to) {
      await underLock(ca.dir, async () => {
        await readLog(ca.dir);
        await rehearseAppend(ca.dir, entryFor(to));
      });
    },
    async record(to) {
      const { address, mount } = to;
      try {
        await underLock(ca.dir, async () => {
          const known = importedOf(await readLog(ca.dir)).some(
            (each) => each.signingCa === publicKey.fingerprint && each.address === address && each.mount === mount,
          );
          if (!known) await appendToLog(ca.dir, [entryFor(to)]);
        });
      } catch (error) {
        const file = shellWord(logFile(ca.dir));
        throw fail("OFFLINE_CA_IMPORT_NOT_LOGGED", { address, mount, file, reason: reasonOf(error) }, error);
      }
    },
  };
}
