/** The public key that a person means when they name a file: as ssh-keygen(1) reads it. */
import { fail } from "../errors/catalogue.js";
import { isThere } from "../ground/new-file.js";
import { shellWord } from "../ground/shell-word.js";
import { readKeyFile, readPublicKeyFile } from "./key-file.js";
import { certificateTypes } from "./key-types.js";
import { parsePublicKey, type PublicKey } from "./public-key.js";

export interface KeyToSign {
  readonly publicKey: PublicKey;
  /** Where its certificate belongs: ssh(1) finds it there beside the private key. */
  readonly certificateFile: string;
}

/**
 * @param file a public key, or the private key beside it, which is not read where the public key is there
 * @throws KEY_IS_CERTIFICATE, and as readPublicKeyFile
 */
export async function readKeyToSign(file: string): Promise<KeyToSign> {
  const isPrivate = !file.endsWith(".pub") && (await isThere(`${file}.pub`));
  const path = isPrivate ? `${file}.pub` : file;
  refuseCertificate(await readKeyFile(path), path);
  return { publicKey: await readPublicKeyFile(path), certificateFile: `${file.replace(/\.pub$/, "")}-cert.pub` };
}

/** The same of text on standard input. */
export function readKeyTextToSign(text: string): PublicKey {
  refuseCertificate(text, "(stdin)");
  return parsePublicKey(text, "(stdin)");
}

function refuseCertificate(text: string, file: string): void {
  const [type = ""] = /\S+/.exec(text) ?? [];
  if (!certificateTypes.has(type)) return;
  const publicKey = file.endsWith("-cert.pub") ? shellWord(file.replace(/-cert\.pub$/, ".pub")) : "<file>.pub";
  throw fail("KEY_IS_CERTIFICATE", { file: shellWord(file), publicKey });
}
