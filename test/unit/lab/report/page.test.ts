import { expect, test } from "@jest/globals";
import { storyOf } from "../../../../lab/chapters/index.js";
import { defaultLab, namesOf } from "../../../../lab/names.js";
import { renderReport } from "../../../../lab/report/page.js";
import { reportStyle } from "../../../../lab/report/style.js";
import type { Chapter, Figure, Run, Step, StepResult } from "../../../../lab/runner/chapter.js";

const chapters = storyOf(namesOf(defaultLab));

const step: Step = {
  about: "Bob logs in.",
  run: "ssh localhost",
  see: { exit: 0, text: ["admin-ssh-user"] },
  claim: "Bob gets in",
};
const preparing: Step = { about: "The machine goes.", run: "stop", see: { exit: 0 } };
const seen: StepResult = { step, command: step.run, output: "admin-ssh-user\n", exit: 0, missing: [], seconds: 0.2, answers: {} };
const missed: StepResult = {
  ...seen,
  output: "Permission denied",
  exit: 255,
  missing: ["exit status 0 (it was 255)", '"admin-ssh-user"'],
};
const chapter: Chapter = { title: "A chapter", teaches: "A lesson.", needs: [], steps: [step] };

const runOf = (results: readonly StepResult[], more: Partial<Run> = {}): Run => ({
  startedAt: new Date("2025-11-21T10:12:31Z"),
  endedAt: new Date("2025-11-21T10:16:02Z"),
  seconds: 74.2,
  chapters: [{ number: 1, chapter: { ...chapter, steps: results.map((result) => result.step) }, steps: results, seconds: 1 }],
  figures: [],
  versions: { OpenSSH: "9.2p1", Docker: "20.10.24" },
  ...more,
});

const pageOf = (results: readonly StepResult[], more?: Partial<Run>) => renderReport(runOf(results, more));

/** The whole story, each step seen but those that are named. */
const story = (failed: readonly string[] = []): Run =>
  runOf([], {
    chapters: chapters.map((chapter, index) => ({
      number: index + 1,
      chapter,
      seconds: 1,
      steps: chapter.steps.map((step, place) => {
        const result = failed.includes(`${String(index + 1)}.${String(place + 1)}`) ? missed : seen;
        return { ...result, step, command: step.run };
      }),
    })),
  });

