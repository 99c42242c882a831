/** What is kept of sign-ins: a renewal beside a logout, and beside another sign-in. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openSessions, together, type Session, type Sessions } from "../../../../src/people/session/session.js";

let folder: string;
let sessions: Sessions;
beforeEach(async () => {
  folder = await mkdtemp("/dev/shm/ssh-trust-session-");
  sessions = openSessions(folder);
});
afterEach(() => rm(folder, { recursive: true }));

const began = 1_790_000_000_000;
const kept: Session = {
  ...{ address: "https://v:1", tls: {}, method: "userpass", mount: "people", user: "jürgen" },
  ...{ token: "hvs.one", until: began + 60_000, began },
};
const renewed: Session = { ...kept, until: began + 120_000 };

test("a renewal is kept", async () => {
  await sessions.keep(kept);
  expect(await sessions.replace(kept, renewed)).toBe(true);
  expect(await sessions.all()).toMatchObject([renewed]);
  expect(await readdir(folder)).toHaveLength(1);
});

test.each<[what: string, there: Session | undefined]>([
  ["ended", undefined],
  ["replaced by another sign-in", { ...kept, token: "hvs.two", began: began + 1 }],
  ["renewed by somebody else", { ...kept, until: began + 90_000 }],
])("what was %s meanwhile stays so", async (_what, there) => {
  await sessions.keep(kept);
  await sessions.take(kept);
  if (there !== undefined) await sessions.keep(there);
  expect(await sessions.replace(kept, renewed)).toBe(false);
  expect(await sessions.all()).toMatchObject(there === undefined ? [] : [there]);
});

test("one that would be longer is not written: nobody sees it in part", async () => {
  const { until, ...endless } = kept;
  expect(until).toBeDefined();
  await sessions.keep(endless);
  expect(await sessions.replace(endless, renewed)).toBe(false);
  expect(await sessions.all()).toMatchObject([endless]);
});

test("a logout at the same time ends it, whoever is quicker; and whoever reads meanwhile sees the one or the other", async () => {
  for (let round = 0; round < 100; round++) {
    await sessions.keep(kept);
    const [, taken, seen] = await Promise.all([sessions.replace(kept, renewed), sessions.take(kept), sessions.all()]);
    expect(taken?.token).toBe("hvs.one");
    expect(seen.every(({ until }) => until === kept.until || until === renewed.until)).toBe(true);
    expect(await readdir(folder)).toEqual([]);
  }
});

test("of several places, the one where it is kept", async () => {
  const both = together([sessions, openSessions(`${folder}/other`)], () => sessions);
  await both.keep(kept);
  expect(await both.replace(kept, renewed)).toBe(true);
  expect(await both.all()).toMatchObject([renewed]);
});
