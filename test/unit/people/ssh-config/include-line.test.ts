/** The one line in a person's configuration of ssh: put in and taken out, every other byte stays. */
import { describe, expect, test } from "@jest/globals";
import { isFirst, linesOfOurs, withLineFirst, withoutLine } from "../../../../src/people/ssh-config/include-line.js";

const pattern = "/home/alice/.config/ssh-trust/ssh/*.conf";
const line = `Include ${pattern}`;

describe("what is not ours", () => {
  test.each([
    "",
    `#${line}`,
    `# ${line}`,
    "Include /home/alice/.config/ssh-trust/ssh/one.conf",
    `${line} ~/.ssh/other`,
    `IncludeMore ${pattern}`,
    `Host ${pattern}`,
    `Include "${pattern} "`,
    "Include",
  ])("%j", (text) => {
    expect(linesOfOurs(text, pattern)).toEqual([]);
    expect(withoutLine(text, pattern)).toBe(text);
  });
});

test.each([
  line,
  `include ${pattern}`,
  `\tInclude   ${pattern}  `,
  `Include=${pattern}`,
  `Include "${pattern}"`,
  `${line} # fleet`,
  `${line}\r`,
])("ours, as ssh reads it: %j", (text) => {
  expect(linesOfOurs(`Host a\n${text}\n`, pattern)).toEqual([2]);
  expect(withoutLine(`Host a\n${text}\nHost b`, pattern)).toBe("Host a\nHost b");
});

const persons = [
  ["an empty file", ""],
  ["one line", "Host a\n"],
  ["without a final line break", "Host a\n  User b"],
  ["line breaks of Windows", "Host a\r\n  User b\r\n"],
  ["of both kinds", "Host a\n  User b\r\n\r\n"],
  ["of Windows, without a final one", "Host a\r\n  User b"],
  ["comments and empty lines first", "# mine\n\n\nHost a\n"],
  ["empty lines only", "\n\n"],
  ["a byte order mark", "\u00ef\u00bb\u00bfHost a\n"],
  ["an encoding that is not UTF-8", "# \u00e9\u0000\u00ff\nHost a\n"],
  ["form feeds and tabs", "\f\n\tHost a\f\n"],
] as const;

describe("put in and taken out, the file is as it was", () => {
  test.each(persons)("%s", (_what, text) => {
    const once = withLineFirst(text, pattern, line);
    expect(once.endsWith(text)).toBe(true);
    expect(linesOfOurs(once, pattern)).toEqual([1]);
    expect(isFirst(once, 1)).toBe(true);
    expect(withLineFirst(once, pattern, line)).toBe(once);
    expect(withoutLine(once, pattern)).toBe(text);
    // What somebody writes meanwhile stays.
    expect(withoutLine(`# new\n${once}# more`, pattern)).toBe(`# new\n${text}# more`);
  });
});

test.each([
  ["Host a\r\n", "\r\n"],
  ["Host a\nHost b\r\n", "\n"],
  ["", "\n"],
  ["Host a", "\n"],
])("the line break of the file's first line: %j", (text, end) => {
  expect(withLineFirst(text, pattern, line)).toBe(`${line}${end}${text}`);
});

test("a line that was moved is moved to the top; its copy stays, until all are taken out", () => {
  const text = `Host a\n${line}\n  User b\n${line}\n`;
  expect(linesOfOurs(text, pattern)).toEqual([2, 4]);
  expect(withLineFirst(text, pattern, line)).toBe(`${line}\nHost a\n  User b\n${line}\n`);
  expect(withoutLine(text, pattern)).toBe("Host a\n  User b\n");
});

test.each([
  [`# mine\n\n${line}\n`, 3, true],
  [`  # mine\r\n${line}\r\n`, 2, true],
  [`User b\n${line}\n`, 2, false],
  [`Include other\n${line}\n`, 2, false],
])("nothing that ssh reads is before it: %j", (text, at, first) => {
  expect(linesOfOurs(text, pattern)).toEqual([at]);
  expect(isFirst(text, at)).toBe(first);
});

test("a path that is not ASCII", () => {
  const path = "/home/älice/.config/ssh-trust/ssh/*.conf";
  const text = withLineFirst("# é\n", path, `Include "${path}"`);
  expect(Buffer.from(text, "latin1").toString("utf8")).toContain('Include "/home/älice/');
  expect(linesOfOurs(text, path)).toEqual([1]);
  expect(withoutLine(text, path)).toBe("# é\n");
});
