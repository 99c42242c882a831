import { describe, expect, test } from "@jest/globals";
import { isFailure } from "../../../src/errors/catalogue.js";
import { hashedName } from "../../../src/ssh/hashed-name.js";

const salt = (base64: string) => Buffer.from(base64, "base64");
const zeros = Buffer.alloc(20);

// written by `ssh-keygen -H` of OpenSSH 9.2
test.each([
  ["web.example.org", "PEFN7R/5Q3Pm8bWJDx5tGSOZBi8=", "5dCRIw9o8MPwZADv3mrkhBXa/H4="],
  ["Web.Example.ORG", "PEFN7R/5Q3Pm8bWJDx5tGSOZBi8=", "5dCRIw9o8MPwZADv3mrkhBXa/H4="],
  ["[localhost]:2022", "weVp3ZmnbqH4AtFvRoq1hYP+hBI=", "fhjZx53ZH9P4gLYlRJr1oCzVqhI="],
])("%s under %s", (name, base64, hash) => {
  expect(hashedName(name, salt(base64))).toBe(`|1|${base64}|${hash}`);
});

describe("refused", () => {
  test.each([
    ["no name", "", "is empty"],
    ["two names", "a,b", "a hash stands for one name"],
    ["a pattern of any length", "*.example.org", "a hash stands for one name"],
    ["a pattern of one letter", "web?", "a hash stands for one name"],
    ["an excluded name", "!web", 'begins with "!"'],
    ["a name that is hashed already", hashedName("web", zeros), 'begins with "|"'],
    ["a comment", "#web", 'begins with "#"'],
    ["a marker", "@revoked", 'begins with "@"'],
    ["an option", "-web", 'begins with "-"'],
    ["a blank", "a b", "more than printable ASCII"],
    ["a line break", "a\nb", "more than printable ASCII"],
    ["a letter beyond ASCII", "bücher.example", "more than printable ASCII"],
  ])("%s", (_what, name, words) => {
    const refusal = thrownBy(() => hashedName(name, zeros));
    expect(isFailure(refusal, "USAGE")).toBe(true);
    expect((refusal as Error).message).toContain(words);
  });

  test.each([0, 19, 21, 32])("a salt of %d bytes", (length) => {
    expect(() => hashedName("web", Buffer.alloc(length))).toThrow(`a salt has 20 bytes, not ${String(length)}`);
  });
});

function thrownBy(use: () => unknown): unknown {
  try {
    return use();
  } catch (error) {
    return error;
  }
}
