/**
 * Questions to the person at the terminal, whatever standard input and output are connected to: a pipe through `ssh-trust ssh` stays as it
 * is. Nothing of the terminal is read while nothing is asked.
 */
import { closeSync, openSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { ReadStream, WriteStream } from "node:tty";
import { readHidden } from "./read-hidden.js";

export interface Tty {
  tell(text: string): void;
  /** Without blanks around it; undefined where the input ends instead. */
  line(question: string): Promise<string | undefined>;
  /** As it was typed or pasted, which is not shown; undefined where the input ends instead. */
  hidden(question: string): Promise<string | undefined>;
}

/** @returns undefined where there is no terminal: what `work` does cannot be asked then */
export async function atTty<T>(work: (tty: Tty) => Promise<T>): Promise<T | undefined> {
  const opened = openTty();
  if (opened === undefined) return undefined;
  const { input, output } = opened;
  try {
    return await work({
      tell: (text) => output.write(`${text}\n`),
      line: (question) => readLine(input, output, question),
      hidden: (question) => readHidden(input, output, question),
    });
  } finally {
    input.destroy();
    output.destroy();
  }
}

/** Whether there is a terminal. */
export function hasTty(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r+"));
    return true;
  } catch {
    return false;
  }
}

function openTty(): { readonly input: ReadStream; readonly output: WriteStream } | undefined {
  try {
    const input = new ReadStream(openSync("/dev/tty", "r"));
    const output = new WriteStream(openSync("/dev/tty", "w"));
    // A terminal that was closed fails at whatever is done with it; the input ends, and SIGHUP comes.
    for (const each of [input, output]) each.on("error", () => undefined);
    return { input, output };
  } catch {
    return undefined;
  }
}

async function readLine(input: ReadStream, output: WriteStream, question: string): Promise<string | undefined> {
  const lines = createInterface({ input, output, terminal: true });
  lines.on("error", () => undefined); // it hands on those of the input, whose end closes it
  let interrupted = false;
  lines.once("SIGINT", () => {
    interrupted = true;
    lines.close(); // the terminal is as it was
    process.kill(process.pid, "SIGINT"); // as if the terminal had done it: main.ts ends the process
  });
  const closed = new Promise<undefined>((resolve) =>
    lines.once("close", () => {
      if (!interrupted) resolve(undefined);
    }),
  );
  try {
    return (await Promise.race([lines.question(question), closed]))?.trim();
  } finally {
    lines.close();
  }
}
