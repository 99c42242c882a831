/** Certificates for a host or a person: counted, signed, written into the log, and only then put in their place. */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { removeTemporaries } from "../../atomic-file.js";
import { fail } from "../../errors.js";
import type { Progress } from "../../progress.js";
import { certificateToJson } from "../describe-certificate.js";
import { printable } from "../printable.js";
import type { OfferedKey } from "./incoming.js";
import { certificatesOf, install } from "./install.js";
import { appendToLog, nextIdentity, readLog, type Issued } from "./issue-log.js";
import { publicKeyBehind } from "./keygen.js";
import { certsFolder } from "./layout.js";
import { underLock } from "./lock.js";
import type { Subject } from "./names.js";
import { caKey, openPrivateKey, type OfflineCa } from "./open.js";
import { reserveSerials } from "./serial.js";
import { signKey, type SignedKey } from "./sign.js";
import { isoSeconds, type Validity } from "./validity.js";

export interface IssueRequest {
  readonly subject: Subject;
  /** One of each type at the most. */
  readonly keys: readonly OfferedKey[];
  readonly validity: Validity;
  readonly extensions: readonly string[];
  readonly passphrase: string;
  /** Whether there may be certificates already. They are kept. */
  readonly renew: boolean;
}

export interface IssueResult {
  readonly identity: string;
  readonly serials: readonly bigint[];
  /** Such as "2031-01-31T12:00:00Z". */
  readonly until: string;
  /** The certificates' files. */
  readonly files: readonly string[];
  /** Where those that were replaced are kept. */
  readonly archived: readonly string[];
}

/**
 * A kill at any moment leaves the old certificates or new ones, each of them whole; what it can lose is a serial.
 * @throws OFFLINE_CA_ALREADY_CERTIFIED, OFFLINE_CA_PASSPHRASE_WRONG, OFFLINE_CA_SERIAL_DAMAGED, OFFLINE_CA_LOG_DAMAGED,
 *   OFFLINE_CA_SIGNING_FAILED, OFFLINE_CA_BUSY, and what opening the CA's keys throws
 */
export function issue(ca: OfflineCa, request: IssueRequest, progress: Progress): Promise<IssueResult> {
  const { subject } = request;
  return progress.during(`signing for ${subject.name}`, (detail) =>
    underLock(ca.dir, async () => {
      const log = await readLog(ca.dir);
      if (!request.renew) await refuseSecond(ca, subject);
      // Before anything is counted: a slip at the keyboard should not cost a serial.
      await checkSigners(ca, request);
      const identity = nextIdentity(log, subject.kind, subject.name);
      const serials = await reserveSerials(ca, request.keys.length);
      await removeTemporaries(certsFolder(ca.dir, subject.kind));
      await using draft = await draftFolder(certsFolder(ca.dir, subject.kind));
      const signed: SignedKey[] = [];
      for (const [index, key] of request.keys.entries()) {
        detail(key.type);
        const order = { ...request, key, identity, serial: serials[index] ?? 0n };
        signed.push(await signKey(ca, order, request.passphrase, draft.path));
      }
      await appendToLog(ca.dir, signed.map(logEntry));
      const { files, archived } = await install(subject, signed);
      return { identity, serials, files, archived, until: isoSeconds(request.validity.before) };
    }),
  );
}

/** @throws OFFLINE_CA_ALREADY_CERTIFIED */
export async function refuseSecond(ca: OfflineCa, { kind, name, folder }: Subject): Promise<void> {
  const [first] = await certificatesOf(kind, folder);
  if (first === undefined) return;
  const { keyId, validTo } = certificateToJson(first.certificate);
  const identity = printable(keyId);
  throw fail("OFFLINE_CA_ALREADY_CERTIFIED", { name, identity, until: validTo, verb: `sign-${kind}`, dir: ca.dir });
}

/** All keys have one passphrase, as init made them; it is tried at one. That this is the key behind the public one is seen by the way. */
async function checkSigners(ca: OfflineCa, { subject, keys, passphrase }: IssueRequest): Promise<void> {
  const [first] = keys;
  if (first === undefined) throw new TypeError("there is no key to sign");
  for (const { type } of keys) await openPrivateKey(ca, subject.kind, type);
  const { file } = await openPrivateKey(ca, subject.kind, first.type);
  const { fingerprint } = await publicKeyBehind(file, passphrase);
  const { file: publicFile, publicKey } = caKey(ca, subject.kind, first.type);
  if (fingerprint === publicKey.fingerprint) return;
  throw fail("OFFLINE_CA_INCOMPLETE", { dir: ca.dir, problem: `${publicFile} is not the public key of ${file}` });
}

async function draftFolder(certs: string): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(certs, ".tmp-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

function logEntry({ order, certificate }: SignedKey): Issued {
  const { subject, key, serial, identity, validity, extensions } = order;
  return {
    event: "issued",
    at: isoSeconds(Math.floor(Date.now() / 1000)),
    serial: String(serial),
    kind: subject.kind,
    name: subject.name,
    identity,
    principals: [...subject.principals],
    keyType: key.type,
    publicKey: certificate.publicKeyFingerprint,
    signingCa: certificate.signatureKey.fingerprint,
    validFrom: isoSeconds(validity.after),
    validTo: isoSeconds(validity.before),
    extensions: [...extensions],
  };
}
