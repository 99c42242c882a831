/** What `npm test` is made of: whatever goes wrong in a stage is counted, and nothing that it started outlives it. */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { checkWith, jest as runJest, sum, type CheckOptions } from "../../tools/check.js";
import { runGroup } from "../../tools/group.js";
import { StageTimes } from "../../tools/stage-times.js";
import { root, task, until } from "../support/project.js";

let folder: string;
let options: CheckOptions;
beforeAll(async () => {
  // What these runs say would be taken for what this one says.
  jest.spyOn(process.stderr, "write").mockReturnValue(true);
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-run-tests-"));
  options = { root: folder, signal: new AbortController().signal };
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
});
afterAll(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true });
});

describe("a check", () => {
  test.each([
    ["that passes", "true", [], { passed: 1, failed: 0 }],
    ["that fails", "false", [], { passed: 0, failed: 1 }],
    ["that is not there", "no-such-program", [], { passed: 0, failed: 1 }],
    ["that is killed", "sh", ["-c", "kill -9 $$"], { passed: 0, failed: 1 }],
  ] as const)("%s", async (_what, program, args, count) => {
    expect(await checkWith(options, "check", program, args)).toEqual(count);
  });
});

describe("a run of jest", () => {
  const good = "test('good', () => {});";
  test.each([
    ["all good", { "a.test.js": good }, { passed: 1, failed: 0 }],
    ["a test that fails", { "a.test.js": `${good} test('bad', () => { throw new Error('bad'); });` }, { passed: 1, failed: 1 }],
    ["a test that is skipped", { "a.test.js": `${good} test.skip('later', () => {});` }, { passed: 1, failed: 1 }],
    ["a file that does not load", { "a.test.js": good, "b.test.js": "throw new Error('no');" }, { passed: 1, failed: 1 }],
    ["no test at all", {}, { passed: 0, failed: 1 }],
    ["a run that dies", { "a.test.js": "test('dies', () => process.kill(process.pid, 'SIGKILL'));" }, { passed: 0, failed: 1 }],
  ] as const)(
    "%s",
    async (what, files, count) => {
      const place = join(folder, what.replaceAll(" ", "-"));
      await mkdir(place);
      await symlink(join(root, "node_modules"), join(place, "node_modules"));
      await writeFile(
        join(place, "jest.config.cjs"),
        "module.exports = { projects: [{ displayName: 'only', transform: {} }] };\n",
      );
      for (const [name, text] of Object.entries(files)) await writeFile(join(place, name), text);
      expect(await runJest({ ...options, root: place }, ["only"], { workers: 1 })).toEqual(count);
    },
    30_000,
  );
});

test("numbers are added, and the stages told with their times", async () => {
  expect(
    sum([
      { passed: 1, failed: 2 },
      { passed: 3, failed: 4 },
    ]),
  ).toEqual({ passed: 4, failed: 6 });
  const times = new StageTimes();
  await times.measure("one", () => Promise.resolve({ passed: 5, failed: 1 }));
  await times.measure("two", () => Promise.resolve());
  await expect(times.measure("three", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(times.table()).toMatch(/STAGE +TIME +PASSED +FAILED\none +0 s +5 +1\ntwo +0 s *\nthree +0 s *\nwhole +0 s/);
});

describe("a group of processes", () => {
  const isThere = (pid: number) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  const pidIn = async (file: string) => Number(await readFile(file, "utf8").catch(() => ""));

  test("is over when its program is, also where a leftover holds its output open", async () => {
    const file = join(folder, "leftover");
    const lines: string[] = [];
    const begun = performance.now();
    await runGroup("sh", ["-c", `sleep 60 & echo $! > ${file}; echo said >&2`], {
      cwd: folder,
      signal: options.signal,
      said: (line) => lines.push(line),
    });
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(lines).toEqual(["said"]);
    const pid = await pidIn(file);
    await until("the leftover to be gone", 5, () => Promise.resolve(!isThere(pid)));
  }, 20_000);

  test.each([
    ["asked to end", "exec sleep 60"],
    ["ended, where it does not listen", "trap '' TERM; while :; do sleep 1; done"],
  ])(
    "is %s when it is interrupted",
    async (_what, behaviour) => {
      const file = join(folder, `pid-${String(behaviour.length)}`);
      const controller = new AbortController();
      const running = runGroup("sh", ["-c", `sh -c 'echo $$ > ${file}; ${behaviour.replaceAll("'", "'\\''")}' & wait`], {
        cwd: folder,
        signal: controller.signal,
        said: () => undefined,
      });
      await until("it to be at work", 10, async () => (await pidIn(file)) > 0);
      controller.abort();
      await running;
      const pid = await pidIn(file);
      await until("it to be gone", 10, () => Promise.resolve(!isThere(pid)));
    },
    30_000,
  );
});

test("another lab than the tests' own is refused", async () => {
  const { all, exit } = await task("test", ["--only", "unit"], { SSH_TRUST_LAB: "other" });
  expect(all).toMatch(/SSH_TRUST_LAB is other, but the tests use the default lab .*\[USAGE\]\n.*unset SSH_TRUST_LAB/);
  expect(exit).toBe(2);
});
