import { PassThrough } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import { askPassphrase, type Terminal } from "../../../src/terminal/ask-passphrase.js";

/** A terminal of one's own, and all that happens at it in its order. */
function openTerminal({ in: tty = true, out = true } = {}) {
  const seen: string[] = [];
  const stdin = Object.assign(new PassThrough(), {
    isTTY: tty,
    setRawMode(on: boolean) {
      seen.push(on ? "echo off" : "echo on");
      return stdin;
    },
  });
  const stderr = { isTTY: out, write: (text: string) => seen.push(text) };
  return { seen, type: (text: string | Buffer) => stdin.write(text), terminal: { stdin, stderr } as unknown as Terminal };
}

test("nothing that is typed is shown, not even by who types before the question stands there", async () => {
  const { seen, type, terminal } = openTerminal();
  const answer = askPassphrase("word: ", terminal);
  type("sesame\r");
  expect(await answer).toBe("sesame");
  expect(seen).toEqual(["echo off", "word: ", "echo on", "\n"]);
});

test.each([
  ["a line", "open sesame\r", "open sesame"],
  ["a line feed", "open\n", "open"],
  ["nothing", "\r", ""],
  ["a letter taken back", "opene\x7f\r", "open"],
  ["more taken back than there is", "\x7f\x7fo\b\bopen\r", "open"],
  ["a symbol of two units taken back", "open\ud83d\udd11\x7f\r", "open"],
  ["a line taken back", "wrong\x15open\r", "open"],
  ["other tongues", "\u00fcber \u4e2d\u6587\r", "\u00fcber \u4e2d\u6587"],
  ["another encoding", Buffer.from("\u00fcber\r", "latin1"), "\ufffdber"],
])("typed: %s", async (_what, typed, word) => {
  const { type, terminal } = openTerminal();
  const answer = askPassphrase("word: ", terminal);
  type(typed);
  expect(await answer).toBe(word);
});

test("a letter that arrives in two parts is one", async () => {
  const { type, terminal } = openTerminal();
  const answer = askPassphrase("word: ", terminal);
  for (const byte of Buffer.from("\u00fc\r")) type(Buffer.from([byte]));
  expect(await answer).toBe("\u00fc");
});

describe("nobody can be asked", () => {
  test.each([
    ["no keyboard", { in: false }],
    ["no screen", { out: false }],
  ])("%s", async (_what, without) => {
    const { seen, terminal } = openTerminal(without);
    await expect(askPassphrase("word: ", terminal)).rejects.toMatchObject({ code: "OFFLINE_CA_PASSPHRASE_MISSING" });
    expect(seen).toEqual([]);
  });
});
