/** The only place that prints. stdout is data, stderr is talk. */
import type { Ora } from "ora";
import { bold, cyan, dim, red } from "./colour.js";
import { fail, reasonOf, type SshTrustError } from "../errors/catalogue.js";
import { hintText, typed, type Hint } from "../errors/hint.js";
import type { Progress } from "../ground/progress.js";
import { printable } from "../ground/printable.js";
import type { Face } from "./face.js";
import { columnsOf, unbroken, wrap } from "./wrap.js";

/** Prints data: what was asked for. */
export function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** How many texts are waited for that must not get lost. */
let awaited = 0;
export const isAwaited = (): boolean => awaited > 0;

/**
 * Prints data that nobody can have a second time, and waits until it has gone out.
 * @throws FILE_NOT_WRITTEN where nobody takes it: a full disk, a reader that has gone
 */
export async function printWhole(text: string): Promise<void> {
  awaited += 1;
  try {
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(text.endsWith("\n") ? text : `${text}\n`, (error) => {
        if (error === undefined || error === null) resolve();
        else reject(fail("FILE_NOT_WRITTEN", { file: "standard output", reason: reasonOf(error) }, error));
      });
    });
    await new Promise((resolve) => setImmediate(resolve)); // the stream tells of its error right after
  } finally {
    awaited -= 1;
  }
}

/** Prints talk: what a person may want to know meanwhile. */
export function talk(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Passes on what another program says, as it says it: its line ends are its own. */
export function say(text: string): void {
  process.stderr.write(text);
}

/** The same, where a line that is longer than the terminal's goes on a little further in. */
export function talkInLines(lines: readonly string[]): void {
  for (const line of lines) talk(wrap(printable(line), columnsOf(process.stderr), `${/^ */.exec(line)?.[0] ?? ""}  `));
}

/** Waits until what was printed and told has gone out: a pipe takes it as fast as somebody reads. */
export async function allOut(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => {
      stream.write("", () => {
        resolve();
      });
    });
  }
}

/**
 * Shows progress: a spinner on a terminal, plain lines where there is none.
 * @param steps whether every step is told as it begins, in a line of its own
 */
export function terminalProgress({ steps = false }: { readonly steps?: boolean } = {}): Progress {
  if (steps) return everyStep;
  let spinner: Ora | undefined;
  return {
    say(line) {
      if (spinner === undefined) talk(line);
      else {
        spinner.clear();
        talk(line);
        spinner.render();
      }
    },
    async during(label, work) {
      // A terminal of width 0, as expect(1) makes them, would have ora count lines without an end.
      if (!process.stderr.isTTY || process.stderr.columns === 0) return duringPlainly(label, work);
      const { default: ora } = await import("ora");
      if (spinner !== undefined) return work(() => undefined); // inside another: that one is shown
      const shown = ora({ text: label, stream: process.stderr, discardStdin: false });
      spinner = shown;
      shown.start();
      const begun = Date.now();
      const width = Math.max(20, (process.stderr.columns || 80) - 14);
      let detail = "";
      const draw = () => {
        const seconds = Math.round((Date.now() - begun) / 1000);
        const text = detail === "" ? label : `${label} ${dim(`— ${detail}`.slice(0, Math.max(0, width - label.length)))}`;
        shown.text = seconds < 2 ? text : `${text} ${dim(`${String(seconds)} s`)}`;
      };
      const ticking = setInterval(draw, 1000);
      try {
        return await work((text) => {
          detail = text;
          draw();
        });
      } finally {
        clearInterval(ticking);
        shown.stop();
        spinner = undefined;
      }
    },
  };
}

const everyStep: Progress = {
  say: talk,
  during(label, work) {
    talk(`${label} …`);
    return work((detail) => {
      talk(`${label}: ${detail}`);
    });
  },
};

/** For what is over in a moment as a rule: nothing is shown before a second has passed, also on a terminal. */
export const patientProgress: Progress = { say: talk, during: duringPlainly };

/** Without a terminal: one line when the work takes longer than a second, and a sign of life every half minute. */
export async function duringPlainly<T>(label: string, work: (detail: (text: string) => void) => Promise<T>): Promise<T> {
  const begun = Date.now();
  let detail = "";
  const first = setTimeout(() => {
    talk(`${label} …`);
  }, 1000);
  const later = setInterval(() => {
    talk(`${label}: ${String(Math.round((Date.now() - begun) / 1000))} s${detail === "" ? "" : `, ${detail}`}`);
  }, 30_000);
  try {
    return await work((text) => {
      detail = text;
    });
  } finally {
    clearTimeout(first);
    clearInterval(later);
  }
}

/** A face that fails at its own hint keeps nobody from the error's. */
async function hintOf(error: SshTrustError, { hintFor }: Face): Promise<Hint> {
  try {
    return (await hintFor?.(error)) ?? error.hint;
  } catch {
    return error.hint;
  }
}

/**
 * Prints an error of the catalogue with its hint; a stack trace only where it was asked for. What a message quotes, such as a
 * container's log or a file's name, a terminal shows and does not obey; its further lines stand behind a bar, so that none of
 * them passes for a line of ours.
 */
export async function printError(error: SshTrustError, face: Face, debug: boolean): Promise<void> {
  const columns = columnsOf(process.stderr);
  const shown = (text: string) => text.split("\n").map((line) => printable(line.trimEnd()));
  const [message = "", ...quoted] = shown(error.message);
  const advice = await hintOf(error, face);
  const hint = shown(hintText(advice, (run) => unbroken(typed(run, face.program, face.docs)))).join(" ");
  talk(wrap(`${bold("ssh-trust:")} ${red("error:")} ${message}  ${dim(`[${error.code}]`)}`, columns, "  "));
  for (const line of quoted) talk(`  ${dim("│")} ${line}`);
  talk(wrap(`${bold("ssh-trust:")} ${cyan("hint:")} ${hint}`, columns, "  "));
  if (!debug) return;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) talk(dim(cause.stack ?? String(cause)));
}
