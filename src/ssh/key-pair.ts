import { chmod, link, lstat, mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncToDisk, writeFileAtomically } from "../ground/atomic-file.js";
import { fail, isFailure, reasonOf } from "../errors/catalogue.js";
import { checkPrivateKeyFile } from "./key-file.js";
import { runOpenSsh } from "./openssh.js";
import { shellWord } from "../ground/shell-word.js";
import { systemCode } from "../ground/system-error.js";

export interface KeyPairRequest {
  /** The private key's file; the public key's gets ".pub" behind it. Its folder must exist. */
  readonly path: string;
  readonly type: "rsa" | "ecdsa" | "ed25519";
  /** For RSA and ECDSA; without it, what ssh-keygen takes by itself. */
  readonly bits?: number;
  readonly comment: string;
  /** The program; "ssh-keygen" on PATH. */
  readonly keygen?: string;
}

/** A key of 16384 bits takes minutes. */
const secondsToGenerate = 300;
const secondsToRead = 30;

/**
 * Makes a key pair without a passphrase: the private key with mode 0600, the public one with 0644. It overwrites nothing.
 *
 * The private key gets its name first, whole, and only if the name is free; then the public key does. So a kill at any
 * moment leaves both, or none, or the private key alone, whose public key the next call writes; and two calls at once
 * end with one pair.
 * @returns "made"; "kept", where both were there; "completed", where the public key was missing
 * @throws FILE_NOT_WRITTEN, TOOL_MISSING, and what checkPrivateKeyFile throws
 */
export async function generateKeyPair(request: KeyPairRequest): Promise<"made" | "kept" | "completed"> {
  const { path, comment } = request;
  if (/\p{Cc}/u.test(comment)) {
    throw fail("FILE_NOT_WRITTEN", { file: path, reason: "the key's comment holds control characters" });
  }
  // in this order: a call that is faster makes the private key first
  const hadPublicKey = await exists(`${path}.pub`);
  if (!(await exists(path))) {
    if (hadPublicKey) {
      throw fail("FILE_NOT_WRITTEN", { file: path, reason: `${path}.pub is there without it; move that away first` });
    }
    if (await make(request)) return "made";
  }
  await checkPrivateKeyFile(path);
  return (await exists(`${path}.pub`)) ? "kept" : complete(request);
}

/** False when another process was faster. */
async function make(request: KeyPairRequest): Promise<boolean> {
  const { path, type, bits, comment, keygen = "ssh-keygen" } = request;
  const folder = dirname(path);
  try {
    await using temporary = await temporaryFolder(folder);
    const fresh = join(temporary.path, "key");
    const size = bits === undefined ? [] : ["-b", String(bits)];
    const args = ["-q", "-t", type, ...size, "-N", "", "-C", comment, "-f", fresh];
    const { failed, reason } = await runOpenSsh(keygen, args, secondsToGenerate);
    if (failed) throw fail("FILE_NOT_WRITTEN", { file: path, reason });
    await settle(fresh, 0o600);
    await settle(`${fresh}.pub`, 0o644);
    // unlike rename(2), link(2) replaces nothing
    if (!(await linkIfFree(fresh, path))) return false;
    await linkIfFree(`${fresh}.pub`, `${path}.pub`);
    await syncToDisk(folder);
    return true;
  } catch (error) {
    throw notWritten(path, error);
  }
}

async function complete({ path, keygen = "ssh-keygen" }: KeyPairRequest): Promise<"completed"> {
  // the empty passphrase keeps it from asking for one
  const { failed, stdout, reason } = await runOpenSsh(keygen, ["-y", "-P", "", "-f", path], secondsToRead);
  if (failed) {
    const how = {
      say: "write its public key yourself",
      run: `ssh-keygen -y -f ${shellWord(path)} > ${shellWord(`${path}.pub`)}`,
    };
    throw fail("KEY_FILE_UNREADABLE", { file: path, reason, how });
  }
  await writeFileAtomically(`${path}.pub`, `${stdout}\n`, 0o644).catch((error: unknown) => {
    throw notWritten(`${path}.pub`, error);
  });
  return "completed";
}

/** Beside the key, because a link cannot reach into another file system. */
async function temporaryFolder(folder: string): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(folder, ".tmp-key-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function settle(path: string, mode: number): Promise<void> {
  await chmod(path, mode);
  await syncToDisk(path);
}

async function linkIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: unknown) => {
      if (systemCode(error) === "ENOENT") return false;
      throw notWritten(path, error);
    },
  );
}

function notWritten(file: string, error: unknown): Error {
  return isFailure(error) ? error : fail("FILE_NOT_WRITTEN", { file, reason: reasonOf(error) }, error);
}
