/** What becomes of what is typed or pasted at a question whose answer is not shown. */
import { expect, test } from "@jest/globals";
import { HiddenLine } from "../../../src/terminal/read-hidden.js";

/** @param parts as they arrive */
function typed(...parts: string[]) {
  const line = new HiddenLine();
  for (const part of parts) {
    const what = line.take(part);
    if (what !== "more") return { what, text: line.text };
  }
  return { what: "more", text: line.text };
}
const paste = (text: string) => `\u001b[200~${text}\u001b[201~`;

test.each<[what: string, parts: string[], text: string]>([
  ["letters one by one", ["a", "b", "c", "\r"], "abc"],
  ["umlauts, blanks and quotes", [" Käse & \"öl\" 'x' ", "\r"], " Käse & \"öl\" 'x' "],
  ["a smiley, of which a backspace takes the whole", ["a😀\u007f", "b\r"], "ab"],
  ["Ctrl-U", ["wrong\u0015right\r"], "right"],
  ["Ctrl-W", ["one two\u0017three\r"], "one three"],
  ["keys that mean nothing here", ["a\u0001\tb\r"], "ab"],
  ["pasted", [paste("secret"), "\r"], "secret"],
  ["pasted with a line break at its end", [paste("secret\r"), "\r"], "secret"],
  ["pasted with a line break in it: it is kept, so that it can be refused", [paste("one\rtwo"), "\r"], "one\rtwo"],
  ["pasted in parts that cut the marks", ["\u001b[20", "0~sec", "ret\u001b[", "201~", "\r"], "secret"],
  ["what is typed around what is pasted", ["a", paste("b"), "c\r"], "abc"],
  ["a paste that a terminal does not mark: the first line", ["secret\rls -l\r"], "secret"],
])("%s", (_, parts, text) => {
  expect(typed(...parts)).toEqual({ what: "line", text });
});

test.each<[what: string, parts: string[], answer: string]>([
  ["Ctrl-C interrupts", ["secr\u0003"], "interrupt"],
  ["Ctrl-D ends it where nothing was typed", ["\u0004"], "end"],
  ["Ctrl-D does nothing behind a letter", ["a\u0004"], "more"],
  ["what is pasted interrupts nothing", ["\u001b[200~a\u0003"], "more"],
])("%s", (_, parts, answer) => {
  expect(typed(...parts).what).toBe(answer);
});
