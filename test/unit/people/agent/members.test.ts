/** Everybody who is signed in here, as the kept sign-ins say at each moment. */
import { beforeEach, expect, test } from "@jest/globals";
import type { KeptSignIn, Known, Member } from "../../../../src/people/agent/member.js";
import { openMembers, type Members } from "../../../../src/people/agent/members.js";
import { alice, certificatesOf, memberOf, stored } from "./party.js";

let now: number;
let kept: readonly KeptSignIn[];
let members: Members;
let log: string[];
let known: Known | undefined;

const signIn = (token: string, until?: number): KeptSignIn => ({
  settings: { address: "https://vault", token, tls: {}, namespace: undefined } as unknown as KeptSignIn["settings"],
  until,
});
beforeEach(() => {
  now = 1_000_000;
  log = [];
  known = { me: alice, stored };
  kept = [signIn("one")];
  members = openMembers({
    signIns: () => Promise.resolve(kept),
    now: () => now,
    open: ({ settings: { token } }): Member => ({
      ...memberOf(alice),
      get known() {
        return known;
      },
      address: token,
      certificates: { ...certificatesOf(), end: () => log.push(`${token} ends`) },
      learn: (age) => Promise.resolve(void log.push(`${token} learns ${String(age)}`)),
    }),
  });
});
const who = async () => (await members.current()).map(({ address }) => address);

test("signed out: nobody is left, and what was held ends", async () => {
  expect(await who()).toEqual(["one"]);
  kept = [];
  log = [];
  expect(await who()).toEqual([]);
  expect(log).toEqual(["one ends"]);
  expect(members.last).toEqual([]);
});

test.each<[what: string, then: () => void]>([
  [
    "it ends",
    () => {
      now += 5001;
    },
  ],
  [
    "the clock goes nine hours on",
    () => {
      now += 9 * 3_600_000;
    },
  ],
])("a sign-in that is over: %s", async (_what, then) => {
  kept = [signIn("one", now + 5000)];
  expect(await who()).toEqual(["one"]);
  then();
  expect(await who()).toEqual([]);
});

test("another token is another sign-in: nothing of the first one is used with it", async () => {
  const [first] = await members.current();
  kept = [signIn("two")];
  const [second] = await members.current();
  expect([second?.address, second === first]).toEqual(["two", false]);
  expect(log).toContain("one ends");
});

test("the same token is the same member, also where it is valid longer now", async () => {
  const [first] = await members.current();
  kept = [signIn("one", now + 1000)];
  expect((await members.current())[0]).toBe(first);
});

test("a sign-in that is written anew, and is not there for a moment, goes on", async () => {
  const [first] = await members.current();
  const before = kept;
  kept = [];
  setTimeout(() => (kept = before), 10);
  expect((await members.current())[0]).toBe(first);
  expect(log).not.toContain("one ends");
});

test("somebody who read the sign-ins before a login ends nothing of it", async () => {
  let late: (all: readonly KeptSignIn[]) => void = () => undefined;
  const answers = [new Promise<readonly KeptSignIn[]>((resolve) => (late = resolve)), Promise.resolve([signIn("new")])];
  const ended: string[] = [];
  const other = openMembers({
    signIns: () => answers.shift() ?? Promise.resolve([signIn("new")]),
    open: ({ settings: { token } }) => ({
      ...memberOf(alice, { address: token }),
      certificates: { ...certificatesOf(), end: () => ended.push(token) },
    }),
  });
  const slow = other.current();
  expect((await other.current()).map(({ address }) => address)).toEqual(["new"]);
  late([]);
  expect((await slow).map(({ address }) => address)).toEqual(["new"]);
  expect(ended).toEqual([]);
});

test("who is known is asked for once a minute; who is not, as Vault was away, after five seconds", async () => {
  await who();
  known = undefined;
  await who();
  expect(log).toEqual(["one learns 60000", "one learns 5000"]);
});

test("certificates of a sign-in that has ended are counted on", async () => {
  const at = (token: string): KeptSignIn => ({
    settings: { address: "https://vault.example.org:8200", token } as KeptSignIn["settings"],
    until: undefined,
  });
  let there = [at("one")];
  const counted = openMembers({
    signIns: () => Promise.resolve(there),
    open: () => memberOf(undefined, { certificates: { ...certificatesOf(), signatures: 3 }, learn: () => Promise.resolve() }),
  });
  await counted.current();
  expect(counted.signatures).toBe(3);
  there = [];
  await counted.current();
  expect(counted).toMatchObject({ last: [], signatures: 3 });
  there = [at("two")];
  await counted.current();
  await counted.current();
  expect(counted.signatures).toBe(6);
});
