import { stripVTControlCharacters } from "node:util";
import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { printError } from "../../../src/terminal/report.js";
import { fail as labFail } from "../../../lab/errors/catalogue.js";
import { fail, type SshTrustError } from "../../../src/errors/catalogue.js";
import { verb } from "../../../src/errors/hint.js";

const { isTTY, columns } = process.stderr;
afterEach(() => {
  jest.restoreAllMocks();
  Object.assign(process.stderr, { isTTY, columns });
});

/** What is printed where standard error is no terminal, or one of so many columns; colours are left out. */
async function printed(error: SshTrustError, terminal?: { columns: number }): Promise<string> {
  Object.assign(process.stderr, { isTTY: terminal !== undefined, ...terminal });
  let text = "";
  jest.spyOn(process.stderr, "write").mockImplementation((part) => {
    text += String(part);
    return true;
  });
  await printError(error, { program: "npx ssh-trust" }, false);
  return stripVTControlCharacters(text);
}

describe("an error", () => {
  const usage = fail("USAGE", { what: "that is wrong", help: verb("trace --help") });

  test("ends in a hint that can be typed", async () => {
    expect(await printed(usage)).toBe(
      "ssh-trust: error: that is wrong  [USAGE]\nssh-trust: hint: see: npx ssh-trust trace --help\n",
    );
  });

  test("that quotes several lines has none of them pass for its own", async () => {
    const log = "; its log ends:\nstarting\nssh-trust: hint: rm -rf ~";
    const error = labFail("CONTAINER_NOT_READY", { name: "vault", waited: "30 s", log, again: "npm run start-vault" });
    expect((await printed(error)).split("\n")).toEqual([
      'ssh-trust: error: container "vault" did not become ready: waited for 30 s; its log ends:  [CONTAINER_NOT_READY]',
      "  │ starting",
      "  │ ssh-trust: hint: rm -rf ~",
      "ssh-trust: hint: the reason is in the log above; try again: npm run start-vault",
      "",
    ]);
  });

  test("that quotes control characters shows them", async () => {
    const quoted = fail("USAGE", { what: "\u001b[2Jgone\u0007", help: "\u001b]0;x" });
    expect(await printed(quoted)).toBe("ssh-trust: error: \\033[2Jgone\\007  [USAGE]\nssh-trust: hint: see: \\033]0;x\n");
  });

  test("fits the terminal, and its commands stay whole", async () => {
    const dir = `/srv/${"folder/".repeat(6)}SSH`;
    const lines = (await printed(fail("OFFLINE_CA_MISSING", { dir }), { columns: 60 })).split("\n");
    expect(lines).toEqual([
      "ssh-trust: error: there is no offline CA in",
      `  ${dir}`,
      "  [OFFLINE_CA_MISSING]",
      "ssh-trust: hint: name its folder with --dir, or create",
      "  one:",
      `  npx ssh-trust offline-ca init --domain example.org --dir ${dir}`,
      "",
    ]);
  });
});
