/** Each rule of .dependency-cruiser.cjs, and the linter, catch what breaks them, and no room is too large. That the project breaks none, `npm run lint` sees. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { root, run } from "../support/project.js";

jest.setTimeout(240_000);

const config = ".dependency-cruiser.cjs";
const { forbidden } = createRequire(import.meta.url)(join(root, config)) as { forbidden: readonly { name: string }[] };

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

const folders = ["src", "lab", "stacks", "scripts", "tools", "bench"];

async function violationsIn(cwd: string): Promise<readonly Violation[]> {
  const program = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const { stdout } = await run(process.execPath, [program, "--config", config, "--output-type", "json", ...folders], { cwd });
  return (JSON.parse(stdout) as { summary: { violations: readonly Violation[] } }).summary.violations;
}

test("every room of src/ has a rule, and every rule a room", async () => {
  const rooms = (await readdir(join(root, "src"))).map((name) => `src-${name.replace(/\.ts$/, "")}`);
  const ofRooms = forbidden.map(({ name }) => name).filter((name) => name.startsWith("src-") && name !== "src-knows-only-src");
  expect(ofRooms.sort()).toEqual(rooms.sort());
});

describe("a violation of each rule is caught", () => {
  /** A file, what it imports, and the rule that this breaks. */
  const violations: readonly [file: string, imports: string, rule: string][] = [
    ["src/errors/bad.ts", "../ground/good.js", "src-errors"],
    ["src/page/bad.ts", "../errors/good.js", "src-page"],
    ["src/ground/bad.ts", "../settings/good.js", "src-ground"],
    ["src/settings/bad.ts", "../vault/good.js", "src-settings"],
    ["src/roles.ts", "./settings/good.js", "src-roles"],
    ["src/fleet/bad.ts", "../settings/good.js", "src-fleet"],
    ["src/ssh/bad.ts", "../vault/good.js", "src-ssh"],
    ["src/vault/bad.ts", "../ssh/good.js", "src-vault"],
    ["src/terraform/bad.ts", "../vault/good.js", "src-terraform"],
    ["src/toolchain/bad.ts", "../terraform/good.js", "src-toolchain"],
    ["src/people/bad.ts", "../operator/good.js", "src-people"],
    ["src/host/bad.ts", "../people/good.js", "src-host"],
    ["src/operator/bad.ts", "../host/good.js", "src-operator"],
    ["src/directory/bad.ts", "../trace/good.js", "src-directory"],
    ["src/trace/bad.ts", "../offline-ca/good.js", "src-trace"],
    ["src/offline-ca/bad.ts", "../trace/good.js", "src-offline-ca"],
    ["src/terminal/bad.ts", "../ssh/good.js", "src-terminal"],
    ["src/cli/bad.ts", "../index.js", "src-cli"],
    ["src/index.ts", "./terminal/good.js", "src-index"],
    ["src/vault/worse.ts", "../../lab/good.js", "src-knows-only-src"],
    ["src/cli/worse.ts", "../../stacks/good.js", "only-synthesis-knows-the-stacks"],
    ["src/terraform/synth.ts", "../../stacks/good.js", "stacks-are-loaded-late"],
    ["src/ground/worst.ts", "../../test/good.js", "src-knows-only-src"],
    ["stacks/bad.ts", "../src/errors/good.js", "stacks-know-only-roles"],
    ["stacks/worse.ts", "node:fs", "stacks-do-no-io"],
    ["src/operator/worse.ts", "cdktf", "only-stacks-know-cdktf"],
    ["src/people/worse.ts", "node-vault", "only-vault-knows-node-vault"],
    ["lab/bad.ts", "dockerode", "only-docker-knows-dockerode"],
    ["lab/cloud/bad.ts", "../../src/terminal/good.js", "lab-does-not-speak"],
    ["lab/cloud/worse.ts", "../face/good.js", "lab-does-not-speak"],
    ["lab/face/bad.ts", "../../src/cli/good.js", "lab-knows-no-tool"],
    ["lab/eve/bad.ts", "../../stacks/good.js", "only-synthesis-knows-the-stacks"],
    ["lab/chapters/bad.ts", "../docker/good.js", "chapters-are-data"],
    ["tools/bad.ts", "../scripts/good.js", "nobody-imports-scripts"],
    ["src/ground/first.ts", "./second.js", "no-circle"],
    ["src/ground/second.ts", "./first.js", "no-circle"],
  ];
  let folder: string;
  let found: readonly Violation[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ssh-trust-house-"));
    for (const file of [config, "tsconfig.json", "package.json"]) await cp(join(root, file), join(folder, file));
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    for (const each of folders) await mkdir(join(folder, each));
    const written = new Set(violations.map(([file]) => file));
    for (const [file, imports] of violations) {
      await write(file, `import type * as it from ${JSON.stringify(imports)};\nexport type It = typeof it;\n`);
      if (imports.startsWith(".")) {
        const target = join(dirname(file), imports).replace(/\.js$/, ".ts");
        if (!written.has(target)) await write(target, "export const good = true;\n");
      }
    }
    found = await violationsIn(folder);
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function write(file: string, text: string): Promise<void> {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }

  test.each(violations)("%s imports %s: %s", (file, _imports, rule) => {
    // A circle is told once, from one of its files.
    const about = found.filter(({ from, to }) => from === file || (rule === "no-circle" && to === file));
    expect(about.map((each) => each.rule.name)).toContain(rule);
  });

  test("and no rule is without an example", () => {
    const shown = violations.map(([, , rule]) => rule);
    expect(forbidden.map(({ name }) => name).filter((name) => !shown.includes(name))).toEqual([]);
  });
});

