/** Host certificates: where the public keys come from, and what is refused there. */
import { fail } from "../../errors.js";
import type { Progress } from "../../progress.js";
import { applianceKeys, strayPrivateKeys } from "./appliance.js";
import { keysInFiles, keysInFolder, keysInPlace, supplyOf, type KeySupply } from "./incoming.js";
import { checkOrder, issue, type IssueResult } from "./issue.js";
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
  readonly sign: (passphrase: string) => Promise<IssueResult & { readonly privateKeys: readonly string[] }>;
}

/**
 * Checks everything that can be checked without the passphrase, so that nobody types it in vain; `sign` does the rest.
 * @throws what hostSubject, readValidity, checkOrder and the readers of keys throw; USAGE for two sources of keys
 */
export async function orderHost(ca: OfflineCa, request: HostRequest, progress: Progress): Promise<HostOrder> {
  const { name, keys: source, renew } = request;
  const subject = hostSubject(ca.dir, ca.config.domain, name);
  const refuse = (what: string) => fail("USAGE", { what, help: "ssh-trust offline-ca sign-host --help" });
  const given = [source.folder !== undefined, (source.files ?? []).length > 0, source.appliance === true];
  if (given.filter(Boolean).length > 1) {
    throw refuse("name the keys in one way: a folder with --from, or files, or --appliance to make them");
  }
  if (renew && source.appliance === true) throw refuse("--appliance makes keys, --renew takes those that were made: name one");
  const validity = readValidity("host", request.validity, new Date());
  await checkOrder(ca, { subject, renew });
  const keys = await supply(ca, subject, source);
  return {
    subject,
    async sign(passphrase) {
      const issued = await issue(ca, { subject, keys, validity, extensions: [], passphrase, renew }, progress);
      return { ...issued, privateKeys: await strayPrivateKeys(subject) };
    },
  };
}

async function supply(ca: OfflineCa, subject: Subject, { folder, files = [], appliance }: KeySource): Promise<KeySupply> {
  if (appliance === true) return applianceKeys(ca, subject);
  if (folder !== undefined) return supplyOf(await keysInFolder(ca, subject, folder));
  return supplyOf(files.length > 0 ? await keysInFiles(ca, "host", files) : await keysInPlace(ca, subject));
}
