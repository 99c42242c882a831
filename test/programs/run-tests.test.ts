/** What `npm test` is made of: whatever goes wrong in a stage is counted, and nothing that it started outlives it. */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { checkWith, jest as runJest, sum, type CheckOptions } from "../../tools/check.js";
import { failuresOf, tellFailures, type Failure } from "../../tools/failures.js";
import { runGroup } from "../../tools/group.js";
import { StageTimes } from "../../tools/stage-times.js";
import { root, task, until } from "../support/project.js";

let folder: string;
let options: CheckOptions;
const failures: Failure[] = [];
beforeEach(() => {
  failures.length = 0;
});
beforeAll(async () => {
  // What these runs say would be taken for what this one says.
  jest.spyOn(process.stderr, "write").mockReturnValue(true);
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-run-tests-"));
  options = { root: folder, signal: new AbortController().signal, failed: (failure) => failures.push(failure) };
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
});
afterAll(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true });
});

describe("a check", () => {
  test.each([
    ["that passes", "true", [], undefined],
    ["that fails", "false", [], "Command failed with exit code 1: false"],
    ["that is not there", "no-such-program", [], /ENOENT/],
    ["that is killed", "sh", ["-c", "kill -9 $$"], /SIGKILL/],
    ["that fails and says why", "sh", ["-c", "seq 100; false"], Array.from({ length: 15 }, (_, i) => 86 + i).join("\n")],
  ] as const)("%s", async (_what, program, args, message) => {
    const failed = message !== undefined;
    expect(await checkWith(options, "lint", program, args)).toEqual(failed ? { passed: 0, failed: 1 } : { passed: 1, failed: 0 });
    expect(failures).toEqual(failed ? [{ name: "lint", message: expect.stringMatching(message) }] : []);
  });
});

describe("a run of jest", () => {
  const good = "test('good', () => {});";
  const bad = "describe('all', () => { test('bad', () => { throw new Error('too bad'); }); });";
  const dies = "test('dies', () => { console.error('dying'); process.kill(process.pid, 'SIGKILL'); });";
  const none = "only: no test was counted";
  test.each<[what: string, files: Readonly<Record<string, string>>, passed: number, told: readonly [string, string?, RegExp?][]]>(
    [
      ["all good", { "a.test.js": good }, 1, []],
      [
        "a test that fails",
        { "a.test.js": `${good} ${bad}` },
        1,
        [["all bad", "a.test.js", /^Error: too bad\n +at .*a\.test\.js/]],
      ],
      [
        "a test that is skipped",
        { "a.test.js": `${good} test.skip('later', () => {});` },
        1,
        [["later", "a.test.js", /pending/]],
      ],
      [
        "a file that does not load",
        { "a.test.js": good, "b.test.js": "throw new Error('no');" },
        1,
        [["the file does not load", "b.test.js", /no/]],
      ],
      ["no test at all", {}, 0, [[none]]],
      ["a run that dies", { "a.test.js": dies }, 0, [[none]]],
    ],
  )(
    "%s",
    async (what, files, passed, told) => {
      const place = join(folder, what.replaceAll(" ", "-"));
      await mkdir(place);
      await symlink(join(root, "node_modules"), join(place, "node_modules"));
      await writeFile(
        join(place, "jest.config.cjs"),
        "module.exports = { projects: [{ displayName: 'only', transform: {} }] };\n",
      );
      for (const [name, text] of Object.entries(files)) await writeFile(join(place, name), text);
      const count = await runJest({ ...options, root: place }, ["only"], { workers: 1 });
      expect(count).toEqual({ passed, failed: told.length });
      expect(failures).toEqual(
        told.map(([name, file, message = /.*/]) => ({ name, ...(file && { file }), message: expect.stringMatching(message) })),
      );
    },
    30_000,
  );
});

describe("what failed is told once more at the end", () => {
  const failure = (name: string, message = "no") => ({ name, file: "test/a.test.ts", message });

  test("with its name, its file and the first lines of its message, without colours", () => {
    const message = `\u001b[31mexpected 1\u001b[39m\n\n${"x".repeat(300)}\n${"line\n".repeat(20)}`;
    const told = tellFailures([failure("one › does", message), { name: "lint", message: "a.ts: 1 problem" }]).split("\n");
    expect(told.slice(0, 6)).toEqual(["", "── failed", "", "✕ one › does", "  test/a.test.ts", "    expected 1"]);
    expect(told[6]).toBe(`    ${"x".repeat(200)} …`);
    expect(told.filter((line) => line === "    line")).toHaveLength(13);
    expect(told.slice(-3)).toEqual(["", "✕ lint", "    a.ts: 1 problem"]);
  });

  test("nothing, where nothing failed", () => {
    expect(tellFailures([])).toBe("");
    expect(failuresOf({}, "/")).toEqual([]);
  });

  test("of very many, all that fits: messages first of all, then names", () => {
    const many = Array.from({ length: 1000 }, (_, index) => failure(`test ${String(index)}.`, "line\n".repeat(50)));
    const told = tellFailures(many);
    expect(told.split("\n").length).toBeLessThan(500);
    expect(told).toContain("✕ test 99.");
    expect(told).not.toContain("✕ test 100.");
    expect(told).toMatch(/and 900 more$/);
  });
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
  }, 180_000);

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