const all = (page: string, pattern: RegExp) => [...page.matchAll(pattern)].map(([, group]) => group ?? "");
const escaped = (text: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
const articleOf = (page: string, id: string) =>
  new RegExp(`<article class="[^"]*" id="${id}">.*?</article>`, "s").exec(page)?.[0] ?? "";

const esc = "\u001b";

test.each([
  ["a script", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
  [
    "an end of the block",
    "</samp></pre><img src=x onerror=alert(1)>",
    "&lt;/samp&gt;&lt;/pre&gt;&lt;img src=x onerror=alert(1)&gt;",
  ],
  ["entities", "a && b &lt;", "a &amp;&amp; b &amp;lt;"],
  ["quotes", `"it's"`, "&quot;it&#39;s&quot;"],
  ["colours", `${esc}[1;31mred${esc}[0m`, ">red<"],
  ["a hyperlink of the terminal", `${esc}]8;;https://example.org\u0007here${esc}]8;;\u0007`, ">here<"],
  ["half a sequence", `before ${esc}`, "before ␛"],
  ["a bell, a backspace, a null", "a\u0007b\bc\0", "a␇b␈c␀"],
  ["a carriage return in a line", "10%\r20%", "10%␍20%"],
  ["a delete", "a\u007fb", "a␡b"],
  ["a C1 control", "a\u0085b", "a&lt;U+0085&gt;b"],
  ["a turn of direction", "a\u202Eb", "a&lt;U+202E&gt;b"],
  ["a lone surrogate", "a\ud800b", "a&lt;U+D800&gt;b"],
  ["lines and tabs, as they are", "a\r\n\tb", "a\n\tb"],
])("an output with %s is shown harmlessly", (_what, output, expected) => {
  const page = pageOf([{ ...seen, step: preparing, output }]);
  expect(articleOf(page, "step-1-1")).toContain(expected);
  expect(page).not.toMatch(/<script|<img|[^\P{Cc}\n\t]|\p{Bidi_Control}|\p{Cs}/u);
});

const hostile = `<script>"'&`;
test.each<[string, Run]>([
  ["the command", runOf([{ ...seen, command: hostile }])],
  ["the text about it", runOf([{ ...seen, step: { ...step, about: hostile } }])],
  ["the answer", runOf([{ ...seen, answers: { [hostile]: hostile } }])],
  ["the claim", runOf([{ ...seen, step: { ...step, claim: hostile } }])],
  ["a field of the legend", runOf([{ ...seen, step: { ...step, legend: { [hostile]: "x" } } }])],
  ["a meaning in the legend", runOf([{ ...seen, step: { ...step, legend: { x: hostile } } }])],
  ["what is missing", runOf([{ ...seen, missing: [hostile] }])],
  ["a version", runOf([seen], { versions: { Vault: hostile } })],
  ["a figure", runOf([seen], { figures: [{ what: hostile, value: 2, unit: "s", limit: 1 }] })],
  [
    "the chapter",
    runOf([], {
      chapters: [{ number: 1, chapter: { ...chapter, title: hostile, teaches: hostile }, steps: [seen], seconds: 1 }],
    }),
  ],
])("%s is escaped", (_what, run) => {
  const page = renderReport(run);
  expect(page).not.toContain("<script");
  expect(page).toContain("&lt;script&gt;&quot;&#39;&amp;");
});

test("the page asks for nothing outside itself, and forbids it", () => {
  const page = renderReport(story(["3.6"]));
  expect(page).toContain(escaped("default-src 'none'; style-src 'unsafe-inline'; img-src data:"));
  expect(page).not.toMatch(/<(script|img|iframe|object|embed|form|base)\b|\son\w+=|\b(src|srcset|action|poster)=/);
  expect(page).not.toMatch(/url\(|@import|@font-face/);
  expect(all(page, /\shref="([^"]*)"/g).filter((href) => !href.startsWith("#"))).toEqual(["data:,"]);
});

test("the ids are unique, and every link within the page leads somewhere", () => {
  const page = renderReport({ ...story(["3.6"]), figures: [{ what: "speed", value: 2, unit: "s", limit: 1 }] });
  const ids = all(page, /\sid="([^"]*)"/g);
  expect(new Set(ids).size).toBe(ids.length);
  expect(all(page, /\shref="#([^"]*)"/g).filter((target) => !ids.includes(target))).toEqual([]);
  expect(all(page, /\saria-labelledby="([^"]*)"/g).filter((target) => !ids.includes(target))).toEqual([]);
});

test.each(chapters.map((chapter, index) => [index + 1, chapter.title, chapter] as const))(
  "chapter %i, %s, is there with all its steps and claims",
  (number, title, chapter) => {
    const page = renderReport(story());
    const table = page.slice(page.indexOf('id="claims"'));
    expect(page).toContain(`<a href="#chapter-${String(number)}">${escaped(title)}</a>`);
    for (const [index, { about, run, claim, legend }] of chapter.steps.entries()) {
      const id = `step-${String(number)}-${String(index + 1)}`;
      const article = articleOf(page, id);
      expect(article).toContain(escaped(about));
      expect(article).toContain(`<code>${escaped(run)}</code>`);
      for (const [field, meaning] of Object.entries(legend ?? {})) {
        expect(article).toContain(`<dt>${escaped(field)}</dt>`);
        expect(article).toContain(`<dd>${escaped(meaning)}</dd>`);
      }
      expect(table.includes(`href="#${id}"`)).toBe(claim !== undefined);
      if (claim === undefined) continue;
      expect(article).toContain(escaped(claim));
      expect(table).toContain(escaped(claim));
    }
  },
);

test("a step that was not seen stands out, says what is missing, and is linked from the top", () => {
  const page = renderReport(story(["3.6", "5.3"]));
  const top = page.slice(0, page.indexOf('id="chapters"'));
  for (const id of ["step-3-6", "step-5-3"]) {
    expect(top).toContain(`href="#${id}"`);
    expect(articleOf(page, id)).toContain('class="step failed"');
    expect(articleOf(page, id)).toContain("Not seen");
    expect(articleOf(page, id)).toContain("exit status 0 (it was 255)");
  }
  expect(all(page, /<article class="step failed" id="([^"]*)"/g)).toEqual(["step-3-6", "step-5-3"]);
  expect(top).toContain("Not all seen:");
  expect(top).toContain("2 steps did not show what was expected");
});

test("where all was seen, nothing says otherwise", () => {
  const page = renderReport(story());
  expect(page).not.toMatch(/Not seen|Not all seen|not all seen|class="problems"|class="step failed"/);
});

test.each<[string, readonly StepResult[], string]>([
  ["all seen", [seen, seen], "</span> Seen:</span> <strong>2 of 2 claims</strong>"],
  ["one claim", [seen], "<strong>1 of 1 claim</strong>"],
  ["one of two", [seen, missed], "</span> Not all seen:</span> <strong>1 of 2 claims</strong>"],
  ["a step without a claim", [{ ...missed, step: preparing }], "Not all seen:</span> <strong>0 of 0 claims"],
  ["nothing run", [], "Not all seen:</span> <strong>0 of 0 claims</strong>"],
])("the summary counts: %s", (_what, results, expected) => {
  expect(pageOf(results)).toContain(expected);
});

/** As it is read. */
const summaryOf = (page: string) =>
  (/<p class="circumstances">(.*?)<\/p>/s.exec(page)?.[1] ?? "")
    .replace(/<[^>]*>/g, "")
    .replace(/\s+/g, " ")
    .trim();

test.each([
  ["2025-11-21T10:16:02Z", "10:16 UTC"],
  ["2025-11-22T00:01:00Z", "22 November 2025 at 00:01 UTC"],
])("the summary says from when to when, with what, and what the chapters took: until %s", (endedAt, shown) => {
  const page = pageOf([seen], { endedAt: new Date(endedAt) });
  expect(page).toContain('<time datetime="2025-11-21T10:12:31.000Z">');
  expect(summaryOf(page)).toBe(
    `21 November 2025 at 10:12 UTC to ${shown}, with OpenSSH 9.2p1 and Docker 20.10.24. ` +
      "The chapters took 1 min 14 s, without the preparations and pauses.",
  );
});

test.each<[Figure, string, string]>([
  [{ what: "prepare", value: 1.4012, unit: "s", limit: 3 }, "1.4\u00a0s", "Met"],
  [{ what: "prepare", value: 3, unit: "s", limit: 3 }, "3\u00a0s", "Met"],
  [{ what: "apply", value: 2.618, unit: "×", limit: 2.5 }, "2.62×", "Not met"],
])("a figure is held to its limit: %j", (figure, measured, verdict) => {
  const page = pageOf([seen], { figures: [figure] });
  expect(page).toContain(`<td>${measured}</td>`);
  expect(page).toContain(`</span> ${verdict}</span>`);
  expect(page.includes('class="problems"')).toBe(verdict === "Not met");
});

test("a long output is kept whole, and can be scrolled with the keyboard", () => {
  const output = Array.from({ length: 200 }, (_value, line) => `line ${String(line)}.`).join("\n");
  const article = articleOf(pageOf([{ ...seen, output }]), "step-1-1");
  expect(article).toContain('tabindex="0"');
  expect(article).toContain("line 0.");
  expect(article).toContain("line 199.");
});

test.each<[string, StepResult, string]>([
  ["the answer", { ...seen, answers: { "(yes/no)?": "yes" } }, "<kbd>yes</kbd>"],
  ["the exit status", { ...seen, exit: 0 }, "exit status 0, as expected"],
  ["another exit status than expected", missed, "exit status 255, <strong>expected 0</strong>"],
  ["that it was repeated", { ...seen, step: { ...step, within: 20 } }, "for 20 s at the most"],
  ["that there was no output", { ...seen, output: "\n" }, "(no output)"],
  ["the line that is the evidence", { ...seen, output: "x\n  admin-ssh-user\n" }, "x\n  <mark>admin-ssh-user</mark>"],
])("a step shows %s", (_what, result, expected) => {
  expect(articleOf(pageOf([result]), "step-1-1")).toContain(expected);
});

test("a chapter that ended early says so", () => {
  const page = pageOf([], {
    chapters: [{ number: 2, chapter: { ...chapter, steps: [step, step, step] }, steps: [seen], seconds: 1 }],
  });
  expect(page).toContain("2 of its 3 steps did not run");
});

/** The contrast of two colours (WCAG 2.2). */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [one, other].map(luminance).sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const coloursIn = (css: string) =>
  Object.fromEntries([...css.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = "", hex = ""]) => [name, hex]));
