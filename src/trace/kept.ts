/** What is kept of that which has no end: bounded, and with a word about the rest. */
import type { LogLine } from "./log.js";

/** The first and the last lines of a log. A login has a few hundred. */
export class KeptLines {
  readonly #first: LogLine[] = [];
  readonly #last: LogLine[] = [];
  /** When the first was left out. */
  #gapAt = 0;
  #leftOut = 0;

  /** @param ends how many lines are kept of the beginning, and of the end */
  constructor(private readonly ends: readonly [first: number, last: number]) {}

  add(line: LogLine): void {
    const [first, last] = this.ends;
    if (this.#first.length < first) {
      this.#first.push(line);
      return;
    }
    this.#last.push(line);
    if (this.#last.length <= last) return;
    const dropped = this.#last.shift();
    if (this.#leftOut === 0) this.#gapAt = dropped?.at ?? line.at;
    this.#leftOut++;
  }

  /** In order; where some were left out, a line says so. */
  lines(): LogLine[] {
    const gap: LogLine = {
      at: this.#gapAt,
      by: "gap",
      level: "",
      where: "",
      text: `${String(this.#leftOut)} lines are left out here`,
    };
    return [...this.#first, ...(this.#leftOut === 0 ? [] : [gap]), ...this.#last];
  }
}

/** What is said, held back until it is let go. */
export class Held {
  #waiting: string[] | undefined = [];

  constructor(private readonly said: (text: string) => void) {}

  say(text: string): void {
    if (this.#waiting === undefined) this.said(text);
    else this.#waiting.push(text);
  }

  /** What is waiting, and all that comes later. */
  letGo(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    waiting.forEach(this.said);
  }
}

/** Text that comes through ssh from others, in lines. Only the beginning is passed on; the rest is counted. */
export class Overheard {
  /** Characters that were not passed on. */
  leftOut = 0;
  #rest = "";
  #room: number;

  /** @param most characters that are passed on */
  constructor(most: number) {
    this.#room = most;
  }

  /** Takes what arrived; answers with the lines that it ended. */
  feed(text: string): string[] {
    const passed = text.slice(0, this.#room);
    this.#room -= passed.length;
    this.leftOut += text.length - passed.length;
    const lines = (this.#rest + passed).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.map((line) => line.replace(/\r$/, ""));
  }

  /** What is left when nothing more will come. */
  end(): string[] {
    return this.#rest === "" ? [] : [this.#rest];
  }
}
