/** Host certificates: where the public keys come from, and what is refused there. */
import { fail } from "../errors/catalogue.js";
import { verb } from "../errors/hint.js";
import type { Progress } from "../ground/progress.js";
import { applianceKeys, strayPrivateKeys } from "./appliance.js";
import { hostKeysInFiles, keysInFolder } from "./host-keys.js";
import { keysInPlace, supplyOf, type KeySupply, type UnsignedKey } from "./incoming.js";
import type { Imported, Issued } from "./issue-log.js";
import { checkOrder, issue, type IssueResult } from "./issue.js";
import { refuseKeysOfOthers } from "./key-of-another.js";
import { hostSubject, type Subject } from "./names.js";
import type { OfflineCa } from "./open.js";
import { readValidity, type AskedValidity } from "./validity.js";

/** One source of keys; where there is none, the keys that the CA has of this host. */
export interface KeySource {
  readonly folder?: string | undefined;
  readonly files?: readonly string[] | undefined;
  readonly appliance?: boolean | undefined;
}

export interface HostRequest {
  readonly name: string;
  readonly keys: KeySource;
  readonly validity: AskedValidity;
  readonly renew: boolean;
}

export interface HostOrder {
  readonly subject: Subject;
  /** Keys that were brought with the others, and get no certificate. */
  readonly leftOut: readonly UnsignedKey[];
  readonly sign: (passphrase: string) => Promise<IssueResult & { readonly privateKeys: readonly string[] }>;
}

/**
 * Checks everything that can be checked without the passphrase, so that nobody types it in vain; `sign` does the rest.
 * @throws OFFLINE_CA_KEY_OF_ANOTHER, USAGE for two sources of keys, and what hostSubject, readValidity, checkOrder and the
 *   readers of keys throw
 */
export async function orderHost(ca: OfflineCa, request: HostRequest, progress: Progress): Promise<HostOrder> {
  const { name, keys: source, renew } = request;
  const subject = hostSubject(ca.dir, ca.config.domain, name);
  const refuse = (what: string) => fail("USAGE", { what, help: verb("offline-ca sign-host --help") });
  const given = [source.folder !== undefined, (source.files ?? []).length > 0, source.appliance === true];
  if (given.filter(Boolean).length > 1) {
    throw refuse("name the keys in one way: a folder with --from, or files, or --appliance to make them");
  }
  if (renew && source.appliance === true) throw refuse("--appliance makes keys, --renew takes those that were made: name one");
  const validity = readValidity("host", request.validity, new Date());
  const log = await checkOrder(ca, { subject, renew });
  const keys = await supply(ca, subject, log, source);
  return {
    subject,
    leftOut: keys.leftOut,
    async sign(passphrase) {
      const issued = await issue(ca, { subject, keys, validity, extensions: [], passphrase, renew }, progress);
      return { ...issued, privateKeys: await strayPrivateKeys(subject) };
    },
  };
}

/** Keys that are brought are known now; those of an appliance are yet to be made. */
async function supply(
  ca: OfflineCa,
  subject: Subject,
  log: readonly (Issued | Imported)[],
  { folder, files = [], appliance }: KeySource,
): Promise<KeySupply> {
  if (appliance === true) return applianceKeys(ca, subject);
  const { keys, leftOut } =
    folder !== undefined
      ? await keysInFolder(ca, subject, folder)
      : files.length > 0
        ? await hostKeysInFiles(ca, files)
        : { keys: await keysInPlace(ca, subject), leftOut: [] };
  refuseKeysOfOthers(log, subject, keys, new Date());
  return supplyOf(keys, leftOut);
}
