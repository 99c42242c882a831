/** Why nobody can log in, as a file. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { noticeOf } from "../../../../src/people/agent/member.js";
import { openNotice } from "../../../../src/people/agent/notice.js";

let folder: string;
let path: string;
let place: { readonly pid: string; readonly notice: string };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-notice-"));
  path = join(folder, "agent.notice");
  place = { pid: join(folder, "agent.pid"), notice: path };
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
  const notice = openNotice(place);
  await seen(undefined);
  for (const each of ["one", undefined, "two", "three"]) notice.tell(each);
  await seen("ssh-trust: three\n");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  notice.tell(undefined);
  await seen(undefined);
});

test("at the end it is gone, whatever was told just before", async () => {
  const notice = openNotice(place);
  notice.tell("why");
  await notice.end();
  expect(await text()).toBeUndefined();
});

test("what a server says cannot move a terminal's cursor", async () => {
  openNotice(place).tell("Vault at https://x\u001b[2J says\nno");
  await seen("ssh-trust: Vault at https://x\\033[2J says\\012no\n");
});

test("what is told after the end is not written, and another agent's files stay", async () => {
  const notice = openNotice(place);
  notice.tell("why");
  await seen("ssh-trust: why\n");
  const ending = notice.end();
  notice.tell("late");
  await ending;
  notice.tell("later");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await readdir(folder)).toEqual([]);

  const old = openNotice(place);
  old.tell("first");
  await seen("ssh-trust: first\n");
  const other = openNotice(place, 1);
  other.tell("the other's");
  await seen("ssh-trust: the other's\n");
  old.tell("the old one's");
  await old.end();
  expect(await text()).toBe("ssh-trust: the other's\n");
  expect(await readFile(place.pid, "utf8")).toBe("1\n");
});

test("a folder that is gone does no harm", async () => {
  await rm(folder, { recursive: true });
  const notice = openNotice(place);
  notice.tell("why");
  await notice.end();
  expect(await text()).toBeUndefined();
});

const known = {} as never;
const signedIn = expect.stringMatching(/^nobody is signed in: .*ssh-trust login$/);
test.each([
  ["nobody", [], signedIn],
  ["somebody whom Vault refuses", [{ problem: "no", held: 0 }], "no"],
  ["somebody who is not asked for yet", [{ problem: undefined, held: 0 }], undefined],
  ["somebody, while Vault is away", [{ known, problem: "away", held: 0 }], "away"],
  ["somebody with a reserve, while Vault is away", [{ known, problem: "away", held: 1 }], undefined],
  [
    "one of two",
    [
      { problem: "no", held: 0 },
      { known, problem: undefined, held: 0 },
    ],
    undefined,
  ],
] as const)("of %s", (_what, members, problem) => {
  const all = members.map((each) => ({
    known: "known" in each ? each.known : undefined,
    problem: each.problem,
    certificates: { held: Array.from({ length: each.held }) as never },
  }));
  expect(noticeOf(all)).toEqual(problem);
});
