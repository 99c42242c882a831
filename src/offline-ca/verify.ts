/** Reads certificates back from their files, and says of each whether all of it is in order. */
import { stat } from "node:fs/promises";
import { isFailure } from "../errors/catalogue.js";
import type { Certificate } from "../ssh/certificate.js";
import { readCertificateFile, readPublicKeyFile } from "../ssh/key-file.js";
import { printable } from "../ground/printable.js";
import { examine, type Field } from "./examine.js";
import { issuedOf, readLog, type Issued } from "./issue-log.js";
import { latestLike } from "./list.js";
import type { OfflineCa } from "./open.js";

export interface Verdict {
  readonly file: string;
  readonly ok: boolean;
  /** Empty where the file holds no certificate. */
  readonly fields: readonly Field[];
  /** What is not wrong, and yet to be known. Safe for a terminal. */
  readonly remarks: readonly string[];
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
      const ok = fields.every(({ problem }) => problem === undefined);
      verdicts.push({ file, ok, fields, remarks: replacement(certificate, issuedOf(log)) });
    } catch (error) {
      if (!isFailure(error)) throw error;
      verdicts.push({ file, ok: false, fields: [], remarks: [], problem: `${error.message}${await certificateBeside(file)}` });
    }
  }
  return verdicts;
}

/** It is in order, and accepted until it ends; but there is a later one. */
function replacement({ serial, signatureKey }: Certificate, issued: readonly Issued[]): string[] {
  const entry = issued.find((each) => each.serial === String(serial) && each.signingCa === signatureKey.fingerprint);
  if (entry === undefined) return [];
  const latest = latestLike(entry, issued);
  return latest.serial === entry.serial ? [] : [printable(`replaced by ${latest.identity}, serial ${latest.serial}`)];
}

/** Whoever names a public key may have meant its certificate. */
async function certificateBeside(file: string): Promise<string> {
  const certificate = file.replace(/(-cert)?\.pub$/, "-cert.pub");
  const there = certificate !== file && (await stat(certificate).catch(() => undefined)) !== undefined;
  return there ? `; did you mean ${certificate}?` : "";
}

/** The fingerprint of the public key beside a certificate, which has to be the certified one; undefined where none is. */
async function keyBeside(file: string): Promise<string | undefined> {
  const publicKey = file.replace(/-cert\.pub$/, ".pub");
  const there = publicKey !== file && (await stat(publicKey).catch(() => undefined)) !== undefined;
  return there ? (await readPublicKeyFile(publicKey)).fingerprint : undefined;
}
