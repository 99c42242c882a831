/** Reads certificates back from their files, and says of each whether all of it is in order. */
import { stat } from "node:fs/promises";
import { isFailure } from "../../errors.js";
import { readCertificateFile, readPublicKeyFile } from "../key-file.js";
import { examine, type Field } from "./examine.js";
import { readLog } from "./issue-log.js";
import type { OfflineCa } from "./open.js";

export interface Verdict {
  readonly file: string;
  readonly ok: boolean;
  /** Empty where the file holds no certificate. */
  readonly fields: readonly Field[];
  /** Why there are no fields. */
  readonly problem?: string;
}

/** @throws OFFLINE_CA_LOG_DAMAGED; a file without a certificate in it is a verdict, and not thrown */
export async function verifyFiles(ca: OfflineCa, files: readonly string[], now: Date): Promise<Verdict[]> {
  const log = await readLog(ca.dir);
  const verdicts: Verdict[] = [];
  for (const file of files) {
    try {
      const certificate = await readCertificateFile(file);
      const fields = examine(certificate, { ca, log, now, beside: await keyBeside(file) });
      verdicts.push({ file, ok: fields.every(({ problem }) => problem === undefined), fields });
    } catch (error) {
      if (!isFailure(error)) throw error;
      verdicts.push({ file, ok: false, fields: [], problem: error.message });
    }
  }
  return verdicts;
}

/** The fingerprint of the public key beside a certificate, which has to be the certified one; undefined where none is. */
async function keyBeside(file: string): Promise<string | undefined> {
  const publicKey = file.replace(/-cert\.pub$/, ".pub");
  const there = publicKey !== file && (await stat(publicKey).catch(() => undefined)) !== undefined;
  return there ? (await readPublicKeyFile(publicKey)).fingerprint : undefined;
}
