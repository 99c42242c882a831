/** The library as it is imported from the installed package: its types, and the examples in its doc comments. */
import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { examplesIn, makeExampleFiles, needsServer, runExample, type Example } from "../support/examples.js";
import { installPackage, type InstalledPackage } from "../support/package.js";
import { root, run } from "../support/project.js";

jest.setTimeout(240_000);

let installed: InstalledPackage;
let examples: readonly Example[];
let functions: readonly string[];
beforeAll(async () => {
  installed = await installPackage();
  ({ examples, functions } = await examplesIn(installed.folder));
  await makeExampleFiles(installed.project);
});
afterAll(() => installed.remove());

test("every function has an example", () => {
  expect(functions.length).toBeGreaterThan(20);
  expect(examples.map(({ of }) => of)).toEqual(functions);
});

// The table is written here, as jest makes its tests before anything is installed; the first test holds it complete.
const withoutServer = [
  "parsePublicKey",
  "keyLine",
  "parseCertificate",
  "validFrom",
  "validTo",
  "isValidAt",
  "describeCertificate",
  "certificateToJson",
  "verifySignature",
  "inspectKey",
  "inspectLines",
  "trustedCas",
  "inspectionToJson",
  "certAuthorityLine",
  "knownHostLine",
  "hashedName",
  "readFleetFile",
  "parseFleet",
  "describeChanges",
  "describeLeavers",
  "fleetJsonSchema",
  "readVaultSettings",
  "problemOfRole",
  "problemOfSigned",
  "hostConfiguration",
  "isFailure",
];

test("the examples below are all that need no server", () => {
  const found = examples.filter((example) => !needsServer(example)).map(({ of }) => of);
  expect([...withoutServer].sort()).toEqual([...found].sort());
});

test.each(withoutServer)("%s: its example does what it says", async (name) => {
  const example = examples.find(({ of }) => of === name);
  expect(example).toBeDefined();
  if (example !== undefined) await runExample(example, installed.project);
});

test("the README's example runs", async () => {
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(await readFile(join(root, "README.md"), "utf8")) ?? [];
  await writeFile(join(installed.project, "readme.mjs"), code);
  const { exit, stdout } = await run(process.execPath, ["readme.mjs"], { cwd: installed.project });
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: "[ 'deploy' ] true" });
});

describe("its types, for a strict reader who checks libraries too", () => {
  const compile = (...files: string[]) => {
    const strict = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"];
    const modules = ["--module", "nodenext", "--target", "es2023", "--types", "node", "--skipLibCheck", "false", "--noEmit"];
    return run(join(root, "node_modules/.bin/tsc"), [...strict, ...modules, "--ignoreConfig", ...files], {
      cwd: installed.project,
    });
  };
  const wrong: readonly (readonly [what: string, code: string, error: string])[] = [
    ["a number for a line", "import { parsePublicKey } from 'ssh-trust'; parsePublicKey(1);", "TS2345"],
    ["a part that is not there", "import { parseCertificate } from 'ssh-trust'; parseCertificate('').owner;", "TS2339"],
    ["what is not published", "import { fail } from 'ssh-trust'; fail;", "TS2305"],
    ["a file that is not published", "import 'ssh-trust/dist/index.js';", "TS2882|TS2307"],
  ];
  /** Of one run for all files, as most of it is reading Node's types. */
  let complaints: string;
  beforeAll(async () => {
    await symlink(join(root, "node_modules/@types"), join(installed.project, "node_modules/@types"));
    const files = [
      ...examples.map(({ code }, index) => [`example-${String(index)}.ts`, code] as const),
      ...wrong.map(([, code], index) => [`wrong-${String(index)}.ts`, code] as const),
    ];
    for (const [file, code] of files) await writeFile(join(installed.project, file), code);
    complaints = (await compile(...files.map(([file]) => file))).all;
  });

  test("every example compiles", () => {
    expect(complaints.split("\n").filter((line) => !/^(wrong-\d+\.ts\(| )/.test(line))).toEqual([]);
  });

  test.each(wrong.map(([what, , error], index) => [what, index, error] as const))("%s is refused", (_what, index, error) => {
    expect(complaints).toMatch(new RegExp(`wrong-${String(index)}\\.ts.* error (?:${error}):`));
  });
});
