import { expect, test } from "@jest/globals";
import { loadVerbs, verbNames } from "../../../src/cli/verbs.js";

const names = async (args: string) => (await loadVerbs(args.split(" "))).map((verb) => verb.name());

test.each(["", "--help", "constructor", "what trace", "--debug"])(
  "%j asks for no verb, so all are there to be listed",
  async (args) => {
    expect(await names(args)).toEqual(verbNames);
  },
);

test.each([
  ["trace host", "trace"],
  ["--debug trace offline-ca", "trace"],
  ["offline-ca init", "offline-ca"],
])("%j loads nothing but %s", async (args, name) => {
  expect(await names(args)).toEqual([name]);
});
