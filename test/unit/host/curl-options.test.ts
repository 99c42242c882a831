/** The host script asks curl for nothing that RHEL 8's does not have. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";

const oldest = "7.61.0";

/** The version that brought each option, by curl's docs/options-in-versions. */
const introduced: Readonly<Record<string, string>> = {
  "-q": "5.0",
  "--cacert": "7.5",
  "--cert": "5.0",
  "--config": "4.10",
  "--connect-timeout": "7.7",
  "--connect-to": "7.49.0",
  "--data-binary": "7.2",
  "--dump-header": "5.7",
  "--header": "5.0",
  "--key": "7.9.3",
  "--max-time": "4.0",
  "--output": "4.0",
  "--proto": "7.20.2",
  "--show-error": "5.9",
  "--silent": "4.0",
  "--url": "7.5",
  "--write-out": "6.5",
};

/** The options of its calls of curl, and those that it writes for `--config -`. @throws where it says them in a way unknown here */
function optionsOf(text: string): string[] {
  const code = text.replaceAll(/^\s*#.*$/gm, "").replaceAll("\\\n", " ");
  const calls = [...code.matchAll(/\bcurl (?!jq\b)([^\n]*?)2>/g)].map(([, words = ""]) => words);
  const mentions = [...code.matchAll(/\bcurl (?!jq\b)/g)].length;
  const written = [/^vault_url\(\) \{\n(.*?)^\}/ms, /^ {2}answered=\$\(\{\n(.*?)^ {2}\} \| curl /ms].map(
    (part) => part.exec(code)?.[1],
  );
  if (calls.length !== 1 || mentions !== 1) throw new Error("this test knows one call of curl");
  const lines = written.flatMap((part) => {
    if (part === undefined) throw new Error("what is written for curl is not where this test looks for it");
    const formats = [...part.matchAll(/printf '([^']*)'/g)].map(([, format = ""]) => format);
    if (formats.length !== part.match(/\b(printf|echo|cat)\b/g)?.length)
      throw new Error("something else than printf writes for curl");
    return formats.flatMap((format) => format.split("\\n").filter((line) => line !== ""));
  });
  const named = lines.map((line) => {
    const [, name] = /^([a-z][a-z0-9.-]*) = "[^"]*"$/.exec(line) ?? [];
    if (name === undefined) throw new Error(`not an option and its value: ${line}`);
    return `--${name}`;
  });
  const given = calls.flatMap((words) => words.split(/\s+/).filter((word) => /^-./.test(word)));
  return [...new Set([...given, ...named])].sort();
}

/** Those that the oldest curl does not have, or that the table does not know. */
const tooNew = (text: string) =>
  optionsOf(text).filter((option) => {
    const version = introduced[option];
    return version === undefined || version.localeCompare(oldest, "en", { numeric: true }) > 0;
  });

let script: string;
beforeAll(async () => {
  script = await readFile(join(import.meta.dirname, "../../../src/host/ssh-trust-host.sh"), "utf8");
});

test("each option that it uses is in the table, and no other", () => {
  expect(optionsOf(script)).toEqual(Object.keys(introduced).sort());
});

test("none is newer than 7.61", () => {
  expect(tooNew(script)).toEqual([]);
});

test.each([
  ["among the arguments", (text: string) => text.replace("--silent ", "--silent --fail-with-body "), "--fail-with-body"],
  ["on a line that goes on", (text: string) => text.replace("--max-time 10 \\\n", "--max-time 10 \\\n --json x "), "--json"],
  ["a short one", (text: string) => text.replace("curl -q ", "curl -q -Z "), "-Z"],
  ["in what is written for --config", (text: string) => text.replace("\\nkey = ", "\\nhsts = "), "--hsts"],
])("one that is too new is found: %s", (_where, change, option) => {
  expect(change(script)).not.toBe(script);
  expect(tooNew(change(script))).toEqual([option]);
});

test.each([
  ["a second call of curl", (text: string) => `${text}\ncurl --json x\n`],
  ["an option without a value", (text: string) => text.replace(`printf 'cacert = "%s"\\n'`, `printf 'tcp-nodelay\\n'`)],
])("what this test cannot read is no success: %s", (_what, change) => {
  expect(change(script)).not.toBe(script);
  expect(() => optionsOf(change(script))).toThrow();
});