/** What a run writes in a checkout while its checks look: prepare, compiled sources, reports, files before their name is theirs. */
const written = [
  "ssh-keys/.tmp-key-a/key.json",
  ".tmp-0123456789abcdef",
  "known_hosts",
  ".lab/a.json",
  ".lab-beside/ssh-keys/.tmp-key-a/a.ts",
  "build/a.js",
  "dist/a.js",
  "cdktf.out/a.json",
  ".jest-e2e.json",
  "report.html",
];

test("git leaves out what a run writes, and so do the checks", async () => {
  expect((await run("git", ["check-ignore", ...written])).stdout.split("\n")).toEqual(written);
});

describe("what oxlint and oxfmt see", () => {
  /** A file, its text, and the rules that this breaks. */
  const faults: readonly [file: string, text: string, rules: readonly string[]][] = [
    ["src/type.ts", 'export const port: number = "22";\n', ["typescript(TS2322)"]],
    [
      "test/unused.ts",
      "const unused = 1;\nconst _unused = 1;\nexport {};\n",
      ["eslint(no-unused-vars)", "eslint(no-unused-vars)"],
    ],
    ["lab/late.ts", "export function go(): void {\n  Promise.resolve();\n}\n", ["typescript(no-floating-promises)"]],
    [
      "src/any.ts",
      'export const one = JSON.parse("1").one;\n',
      ["typescript(no-unsafe-assignment)", "typescript(no-unsafe-member-access)"],
    ],
    ["src/vault/says.ts", 'console.log("here");\n', ["eslint(no-console)"]],
    ["src/vault/reads.ts", "export const home = process.env;\n", ["eslint(no-restricted-properties)"]],
    ["src/vault/takes.ts", "export const { env } = process;\n", ["eslint(no-restricted-properties)"]],
    ["src/settings/reads.ts", "export const home = process.env;\n", []],
    ["tools/says.js", "consle.log( 1 );\n", ["eslint(no-undef)"]],
  ];
  let folder: string;
  let found: readonly { readonly filename: string; readonly code: string }[];
  const sees = (program: string, ...args: readonly string[]) =>
    run(join(root, "node_modules/.bin", program), args, { cwd: folder });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ssh-trust-lint-"));
    for (const file of [".oxlintrc.json", ".oxfmtrc.json", ".gitignore", "tsconfig.json", "package.json"])
      await cp(join(root, file), join(folder, file));
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    expect((await run("git", ["init", "-q"], { cwd: folder })).exit).toBe(0); // .gitignore counts in a repository
    for (const [file, text] of [...faults, ...written.map((path) => [path, "consle.log( 1 );\n"] as const)]) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
    await writeFile(join(folder, "odd.md"), "*  a list\n");
    const { exit, stdout } = await sees("oxlint", "--format", "json", ".");
    expect(exit).toBe(1);
    found = (JSON.parse(stdout) as { diagnostics: typeof found }).diagnostics;
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each(faults)("%s", (file, _text, rules) => {
    const codes = found.filter(({ filename }) => filename === file).map(({ code }) => code);
    expect(codes.sort()).toEqual(rules);
  });

  test("the form of a file, and not of those that a run writes", async () => {
    expect(await sees("oxfmt", "--list-different", ".")).toMatchObject({ exit: 1, stdout: "odd.md\ntools/says.js" });
  });

  test("and nothing that a run writes", () => {
    const files = faults.filter(([, , rules]) => rules.length > 0).map(([file]) => file);
    expect([...new Set(found.map(({ filename }) => filename))].sort()).toEqual(files.sort());
  });
});

test("no room of src/ is over a third of it", async () => {
  const lines = new Map<string, number>();
  for (const name of await readdir(join(root, "src"), { recursive: true })) {
    if (!name.endsWith(".ts")) continue;
    const room = name.split("/")[0] ?? "";
    const text = await readFile(join(root, "src", name), "utf8");
    lines.set(room, (lines.get(room) ?? 0) + text.split("\n").length);
  }
  const all = [...lines.values()].reduce((sum, count) => sum + count, 0);
  for (const [room, count] of lines) expect({ room, over: count > all / 3 }).toEqual({ room, over: false });
});
