import { describe, expect, jest, test } from "@jest/globals";
import { hintText, typed, verb, type Hint } from "../../../src/errors/hint.js";
import { talkInLines } from "../../../src/terminal/report.js";
import { columnsOf, unbroken, wrap } from "../../../src/terminal/wrap.js";

describe("the columns that text may fill", () => {
  test.each([
    ["no terminal", { isTTY: false, columns: 80 }, undefined],
    ["a terminal of width 0, as expect(1) makes them", { isTTY: true, columns: 0 }, undefined],
    ["80", { isTTY: true, columns: 80 }, 80],
    ["100, where it is wider", { isTTY: true, columns: 240 }, 100],
  ])("%s", (_what, stream, columns) => {
    expect(columnsOf(stream)).toBe(columns);
  });
});

describe("wrapping", () => {
  const text = "every line but the first stands behind an indent, and no word is broken";

  test("is not done where nobody reads", () => {
    expect(wrap(`${text}\n${text}`, undefined, "  ")).toBe(`${text}\n${text}`);
  });

  test("breaks between words, with a hanging indent", () => {
    expect(wrap(text, 44, "  ")).toBe("every line but the first stands behind an\n  indent, and no word is broken");
  });

  test("keeps the lines that there are", () => {
    expect(wrap("the log:\na b", 80, "  ")).toBe("the log:\n  a b");
  });

  test("does not count colours", () => {
    const red = `\u001b[31m${"x".repeat(40)}\u001b[39m`;
    expect(wrap(`${red} abc`, 44)).toBe(`${red} abc`);
  });
});

describe("a hint's commands stay whole", () => {
  const fits = (hint: Hint) =>
    wrap(`ssh-trust: hint: ${hintText(hint, (run) => unbroken(typed(run, "ssh-trust")))}`, 60, "  ").split("\n");

  test("behind a colon", () => {
    expect(fits([{ say: "see whom it has", run: "npx ssh-trust offline-ca list --dir ca/SSH" }])).toEqual([
      "ssh-trust: hint: see whom it has:",
      "  npx ssh-trust offline-ca list --dir ca/SSH",
    ]);
  });

  test("several of them, and what is said between them is broken", () => {
    const hint = [
      { say: "enable it first", run: "vault secrets enable -path=a ssh" },
      { say: "or, where that is not allowed to you, ask for it", run: verb("trace -o IdentitiesOnly=yes -i <key>") },
    ];
    expect(fits(hint)).toEqual([
      "ssh-trust: hint: enable it first:",
      "  vault secrets enable -path=a ssh; or, where that is not",
      "  allowed to you, ask for it:",
      "  ssh-trust trace -o IdentitiesOnly=yes -i <key>",
    ]);
  });

  test("even where one is longer than a line: the terminal breaks it then, and it is copied as one", () => {
    const long = `ssh-trust offline-ca init --domain example.org --dir ${"long/".repeat(20)}`;
    expect(fits([{ say: "make one", run: long }])).toEqual(["ssh-trust: hint: make one:", `  ${long}`]);
  });
});

test("lines of talk: a command stays whole, what is said is broken, and goes on further in", () => {
  const { isTTY, columns } = process.stderr;
  let shown = "";
  jest.spyOn(process.stderr, "write").mockImplementation((part) => (shown += String(part)) !== "");
  Object.assign(process.stderr, { isTTY: true, columns: 60 });
  try {
    talkInLines([
      `next: alice signs in with it, and chooses a password, and gets a second factor`,
      `  ${unbroken("ssh-trust login --invitation alice.invitation --token-helper")}`,
      `  invite people: ${unbroken("ssh-trust people add <name> --group <group>")}`,
    ]);
  } finally {
    Object.assign(process.stderr, { isTTY, columns });
    jest.restoreAllMocks();
  }
  expect(shown.split("\n")).toEqual([
    "next: alice signs in with it, and chooses a password, and",
    "  gets a second factor",
    "  ssh-trust login --invitation alice.invitation --token-helper",
    "  invite people:",
    "    ssh-trust people add <name> --group <group>",
    "",
  ]);
});
