import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { chaptersOf, partNames, storyOf } from "../../../lab/chapters/index.js";
import { parseDuration } from "../../../src/ground/duration.js";
import { personNamed } from "../../../lab/tutorial/people.js";
import { placesOf } from "../../../lab/runner/places.js";
import { missingFrom, runStep } from "../../../lab/runner/run-chapter.js";
import { claimsOf, type Step } from "../../../lab/runner/chapter.js";
import { defaultLab, namesOf } from "../../../lab/names.js";
import { tasks } from "../../../lab/tasks.js";
import { chapterNumbers, chaptersAsked } from "../../../lab/runner/walkthrough.js";
import { walkthroughPage } from "../../../tools/walkthrough-page.js";

const names = namesOf(defaultLab);
const chapters = storyOf(names);

const read = (file: string) => readFile(new URL(`../../../${file}`, import.meta.url), "utf8");
const scripts = async () => (JSON.parse(await read("package.json")) as { scripts: Record<string, string> }).scripts;

describe("what must be seen", () => {
  const known = new Map([["key", "SHA256:abc"]]);
  test.each([
    ["another exit status", { exit: 0 }, 1, "", ["exit status 0 (it was 1)"]],
    ["no failure", { exit: "not 0" as const }, 0, "", ["exit status not 0 (it was 0)"]],
    ["a text that is not there", { exit: 0, text: ["hello"] }, 0, "bye", ['"hello"']],
    ["a pattern that does not fit", { exit: 0, text: [/^bob$/m] }, 0, "alice", ['"^bob$"']],
    ["another key", { exit: 0, text: ["{{key}}"] }, 0, "SHA256:xyz", ['"SHA256:abc"']],
    ["a text that must not be there", { exit: 0, without: ["root"] }, 0, "root", ['an output without "root"']],
    ["the absence of what was never seen", { exit: 0, without: ["{{unknown}}"] }, 0, "", ["a value for unknown"]],
  ])("not seen: %s", (_what, see, exit, output, missing) => {
    expect(missingFrom(see, exit, output, known)).toEqual(missing);
  });

  test("seen", () => {
    const see = { exit: 0, text: ["{{key}}", /^b/m], without: ["root"] };
    expect(missingFrom(see, 0, "a\nb SHA256:abc", known)).toEqual([]);
  });
});

describe("a step", () => {
  const folder = mkdtempSync(join(tmpdir(), "ssh-trust-story-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const runner = () => ({
    places: placesOf({ root: "/", dockerHost: undefined, names }, { env: {} }),
    root: folder,
    remembered: new Map<string, string>(),
  });
  const step = (parts: Partial<Step>): Step => ({ about: "", run: "true", see: { exit: 0 }, ...parts });

  test.each([
    ["was made", Buffer.from("89504e470d0a1a0a00", "hex"), { picture: "iVBORw0KGgoA", missing: [] }],
    ["is another kind of file", Buffer.from("<html>"), { missing: ["a picture in page.png"] }],
    ["is not there", undefined, { missing: ["a picture in page.png"] }],
  ])("whose picture %s", async (_what, content, expected) => {
    rmSync(join(folder, "page.png"), { force: true });
    if (content !== undefined) writeFileSync(join(folder, "page.png"), content);
    const { picture, missing } = await runStep(runner(), step({ picture: { file: "page.png", shows: "a page" } }));
    expect({ ...(picture === undefined ? {} : { picture }), missing }).toEqual(expected);
  });

  test("answers what is asked, with values of before, and tells what was asked only", async () => {
    const shared = { ...runner(), remembered: new Map([["password", "hunter2"]]) };
    const answers = { "password:": "{{password}}", "(yes/no)?": "yes" };
    const { answers: given } = await runStep(shared, step({ run: 'echo "bob@web password: $SSH_TRUST_ANSWERS"', answers }));
    expect(given).toEqual({ "password:": "hunter2", "(yes/no)?": "yes" });
    expect((await runStep(shared, step({ run: "echo nothing", answers }))).answers).toEqual({});
  });

  test("in which ssh must not ask has failed where it does", async () => {
    const unasked = { "password:": "hunter2", "(yes/no)?": "yes" };
    const { missing, answers } = await runStep(runner(), step({ run: 'echo "bob@web password: "', unasked }));
    expect({ missing, answers }).toEqual({
      missing: ['a run that does not ask "password:"'],
      answers: { "password:": "hunter2" },
    });
    expect((await runStep(runner(), step({ run: "echo refused", unasked }))).missing).toEqual([]);
  });

  test("remembers for later ones", async () => {
    const shared = runner();
    await runStep(shared, step({ run: "echo key is abc", remember: { key: /key is (\w+)/ } }));
    expect((await runStep(shared, step({ run: "echo {{key}}" }))).output).toBe("abc");
  });

  test("that remembers nothing has failed", async () => {
    const { missing } = await runStep(runner(), step({ run: "echo nothing", remember: { key: /key is (\w+)/ } }));
    expect(missing).toEqual(["a value for key"]);
  });

  test("is repeated while it may be, and not longer", async () => {
    const { missing, seconds } = await runStep(runner(), step({ run: "sleep 0.1; false", within: 0.5 }));
    expect(missing).toHaveLength(1);
    expect(seconds).toBeGreaterThan(0.5);
    expect(seconds).toBeLessThan(5);
  });

  test("gives evidence for its claim", async () => {
    const result = await runStep(
      runner(),
      step({ run: "echo one; echo two", see: { exit: 0, text: [/^two$/m] }, claim: "two is said" }),
    );
    const chapters = [{ number: 1, chapter: { title: "", teaches: "", needs: [], steps: [] }, steps: [result], seconds: 0 }];
    expect(claimsOf({ chapters })).toEqual([{ chapter: 1, claim: "two is said", seen: true, evidence: "two" }]);
  });
});

