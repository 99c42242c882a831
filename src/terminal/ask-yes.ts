/** Asks a question that is answered with yes or no. */
import { createInterface } from "node:readline/promises";
import type { Terminal } from "./ask-passphrase.js";

/** Whether somebody can be asked. */
export const canAsk = ({ stdin, stderr }: Terminal = process): boolean => stdin.isTTY && stderr.isTTY;

/** Only "y" and "yes" are yes; whoever ends the input says no. */
export async function askYes(question: string, { stdin, stderr }: Terminal = process): Promise<boolean> {
  const lines = createInterface({ input: stdin, output: stderr });
  lines.once("SIGINT", () => process.kill(process.pid, "SIGINT")); // as if the terminal had done it
  const closed = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  try {
    return /^y(?:es)?$/i.test((await Promise.race([lines.question(`${question} [y/N] `), closed])).trim());
  } finally {
    lines.close();
  }
}
