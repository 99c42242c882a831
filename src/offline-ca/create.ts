/** Makes an offline CA: six key pairs, two kinds of three types, each private key under the passphrase. */
import { chmod, readdir, rename } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { syncToDisk, writeFileAtomically } from "../ground/atomic-file.js";
import { fail } from "../errors/catalogue.js";
import type { Progress } from "../ground/progress.js";
import { printable } from "../ground/printable.js";
import { shellWord } from "../ground/shell-word.js";
import { systemCode } from "../ground/system-error.js";
import { writeConfig } from "./config.js";
import { openDraft, removeDeadDrafts } from "./draft.js";
import { makeFolder } from "./folder.js";
import { makeProtectedKey } from "./keygen.js";
import { caBits, caKeyTypes, caKinds, caPrivateKey, caPublicKey, certsFolder, configFile, logFile } from "./layout.js";
import { privateFolder, publicFolder, serialFile } from "./layout.js";
import { checkCaName, checkDomain } from "./names.js";
import { openCa, type OfflineCa } from "./open.js";
import { checkNewPassphrase } from "./passphrase.js";

export interface CreateRequest {
  readonly dir: string;
  readonly name: string;
  readonly domain: string;
  readonly passphrase: string;
}

/**
 * Checks what a new CA is to be called and where it is to lie, before anybody is asked for a passphrase.
 * @throws OFFLINE_CA_NAME_INVALID, OFFLINE_CA_EXISTS
 */
export async function checkCreate({ dir, name, domain }: Omit<CreateRequest, "passphrase">): Promise<void> {
  checkDomain(domain);
  checkCaName(name);
  const taken = (what: string) => fail("OFFLINE_CA_EXISTS", { dir: shellWord(resolve(dir)), what: printable(what), domain });
  const names = await readdir(dir).catch((error: unknown): string[] => {
    if (systemCode(error) === "ENOENT") return [];
    throw systemCode(error) === "ENOTDIR" ? taken("it is a file") : error;
  });
  if (names.includes(basename(configFile(dir)))) throw taken("it holds an offline CA");
  if (names.length > 0) throw taken(`it holds ${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""}`);
}

/**
 * All of it is made beside the folder and gets its name at the end, so there is a whole CA or none. It overwrites nothing.
 * @throws OFFLINE_CA_EXISTS, OFFLINE_CA_NAME_INVALID, OFFLINE_CA_PASSPHRASE_UNFIT, FILE_NOT_WRITTEN, TOOL_MISSING
 */
export async function createCa(request: CreateRequest, progress: Progress): Promise<OfflineCa> {
  await checkCreate(request);
  checkNewPassphrase(request.passphrase);
  const dir = resolve(request.dir);
  const parent = dirname(dir);
  await makeFolder(parent);
  await removeDeadDrafts(parent);
  await using draft = await openDraft(parent);
  await progress.during("making the CA's six keys", (detail) => fill(draft.path, request, detail));
  await rename(draft.path, dir).catch((error: unknown) => {
    if (systemCode(error) !== "ENOTEMPTY" && systemCode(error) !== "EEXIST") throw error;
    const { domain } = request;
    throw fail("OFFLINE_CA_EXISTS", { dir: shellWord(dir), what: "somebody else was faster", domain }, error);
  });
  await syncToDisk(parent);
  return await openCa(dir);
}

async function fill(dir: string, { name, domain, passphrase }: CreateRequest, detail: (text: string) => void): Promise<void> {
  for (const kind of caKinds) {
    const folders = [certsFolder, privateFolder, publicFolder].map((folder) => folder(dir, kind));
    for (const folder of folders) await makeFolder(folder);
    for (const type of caKeyTypes) {
      detail(`${kind}, ${type}`);
      const file = caPrivateKey(dir, name, kind, type);
      const comment = `${name} ssh ca ${kind} key`;
      await makeProtectedKey({ file, type, bits: caBits[type], comment, passphrase });
      const publicKey = caPublicKey(dir, name, kind, type);
      await rename(`${file}.pub`, publicKey);
      await chmod(publicKey, 0o644);
      await chmod(file, 0o400);
      for (const written of [file, publicKey]) await syncToDisk(written);
    }
    for (const folder of [...folders, join(dir, kind)]) await syncToDisk(folder);
  }
  await writeFileAtomically(logFile(dir), "", 0o600);
  await writeFileAtomically(serialFile(dir), "0\n", 0o600);
  await writeConfig(dir, { name, domain, made: new Date().toISOString() });
}
