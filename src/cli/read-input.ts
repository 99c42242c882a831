import { fail } from "../errors/catalogue.js";

/** OpenSSH reads no larger key file either: MAX_KEY_FILE_SIZE. */
const mostBytes = 1024 * 1024;

/**
 * The text on standard input, up to the size that a key file may have.
 * @throws KEY_FILE_UNREADABLE
 */
export async function readInput(stdin: AsyncIterable<Buffer> = process.stdin): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    size += chunk.length;
    if (size > mostBytes) throw fail("KEY_FILE_UNREADABLE", { file: "-", reason: "it is too large for a key (over 1 MiB)" });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
