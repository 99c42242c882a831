/** The keys of a machine that is yet to be built: the one case in which the CA holds a host's private keys. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { removeTemporaries } from "../ground/atomic-file.js";
import { generateKeyPair } from "../ssh/key-pair.js";
import { makeFolder } from "./folder.js";
import { keysInPlace, type KeySupply, type OfferedKey } from "./incoming.js";
import { caBits, caKeyTypes, stemOf } from "./layout.js";
import type { Subject } from "./names.js";
import type { OfflineCa } from "./open.js";

/** Keys that are made when everything else is in order: a slip should not leave private keys behind. */
export const applianceKeys = (ca: OfflineCa, subject: Subject): KeySupply => ({
  types: caKeyTypes,
  leftOut: [],
  take: (detail) => makeApplianceKeys(ca, subject, detail),
});

/**
 * Makes the three key pairs without a passphrase, as an unattended host needs them, mode 0600. It overwrites nothing; what
 * an interrupted call left is completed.
 * @throws what generateKeyPair throws
 */
async function makeApplianceKeys(ca: OfflineCa, subject: Subject, detail: (text: string) => void): Promise<OfferedKey[]> {
  const { folder, name } = subject;
  await makeFolder(folder);
  await removeTemporaries(folder); // a key that was being made when somebody was killed
  for (const type of caKeyTypes) {
    detail(`making its ${type} key`);
    const path = join(folder, stemOf("host", type));
    const bits = caBits[type];
    await generateKeyPair({ path, type, comment: `${name} host key`, ...(bits === undefined ? {} : { bits }) });
  }
  return keysInPlace(ca, subject);
}

/** The private host keys that lie in the CA's folder. */
export async function strayPrivateKeys({ folder }: Subject): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /^ssh_host_\w+_key$/.test(name)).map((name) => join(folder, name));
}
