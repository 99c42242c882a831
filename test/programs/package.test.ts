/** The package, made as `npm pack` makes it, and the command as it runs from there. */
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { root, run } from "../support/project.js";

jest.setTimeout(180_000);

const sources = ["package.json", "tsconfig.json", "tsconfig.build.json", "README.md", "LICENSE"];
const folders = ["bin", "docs", "lab", "scripts", "src", "stacks", "tools"];
/** What lies in a folder that was worked in: of an older build, of the tests, of the lab, a person's. */
const leftovers = [
  "dist/.tsbuildinfo",
  "dist/src/renamed-since.js",
  "test/unit/errors.test.ts",
  ".lab/client/token-header",
  "ssh-keys/alice_id_rsa",
  "ca/SSH/host/private/lab_host_rsa_key",
  "known_hosts",
];

let room: string;
let packed: string[];

beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), "ssh-trust-package-"));
  const project = join(room, "project");
  for (const name of [...sources, ...folders]) await cp(join(root, name), join(project, name), { recursive: true });
  for (const name of leftovers) {
    await mkdir(dirname(join(project, name)), { recursive: true });
    await writeFile(join(project, name), "left over");
  }
  await symlink(join(root, "node_modules"), join(project, "node_modules"));
  const { exit, stdout, all } = await run("npm", ["pack", "--json", "--pack-destination", room], { cwd: project });
  if (exit !== 0) throw new Error(all);
  const [answer] = JSON.parse(stdout.slice(stdout.indexOf("[\n"))) as { filename: string; files: { path: string }[] }[];
  packed = (answer?.files ?? []).map(({ path }) => path).sort();
  const installed = join(room, "installed");
  await mkdir(installed);
  await run("tar", ["-xzf", join(room, answer?.filename ?? ""), "-C", installed]);
  await symlink(join(root, "node_modules"), join(installed, "package/node_modules"));
});
afterAll(() => rm(room, { recursive: true, force: true }));

const installedCommand = (...args: string[]) =>
  run(process.execPath, [join(room, "installed/package/bin/ssh-trust.js"), ...args], { cwd: room });

test.each(leftovers)("does not contain %s", (name) => {
  expect(packed).not.toContain(name);
});

test.each(["containers/", "lab/", "tools/", "scripts/", "test/", "src/"])(
  "contains nothing of %s: that is the checkout's",
  (folder) => {
    expect(packed.filter((name) => name.startsWith(folder))).toEqual([]);
    expect(packed.filter((name) => name.startsWith(`dist/${folder}`) && folder !== "src/")).toEqual([]);
  },
);

test("contains nothing but what it needs", () => {
  const expected = /^(bin|docs|dist\/(src|stacks))\/|^(package\.json|README\.md|LICENSE)$/;
  expect(packed.filter((name) => !expected.test(name))).toEqual([]);
  expect(packed.filter((name) => /\.test\.|tsbuildinfo|\.log$/.test(name))).toEqual([]);
});

test.each([
  "bin/ssh-trust.js",
  "dist/src/cli/ssh-trust.js",
  "dist/src/index.js",
  "dist/src/index.d.ts",
  "dist/stacks/main.js",
  "dist/src/host/ssh-trust-host.sh",
  "dist/src/offline-ca/askpass.sh",
])("contains %s", (name) => {
  expect(packed).toContain(name);
});

test.each(["--help", "trace --help", "offline-ca --help", "offline-ca init --help"])("ssh-trust %s", async (args) => {
  const { exit, stdout, stderr } = await installedCommand(...args.split(" "));
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^Usage: ssh-trust /);
  expect(exit).toBe(0);
});

test("makes an offline CA: the script that ssh-keygen calls is there", async () => {
  await writeFile(join(room, "passphrase"), "open sesame, little seed\n", { mode: 0o600 });
  const args = ["init", "--domain", "example.org", "--dir", join(room, "ca"), "--passphrase-file", join(room, "passphrase")];
  const { exit, stderr } = await installedCommand("offline-ca", ...args);
  expect(stderr).toContain("an offline CA for the hosts of example.org");
  expect(exit).toBe(0);
});