const [, light = "", dark = "", ...rest] = reportStyle.split(":root {").map((part) => part.slice(0, part.indexOf("}")));
const schemes = {
  light: coloursIn(light),
  dark: { ...coloursIn(light), ...coloursIn(dark) },
  print: { ...coloursIn(light), ...coloursIn(rest.at(-1) ?? "") },
};

test.each(
  Object.entries(schemes).flatMap(([scheme, colours]) =>
    [
      ...["ink", "soft", "link", "yes", "no", "old"].map((text) => [text, "paper"] as const),
      ...["ink", "soft", "link", "no"].map((text) => [text, "no-paper"] as const),
      ...["ink", "soft"].flatMap((text) => ["raised", "old-paper", "place"].map((ground) => [text, ground] as const)),
      ["terminal-ink", "terminal"] as const,
      ["terminal-soft", "terminal"] as const,
      ["mark-ink", "mark"] as const,
    ].map(([text, ground]) => [scheme, text, ground, colours] as const),
  ),
)("in %s, %s is legible on %s", (_scheme, text, ground, colours) => {
  expect(contrast(colours[text] ?? "", colours[ground] ?? "")).toBeGreaterThanOrEqual(4.5);
});

test("a picture that a step made is in the page, with words for who does not see it", () => {
  const drawn: Step = { ...step, picture: { file: ".lab/page.png", shows: 'the page of "web-1" <now>' } };
  const page = pageOf([{ ...seen, step: drawn, picture: "iVBORw0KGgo=" }]);
  expect(page).toContain('<img src="data:image/png;base64,iVBORw0KGgo=" alt="the page of &quot;web-1&quot; &lt;now&gt;" />');
  expect(pageOf([{ ...seen, step: drawn }])).not.toContain("<img");
});
