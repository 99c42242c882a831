/** Certificates for a host or a person: counted, signed, written into the log, and only then put in their place. */
import { mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { removeTemporaries } from "../ground/atomic-file.js";
import { fail } from "../errors/catalogue.js";
import type { Progress } from "../ground/progress.js";
import { certificateToJson } from "../ssh/describe-certificate.js";
import { printable } from "../ground/printable.js";
import { shellWord } from "../ground/shell-word.js";
import { checkClock } from "./clock.js";
import { removeDeadDrafts } from "./draft.js";
import type { KeySupply } from "./incoming.js";
import { certificatesOf, install } from "./install.js";
import { appendToLog, nextIdentity, readLog, type Issued } from "./issue-log.js";
import { refuseKeysOfOthers } from "./key-of-another.js";
import { publicKeyBehind } from "./keygen.js";
import { caTypeOf, certsFolder, type CaKeyType } from "./layout.js";
import { underLock } from "./lock.js";
import type { Subject } from "./names.js";
import { caKey, notWhole, openPrivateKey, type OfflineCa } from "./open.js";
import { reserveSerials } from "./serial.js";
import { signKey, type SignedKey } from "./sign.js";
import { isoSeconds, type Validity } from "./validity.js";

export interface IssueRequest {
  readonly subject: Subject;
  readonly keys: KeySupply;
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
 * @throws OFFLINE_CA_PASSPHRASE_WRONG, OFFLINE_CA_SERIAL_DAMAGED, OFFLINE_CA_SIGNING_FAILED, OFFLINE_CA_BUSY,
 *   OFFLINE_CA_KEY_OF_ANOTHER, and what checkOrder, opening the CA's keys and taking the keys throw
 */
export function issue(ca: OfflineCa, request: IssueRequest, progress: Progress): Promise<IssueResult> {
  const { subject } = request;
  return progress.during(`signing for ${subject.name}`, (detail) =>
    underLock(ca.dir, async () => {
      await removeDeadDrafts(dirname(ca.dir));
      const log = await checkOrder(ca, request);
      // Before anything is made or counted: a slip at the keyboard should not cost a serial.
      await checkSigners(ca, request);
      const keys = await request.keys.take(detail);
      refuseKeysOfOthers(log, subject, keys, new Date());
      const identity = nextIdentity(log, subject.kind, subject.name);
      const serials = await reserveSerials(ca, keys.length);
      await removeTemporaries(certsFolder(ca.dir, subject.kind));
      await using draft = await draftFolder(certsFolder(ca.dir, subject.kind));
      const signed: SignedKey[] = [];
      for (const [index, key] of keys.entries()) {
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

/**
 * What can be refused before anybody is asked for the passphrase, and is looked at again under the lock.
 * @returns the log
 * @throws OFFLINE_CA_LOG_DAMAGED, OFFLINE_CA_CLOCK_BACK, OFFLINE_CA_ALREADY_CERTIFIED
 */
export async function checkOrder(ca: OfflineCa, { subject, renew }: Pick<IssueRequest, "subject" | "renew">) {
  const log = await readLog(ca.dir);
  checkClock(ca, log, new Date());
  if (!renew) await refuseSecond(ca, subject);
  return log;
}

async function refuseSecond(ca: OfflineCa, { kind, name, folder }: Subject): Promise<void> {
  const [first] = await certificatesOf(kind, folder);
  if (first === undefined) return;
  const { keyId, validTo } = certificateToJson(first.certificate);
  const identity = printable(keyId);
  throw fail("OFFLINE_CA_ALREADY_CERTIFIED", { name, identity, until: validTo, verb: `sign-${kind}`, dir: shellWord(ca.dir) });
}

/** Each key that is to sign opens with the passphrase, and is the one behind its public key. */
async function checkSigners(ca: OfflineCa, { subject: { kind }, keys, passphrase }: IssueRequest): Promise<void> {
  const types = [...new Set(keys.types.map(caTypeOf))];
  const signers: { readonly type: CaKeyType; readonly file: string }[] = [];
  for (const type of types) signers.push({ type, file: (await openPrivateKey(ca, kind, type)).file });
  const check = async ({ type, file }: (typeof signers)[number]) => {
    const { file: publicFile, publicKey } = caKey(ca, kind, type);
    if ((await publicKeyBehind(file, passphrase)).fingerprint === publicKey.fingerprint) return;
    throw notWhole(ca.dir, `${publicFile} is not the public key of ${file}`);
  };
  // All at once, since each takes a moment; the first that fails is named.
  for (const checked of await Promise.allSettled(signers.map(check))) if (checked.status === "rejected") throw checked.reason;
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
