/** Asks for a passphrase at the terminal, without showing it. */
import { fail } from "../errors/catalogue.js";

export type Terminal = Pick<NodeJS.Process, "stdin" | "stderr">;

/**
 * @throws OFFLINE_CA_PASSPHRASE_MISSING where nobody can be asked
 */
export function askPassphrase(question: string, { stdin, stderr }: Terminal = process): Promise<string> {
  if (!stdin.isTTY || !stderr.isTTY) return Promise.reject(fail("OFFLINE_CA_PASSPHRASE_MISSING", undefined));
  return new Promise((resolve) => {
    let typed = "";
    const end = () => {
      stdin.off("data", take).setRawMode(false);
      stderr.write("\n");
    };
    const take = (text: string) => {
      for (const character of text) {
        if (character === "\r" || character === "\n") {
          end();
          stdin.pause();
          resolve(typed);
          return;
        }
        if (character === "\x03" || character === "\x04") {
          end();
          // As if the terminal had done it: main.ts ends the process. Until then stdin, not paused, keeps it alive.
          process.kill(process.pid, "SIGINT");
          return;
        }
        if (character === "\x7f" || character === "\b") typed = typed.replace(/.$/su, "");
        else if (character === "\x15") typed = "";
        else typed += character;
      }
    };
    // Before the question: who types at once is not to see it either.
    stdin.setRawMode(true).setEncoding("utf8").on("data", take).resume();
    stderr.write(question);
  });
}
