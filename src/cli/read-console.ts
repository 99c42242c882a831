import { readFile, stat } from "node:fs/promises";
import { fail } from "../errors/catalogue.js";
import { shellWord } from "../ground/shell-word.js";
import { whyUnread, type Unread } from "../ground/unread-file.js";

/** Far more than a cloud keeps of a console. */
const most = 64 * 1024 * 1024;
const tooLarge: Unread = {
  reason: "it is longer than 64 MiB",
  how: { say: "give the part of the machine's first boot", run: "grep -a -A 30 'BEGIN SSH HOST KEY' <file>" },
};

/** The text of a console's log. @param file "-" is standard input @throws DIRECTORY_CONSOLE_UNREADABLE */
export async function readConsole(file: string, stdin: AsyncIterable<Buffer> = process.stdin): Promise<string> {
  const refuse = (why: Unread, cause?: unknown) => fail("DIRECTORY_CONSOLE_UNREADABLE", { file: shellWord(file), ...why }, cause);
  if (file === "-") {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stdin) {
      size += chunk.length;
      if (size > most) throw refuse(tooLarge);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  }
  const unread = (error: unknown) => refuse(whyUnread(file, error), error);
  const stats = await stat(file).catch((error: unknown) => {
    throw unread(error);
  });
  if (stats.size > most) throw refuse(tooLarge);
  return readFile(file, "utf8").catch((error: unknown) => {
    throw unread(error);
  });
}