describe.each(chapters)("the chapter $title", ({ steps }) => {
  test("proves something", () => {
    expect(steps.filter(({ claim }) => claim !== undefined).length).toBeGreaterThan(0);
  });

  test("types only tasks that exist", async () => {
    const known = Object.keys(await scripts());
    for (const { run } of steps) {
      for (const [, name] of run.matchAll(/npm run ([\w-]+)/g)) expect(known).toContain(name);
    }
  });

  test("shows no token", () => {
    for (const { run } of steps) expect(run).not.toMatch(/root-token/);
  });
});

test("every claim is made once", () => {
  const claims = chapters.flatMap(({ steps }) => steps.flatMap(({ claim }) => claim ?? []));
  expect(new Set(claims).size).toBe(claims.length);
});

test("docs/walkthrough.md is the chapters", async () => {
  expect(await read("docs/walkthrough.md")).toBe(walkthroughPage());
});

test("every task is an npm script, and the README names it", async () => {
  const readme = await read("README.md");
  const known = await scripts();
  for (const name of [...Object.keys(tasks), "clean", "status", "sign-user-key", "cloud", "eve", "walkthrough", "matrix"]) {
    expect(known[name]).toBe(`node tools/task.js ${name}`);
    expect(readme).toContain(`\`${name}`);
  }
});

test.each(["0", "99", "-1", "1.5", "two", "", "1e0", "1,", "3-1", "1-99", "0-2", "1--2", "1 2"])(
  "there is no chapter %j",
  (text) => {
    expect(() => chapterNumbers(text)).toThrow(expect.objectContaining({ code: "CHAPTER_UNKNOWN" }));
  },
);

test.each([
  ["5", [5]],
  ["3,9-11", [3, 9, 10, 11]],
  ["1-2,2", [1, 2, 2]],
])("the chapters %s are %j", (text, numbers) => {
  expect(chapterNumbers(text)).toEqual(numbers);
});

test("the parts are all chapters, in order", () => {
  expect(partNames.flatMap(chaptersOf)).toEqual(chapters.map((_chapter, index) => index + 1));
  expect(chaptersOf("tutorial")).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test.each([
  ["nothing said: the tutorial", {}, [1, 2, 3, 4, 5, 6, 7, 8]],
  ["the lab", { part: "lab" }, [9, 10, 11, 12, 13, 14, 15]],
  ["the fleet", { part: "fleet" }, [16, 17, 18, 19, 20, 21, 22, 23, 24]],
  ["all", { all: true }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24]],
  ["one chapter", { chapter: "5" }, [5]],
] as const)("%s", (_what, asked, numbers) => {
  expect(chaptersAsked({ part: "tutorial", ...asked })).toEqual(numbers);
});

test.each(["", "0", "0s", "-1m", "1m0", "5 m", "1h1h", "m", "1d", "1e3s", "abc"].filter((text) => text !== "1m0"))(
  "%j is no TTL",
  (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: "TTL_INVALID" }));
  },
);

test.each([
  ["1m0s", 60],
  ["90s", 90],
  ["90", 90],
  ["1h", 3600],
  ["1h1m1s", 3661],
])("the TTL %s is %d s", (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each(["", "Alice", "root", "alice,bob", "../alice"])("there is nobody named %j", (name) => {
  expect(() => personNamed(name)).toThrow(expect.objectContaining({ code: "USER_UNKNOWN" }));
});
