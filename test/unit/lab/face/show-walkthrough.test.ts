import { stripVTControlCharacters } from "node:util";
import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { chaptersOf } from "../../../../lab/chapters/index.js";
import { nextSteps, onTerminal, showClaims } from "../../../../lab/face/show-walkthrough.js";
import { defaultLab, namesOf, type LabNames } from "../../../../lab/names.js";
import type { Chapter, Run, Step, StepResult } from "../../../../lab/runner/chapter.js";

const step = (parts: Partial<Step>): Step => ({ about: "Look.", run: "look", see: { exit: 0, text: ["here"] }, ...parts });
const result = (parts: Partial<StepResult>): StepResult => ({
  step: step({ claim: "It is here" }),
  command: "look",
  output: "nothing\nit is here\n",
  exit: 0,
  missing: [],
  seconds: 1,
  answers: {},
  ...parts,
});
const chapter: Chapter = { title: "Looking", teaches: "How to look.", needs: [], steps: [] };

afterEach(() => {
  jest.restoreAllMocks();
});

/** What is printed of one step, without the colours that it has where the tests run at a terminal. */
function shown(of: StepResult): string {
  let printed = "";
  jest.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  onTerminal(false).afterStep?.(of);
  return stripVTControlCharacters(printed);
}

describe("a step", () => {
  test("that failed says what was not seen, be it a claim or not", () => {
    const missing = ['"here"', "exit status 0 (it was 1)"];
    const list = '    not seen: "here"\n    not seen: exit status 0 (it was 1)\n';
    expect(shown(result({ missing, output: "" }))).toBe(`  ✗ It is here\n${list}`);
    expect(shown(result({ missing, output: "", step: step({}) }))).toBe(`  ✗ not as it should be\n${list}`);
  });

  test("that proves something says what", () => {
    expect(shown(result({}))).toBe("  nothing\n  it is here\n  ✓ It is here\n");
  });

  test("that only prepares says nothing of itself", () => {
    expect(shown(result({ step: step({}) }))).toBe("  nothing\n  it is here\n");
    expect(shown(result({ step: step({}), output: "\n" }))).toBe("");
  });

  test("explains its fields beside them", () => {
    const meaning = "word ".repeat(30).trim();
    const lines = shown(result({ step: step({ legend: { Serial: meaning } }) }))
      .split("\n")
      .slice(2, -1);
    expect(lines[0]).toMatch(/^ {4}Serial {12}word/);
    expect(lines[1]).toMatch(/^ {22}word/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});

describe("the claims at the end", () => {
  const run = (...steps: StepResult[]): Run => ({
    startedAt: new Date(0),
    endedAt: new Date(1000),
    seconds: 1,
    chapters: [{ number: 12, chapter, steps, seconds: 1 }],
    figures: [],
    versions: {},
  });

  const claims = (of: Run) => stripVTControlCharacters(showClaims(of));

  test("what was not seen is told to its end", () => {
    const missing = `"${"what was looked for ".repeat(8)}and its end"`;
    const text = claims(run(result({ missing: [missing] })));
    expect(text).toMatch(/^✗ 12\. It is here\n {6}"what was/m);
    expect(text.replace(/\n */g, " ")).toContain(missing);
    expect(text).toContain("what was seen: 0 of 1");
  });

  test("the evidence stands below the claim, whole but for the middle of a key", () => {
    const line = `it is here, and so is the key AAAA${"b".repeat(80)} of the host, whose name is at the very end of the line: web.lab.test`;
    const text = claims(run(result({ output: line })));
    const evidence = `it is here, and so is the key AAAA${"b".repeat(36)}… of the host, whose name is at the very end`;
    expect(text).toMatch(/^✓ 12\. It is here\n {6}it is here/m);
    expect(text.replace(/\n */g, " ")).toContain(`${evidence} of the line: web.lab.test`);
  });
});

describe("what to try next", () => {
  const after = (names: LabNames, ...numbers: readonly number[]) => {
    const chapters = numbers.map((number) => ({ number, chapter, steps: [], seconds: 1 }));
    return stripVTControlCharacters(
      nextSteps({ startedAt: new Date(0), endedAt: new Date(1000), seconds: 1, chapters, figures: [], versions: {} }, names),
    );
  };
  const tutorial = namesOf(defaultLab);

  test("after the tutorial: what works now, and the other parts", () => {
    const text = after(tutorial, ...chaptersOf("tutorial"));
    expect(text).toContain("$ npm run walkthrough -- --part lab");
    expect(text).toContain("$ npm run walkthrough -- --part fleet");
    expect(text).toContain("$ npx ssh-trust trace -F .lab/client/ssh_config");
    expect(text).toContain("-p 3022 -i ssh-keys/alice_id_rsa");
  });

  test("after one chapter of it, nothing that may not be there", () => {
    const text = after(tutorial, 2);
    expect(text).not.toContain("alice");
    expect(text).toContain("$ npm run clean");
  });

  test.each(["lab", "fleet"] as const)("after the part %s, not that part again", (part) => {
    expect(after(tutorial, ...chaptersOf(part))).not.toContain(`--part ${part}`);
  });

  test("another lab's commands are that lab's", () => {
    const text = after(namesOf("two"), ...chaptersOf("tutorial"));
    for (const [, command] of text.matchAll(/\$ (.*npm run .*)$/gm)) expect(command).toMatch(/^SSH_TRUST_LAB=two npm run /);
    expect(text).toContain("-o UserKnownHostsFile=./.lab-two/known_hosts");
  });
});
