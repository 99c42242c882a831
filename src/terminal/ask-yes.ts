/** Asks a question that is answered with yes or no. */
import { askLine } from "./ask-line.js";
import type { Terminal } from "./ask-passphrase.js";

/** Whether somebody can be asked. */
export const canAsk = ({ stdin, stderr }: Terminal = process): boolean => stdin.isTTY && stderr.isTTY;

/** Only "y" and "yes" are yes; whoever ends the input says no. */
export const askYes = async (question: string, terminal: Terminal = process): Promise<boolean> =>
  /^y(?:es)?$/i.test((await askLine(`${question} [y/N] `, terminal)) ?? "");
