/** Host certificates: where the public keys come from, and what is refused there. */
import { fail } from "../../errors.js";
import type { Progress } from "../../progress.js";
import { makeApplianceKeys, strayPrivateKeys } from "./appliance.js";
import { keysInFiles, keysInFolder, keysInPlace, type OfferedKey } from "./incoming.js";
import { issue, refuseSecond, type IssueResult } from "./issue.js";
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
  readonly sign: (
    passphrase: string,
  ) => Promise<IssueResult & { readonly keyTypes: readonly string[]; readonly privateKeys: readonly string[] }>;
}

/**
 * Checks everything that can be checked without the passphrase, so that nobody types it in vain; `sign` does the rest.
 * @throws what hostSubject, readValidity, refuseSecond and the readers of keys throw; USAGE for two sources of keys
 */
export async function orderHost(ca: OfflineCa, request: HostRequest, progress: Progress): Promise<HostOrder> {
  const { name, keys: source, renew } = request;
  const subject = hostSubject(ca.dir, ca.config.domain, name);
  const given = [source.folder !== undefined, (source.files ?? []).length > 0, source.appliance === true];
  if (given.filter(Boolean).length > 1) {
    const what = "name the keys in one way: a folder with --from, or files, or --appliance to make them";
    throw fail("USAGE", { what, help: "ssh-trust offline-ca sign-host --help" });
  }
  const validity = readValidity("host", request.validity, new Date());
  if (!renew) await refuseSecond(ca, subject);
  // The keys of an image are made last, once it is known that they can be signed.
  const keys = source.appliance === true ? undefined : await offered(ca, subject, source);
  return {
    subject,
    async sign(passphrase) {
      const signing = keys ?? (await makeApplianceKeys(ca, subject, progress));
      const issued = await issue(ca, { subject, keys: signing, validity, extensions: [], passphrase, renew }, progress);
      return { ...issued, keyTypes: signing.map(({ type }) => type), privateKeys: await strayPrivateKeys(subject) };
    },
  };
}

function offered(ca: OfflineCa, subject: Subject, { folder, files = [] }: KeySource): Promise<OfferedKey[]> {
  if (folder !== undefined) return keysInFolder(ca, folder);
  return files.length > 0 ? keysInFiles(ca, "host", files) : keysInPlace(ca, subject);
}
