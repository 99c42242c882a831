import { fail } from "../errors/catalogue.js";
import { mostBytes, tooLarge } from "../ssh/key-file.js";

/**
 * The text on standard input, up to the size that a key file may have.
 * @throws KEY_FILE_UNREADABLE
 */
export async function readInput(stdin: AsyncIterable<Buffer> = process.stdin): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    size += chunk.length;
    if (size > mostBytes) throw fail("KEY_FILE_UNREADABLE", { file: "-", ...tooLarge });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
