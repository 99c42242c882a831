/** A host key that is another host's: with a certificate for both names, each of the two could pose as the other. */
import { fail } from "../errors/catalogue.js";
import { shellWord } from "../ground/shell-word.js";
import { hostKeysOf, type OfferedKey } from "./incoming.js";
import { issuedOf, type Imported, type Issued } from "./issue-log.js";
import { withStatus } from "./list.js";
import type { Subject } from "./names.js";

/**
 * Refuses a host's key which a certificate in the log names another host for, unless that has ended or was replaced.
 * @throws OFFLINE_CA_KEY_OF_ANOTHER
 */
export function refuseKeysOfOthers(
  log: readonly (Issued | Imported)[],
  { kind, name, principals }: Subject,
  keys: readonly OfferedKey[],
  now: Date,
): void {
  if (kind !== "host") return;
  const others = withStatus(issuedOf(log), now)
    .filter((entry) => entry.kind === "host" && entry.name !== name)
    .filter(({ status }) => status === "valid" || status === "not yet");
  for (const { file, publicKey } of keys) {
    const other = others.find((entry) => entry.publicKey === publicKey.fingerprint);
    if (other === undefined) continue;
    throw fail("OFFLINE_CA_KEY_OF_ANOTHER", {
      file: shellWord(file),
      key: publicKey.fingerprint,
      other: other.name,
      serial: other.serial,
      until: other.validTo,
      source: hostKeysOf(principals),
      into: `incoming/${name}`,
    });
  }
}
