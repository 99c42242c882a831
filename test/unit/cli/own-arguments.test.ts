/** `help` as a word is the option of that name. */
import { expect, test } from "@jest/globals";
import { withHelpAsOption } from "../../../src/cli/own-arguments.js";

test.each([
  ["", ""],
  ["help", "--help"],
  ["help login", "login --help"],
  ["help people add", "people add --help"],
  ["people help", "people --help"],
  ["people help add", "people add --help"],
  ["--debug help ssh", "--debug ssh --help"],
  ["help nonsense", "nonsense --help"],
  ["ssh help", "ssh help"], // a host
  ["ssh web help", "ssh web help"],
  ["people add help", "people add help"], // a name
  ["nonsense help", "nonsense help"],
  ["login --help", "login --help"],
])("%j: %j", (typed, read) => {
  const words = (line: string) => line.split(" ").filter((word) => word !== "");
  expect(withHelpAsOption(words(typed))).toEqual(words(read));
});
