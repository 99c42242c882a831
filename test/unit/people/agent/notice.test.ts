/** Why nobody can log in, as a file. */
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { problemOfAll } from "../../../../src/people/agent/member.js";
import { openNotice } from "../../../../src/people/agent/notice.js";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-notice-"));
  path = join(folder, "agent.notice");
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});
const text = () => readFile(path, "utf8").catch(() => undefined);
const seen = async (wanted: string | undefined) => {
  for (let tries = 0; tries < 200 && (await text()) !== wanted; tries++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await text()).toBe(wanted);
};

test("what an agent left behind goes; what is told last, stays", async () => {
  await writeFile(path, "old");
  const notice = openNotice(path);
  await seen(undefined);
  for (const each of ["one", undefined, "two", "three"]) notice.tell(each);
  await seen("ssh-trust: three\n");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  notice.tell(undefined);
  await seen(undefined);
});

test("at the end it is gone, whatever was told just before", async () => {
  const notice = openNotice(path);
  notice.tell("why");
  await notice.end();
  expect(await text()).toBeUndefined();
});

test("what a server says cannot move a terminal's cursor", async () => {
  openNotice(path).tell("Vault at https://x\u001b[2J says\nno");
  await seen("ssh-trust: Vault at https://x\\033[2J says\\012no\n");
});

test("a folder that is gone does no harm", async () => {
  await rm(folder, { recursive: true });
  const notice = openNotice(path);
  notice.tell("why");
  await notice.end();
  expect(await text()).toBeUndefined();
});

const known = {} as never;
test.each([
  ["nobody", [], "nobody is signed in: ssh-trust login"],
  ["somebody whom Vault refuses", [{ known: undefined, problem: "no" }], "no"],
  ["somebody who is not asked for yet", [{ known: undefined, problem: undefined }], "nobody is signed in: ssh-trust login"],
  ["somebody, while Vault is away", [{ known, problem: "away" }], undefined],
  [
    "one of two",
    [
      { known: undefined, problem: "no" },
      { known, problem: undefined },
    ],
    undefined,
  ],
])("of %s", (_what, members, problem) => {
  expect(problemOfAll(members)).toBe(problem);
});
