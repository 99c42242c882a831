import { describe, expect, test } from "@jest/globals";
import { silent } from "../../../src/ground/progress.js";
import { findOrInstall, howToInstall } from "../../../src/toolchain/find-or-install.js";
import { findProgram } from "../../../src/toolchain/find-program.js";
import { hintText } from "../../../src/errors/hint.js";
import { nothing, openBench } from "./support.js";

const need = { tool: "openssh-client", packages: ["openssh-client"], why: "people log in with it" };
const absent = () => Promise.resolve(undefined);

test.each([
  [{ debian: true, root: true }, "install it: apt-get install a b"],
  [{ debian: true, root: false }, "install it: sudo apt-get install a b"],
  [{ debian: false, root: true }, "install it with your system's package manager (Debian calls it a b)"],
  [{ debian: false, root: false }, "install it with your system's package manager (Debian calls it a b)"],
])("the hint on %j", (system, hint) => {
  expect(hintText([howToInstall(["a", "b"], system)], String)).toBe(hint);
});

describe("a program that is missing", () => {
  test.each([
    ["nobody allowed it", false, { debian: true, root: true }],
    ["not root", true, { debian: true, root: false }],
    ["not Debian", true, { debian: false, root: true }],
  ])("is not installed: %s", async (_why, install, system) => {
    await using bench = await openBench({ install });
    await expect(findOrInstall(need, absent, bench.settings, silent, { system })).rejects.toMatchObject({
      code: "TOOL_MISSING",
      message: "openssh-client is not installed (people log in with it)",
      hint: [howToInstall(need.packages, system)],
    });
  });

  test("is a failed fetch when apt-get does not work", async () => {
    await using bench = await openBench({ install: true });
    const surroundings = { environment: nothing, system: { debian: true, root: true } };
    await expect(findOrInstall(need, absent, bench.settings, silent, surroundings)).rejects.toMatchObject({
      code: "FETCH_FAILED",
      message: expect.stringMatching(/^the Debian packages openssh-client could not be fetched: .*apt-get.*not found/),
    });
  });
});

test("a program that is there is taken as it is", async () => {
  await using bench = await openBench({ install: true });
  const result = await findOrInstall(need, () => Promise.resolve("/usr/bin/ssh"), bench.settings, silent);
  expect(result).toEqual({ found: "/usr/bin/ssh", installed: false });
});

describe("finding a program", () => {
  test("by its name", async () => {
    expect(await findProgram("cat", { PATH: "/nonexistent:/usr/bin:/bin" })).toMatch(/^(\/usr)?\/bin\/cat$/);
  });

  test("by its path", async () => {
    expect(await findProgram("/bin/sh")).toBe("/bin/sh");
  });

  test.each([
    ["not on PATH", "cat", nothing],
    ["a path that is not there", "/nonexistent/cat", undefined],
    ["a folder", "/etc", undefined],
    ["a file that cannot be run", "/etc/passwd", undefined],
    ["a shell's own command", "cd", { PATH: "/nonexistent" }],
    ["something that looks like an option", "-v", undefined],
    ["something that looks like a command", "cat; echo /x", undefined],
  ])("%s: undefined", async (_what, name, environment) => {
    expect(await findProgram(name, environment)).toBeUndefined();
  });
});
