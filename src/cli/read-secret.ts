/** A secret from a file or from standard input: one line. */
import { text } from "node:stream/consumers";
import { fail } from "../errors/catalogue.js";
import type { Advice } from "../errors/hint.js";
import { oneLine, readSecretFile } from "../ground/secret-file.js";
import { shellWord } from "../ground/shell-word.js";

/** @param file "-" for standard input. @throws SECRET_FILE_REFUSED */
export async function readSecret(file: string): Promise<string> {
  const refuse = (problem: string, how: Advice, cause?: unknown) =>
    fail("SECRET_FILE_REFUSED", { file: shellWord(file), problem, how }, cause);
  const read = file === "-" ? await text(process.stdin) : (await readSecretFile(file, refuse)).toString("utf8");
  const secret = read.replace(/\r?\n$/, "");
  if (secret === "") throw refuse("it is empty", oneLine);
  if (/\p{Cc}/u.test(secret)) throw refuse("it holds control characters, or more than one line", oneLine);
  return secret;
}
