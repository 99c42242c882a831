/** Reads what somebody types or pastes at a terminal without showing it. */
import type { ReadStream, WriteStream } from "node:tty";

/** Bracketed paste: the terminal says where what is pasted begins and ends, so that a line break in it ends nothing. */
const paste = { on: "\x1b[?2004h", off: "\x1b[?2004l", begin: "\x1b[200~", end: "\x1b[201~" } as const;

/**
 * A line break at the end of what is pasted is no part of it. Backspace, Ctrl-U and Ctrl-W work as in a shell.
 * @returns undefined where the input ends without a line
 */
export function readHidden(
  input: Pick<ReadStream, "setRawMode" | "on" | "off" | "resume" | "pause" | "setEncoding">,
  output: Pick<WriteStream, "write">,
  question: string,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const line = new HiddenLine();
    const leave = () => {
      output.write(paste.off); // where the process ends by a signal meanwhile
    };
    process.once("exit", leave);
    const stop = () => {
      process.off("exit", leave);
      input.off("data", take).off("end", ended).off("error", ended).setRawMode(false);
      input.pause();
      output.write(`${paste.off}\n`);
    };
    const end = (answer: string | undefined) => {
      stop();
      resolve(answer);
    };
    const ended = () => {
      end(undefined);
    };
    const take = (text: string) => {
      switch (line.take(text)) {
        case "line":
          end(line.text);
          return;
        case "interrupt":
          stop();
          process.kill(process.pid, "SIGINT"); // as if the terminal had done it: main.ts ends the process
          return;
        case "end":
          end(undefined);
          return;
        case "more":
          return;
      }
    };
    // Before the question: what is typed at once is not shown either.
    input.setRawMode(true);
    input.setEncoding("utf8");
    input.on("data", take).on("end", ended).on("error", ended).resume();
    output.write(`${paste.on}${question}`);
  });
}

/** What was typed so far. Exported for its tests. */
export class HiddenLine {
  #typed = "";
  #pasting = false;
  /** What may be the beginning of a mark of bracketed paste. */
  #held = "";

  get text(): string {
    return this.#typed;
  }

  take(text: string): "more" | "line" | "interrupt" | "end" {
    const all = this.#held + text;
    this.#held = "";
    for (let at = 0; at < all.length;) {
      const rest = all.slice(at);
      const mark = [paste.begin, paste.end].find((each) => rest.startsWith(each));
      if (mark !== undefined) {
        this.#pasting = mark === paste.begin;
        if (!this.#pasting) this.#typed = this.#typed.replace(/[\r\n]+$/, "");
        at += mark.length;
      } else if ([paste.begin, paste.end].some((each) => each.startsWith(rest)) && rest.startsWith("\x1b[")) {
        this.#held = rest;
        return "more";
      } else {
        const [character = ""] = rest;
        const what = this.#pasting ? this.#add(character) : this.#key(character);
        if (what !== "more") return what;
        at += character.length;
      }
    }
    return "more";
  }

  #add(character: string): "more" {
    this.#typed += character;
    return "more";
  }

  #key(character: string): "more" | "line" | "interrupt" | "end" {
    if (character === "\r" || character === "\n") return "line";
    if (character === "\x03") return "interrupt";
    if (character === "\x04") return this.#typed === "" ? "end" : "more";
    if (character === "\x7f" || character === "\b") this.#typed = this.#typed.replace(/.$/su, "");
    else if (character === "\x15") this.#typed = "";
    else if (character === "\x17") this.#typed = this.#typed.replace(/\S*\s*$/, "");
    else if (!/\p{Cc}/u.test(character)) this.#typed += character;
    return "more";
  }
}
