/** What can be asked of a launch together. */
import { expect, test } from "@jest/globals";
import { readLaunchOptions } from "../../../lab/cloud/launch-options.js";

const plain = { signed: false, publish: false, password: false };

test.each([
  ["--user-data", "--signed", { userData: "f", signed: true }],
  ["--user-data", "--publish", { userData: "f", publish: true }],
  ["--user-data", "--password", { userData: "f", password: true }],
  ["--disk-of", "--signed", { diskOf: "web", signed: true }],
  ["--disk-of", "--password", { diskOf: "web", password: true }],
  ["--user-data", "--disk-of", { userData: "f", diskOf: "web" }],
])("%s does not go with %s", async (one, other, options) => {
  await expect(readLaunchOptions({ ...plain, ...options })).rejects.toThrow(`${one} does not go with ${other}`);
});

test("a file that cannot be read is named, with the reason", async () => {
  const reading = readLaunchOptions({ ...plain, userData: "/nowhere" });
  await expect(reading).rejects.toThrow(expect.objectContaining({ code: "USAGE" }));
  await expect(reading).rejects.toThrow(/^--user-data: \/nowhere: .*no such file/);
});

test("user-data is read; the options of other machines stay as they are", async () => {
  expect((await readLaunchOptions({ ...plain, userData: "LICENSE" })).userData).toMatch(/MIT/);
  const signed = { ...plain, signed: true, address: "10.0.0.1" };
  expect(await readLaunchOptions(signed)).toEqual(signed);
});
