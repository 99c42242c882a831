/** What is said of user-data that some clouds do not take. */
import { randomBytes } from "node:crypto";
import { expect, test } from "@jest/globals";
import { wrap } from "../../../src/terminal/wrap.js";
import { sizeWarning } from "../../../src/cli/verbs/host/describe-added.js";

const random = (bytes: number) => randomBytes(bytes).toString("base64");

test("what fits is told by its size alone", () => {
  expect(sizeWarning("x".repeat(16_384), "f")).toEqual(["the user-data has 16384 bytes"]);
});

test("what fits where it is compressed: how, by the file's name", () => {
  const text = "x".repeat(20_000);
  expect(
    sizeWarning(text, "f")
      .map((line) => wrap(line, undefined))
      .join("\n"),
  ).toMatch(/^warning: .* 20000 bytes.*\n {2}compressed it has \d+; .*: gzip -9 f$/);
  expect(
    sizeWarning(text, "-")
      .map((line) => wrap(line, undefined))
      .join("\n"),
  ).toMatch(/gzip -9 <file>$/);
});

test("what does not fit at all: an image that has the script", () => {
  expect(
    sizeWarning(random(20_000), "f")
      .map((line) => wrap(line, undefined))
      .join("\n"),
  ).toMatch(/host program, then give --installed$/);
});
