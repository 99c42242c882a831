/** Asks for a line at the terminal. */
import { createInterface } from "node:readline/promises";
import type { Terminal } from "./ask-passphrase.js";

/** Without blanks around it; undefined where the input ends instead. Whether somebody can be asked, `canAsk` says. */
export async function askLine(question: string, { stdin, stderr }: Terminal = process): Promise<string | undefined> {
  const lines = createInterface({ input: stdin, output: stderr });
  lines.once("SIGINT", () => process.kill(process.pid, "SIGINT")); // as if the terminal had done it
  const closed = new Promise<undefined>((resolve) =>
    lines.once("close", () => {
      resolve(undefined);
    }),
  );
  try {
    return (await Promise.race([lines.question(question), closed]))?.trim();
  } finally {
    lines.close();
  }
}
