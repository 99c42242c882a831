/** An agent's server, and those who come to its socket: A08 of the cases. */
import { mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { messageOf, uint32 } from "../../../../src/ssh/agent/protocol.js";
import { serveAgent } from "../../../../src/ssh/agent/serve.js";
import { bindContents, hostOf, newSession, partyOf, proofOf, signContents, type Party } from "../../people/agent/party.js";
import { strings } from "../../../programs/build-certificate.js";
import { bind, extension, list, sign, talkTo, typeOf, type Talk } from "./talk.js";

let folder: string;
let path: string;
let opened: Party;
let server: AsyncDisposable;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-serve-"));
  path = join(folder, "s");
  opened = partyOf();
  server = await serveAgent(path, { open: opened.open, patience: 300 });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const web = hostOf();
/** A whole login. @returns the type of the last answer: 14 where it was signed */
async function login(talk: Talk): Promise<number | "closed"> {
  const sessionId = newSession();
  if (typeOf(await talk.ask(bind(bindContents(web, { sessionId })))) !== 6) return 0;
  const answer = await talk.ask(list);
  if (answer === "closed" || answer.contents.readUInt32BE() === 0) return 1;
  const key = answer.contents.subarray(8, 8 + answer.contents.readUInt32BE(4));
  return typeOf(await talk.ask(sign(signContents(key, proofOf({ sessionId, key, hostKey: web.certificate })))));
}
async function loginAnew() {
  using talk = await talkTo(path);
  return await login(talk);
}

describe("refused, and the connection goes on", () => {
  test.each<[what: string, request: Buffer]>([
    ["an extension that nobody knows", extension("query")],
    ["session-bind of nobody's", extension("session-bind@example.org")],
    ["an extension with a name that is cut off", messageOf(27, uint32(100))],
    ["an extension with a name of other bytes", messageOf(27, strings(Buffer.of(0xff)))],
    ["an extension without a name", messageOf(27)],
    ["a key to add", messageOf(17, strings("ssh-ed25519", "x", "y", "comment"))],
    ["a key to add for a while", messageOf(25, strings("ssh-ed25519", "x", "y", "comment"), Buffer.of(1), uint32(1))],
    ["a key on a card", messageOf(20, strings("/lib/x.so", "pin"))],
    ["a key on a card, for a while", messageOf(26, strings("/lib/x.so", "pin"))],
    ["a key to remove", messageOf(18, strings(web.certificate))],
    ["all keys to remove", messageOf(19)],
    ["a lock", messageOf(22, strings("passphrase"))],
    ["an unlocking", messageOf(23, strings("passphrase"))],
    ["the list of SSH 1", messageOf(1)],
    ["an answer", messageOf(6)],
    ["a message of a type that nobody knows", messageOf(255, Buffer.alloc(1000))],
    ["a request to sign that is cut off", messageOf(13, uint32(4))],
    ["a request to sign nothing", messageOf(13)],
  ])("%s", async (_what, request) => {
    using talk = await talkTo(path);
    expect(await talk.ask(request)).toEqual({ type: 5, contents: Buffer.alloc(0) });
    expect(await login(talk)).toBe(14);
  });
});

describe("the connection is ended, and others are served", () => {
  test.each<[what: string, sent: Buffer]>([
    ["256 MiB", uint32(256 * 1024 * 1024)],
    ["4 GiB", uint32(0xffffffff)],
    ["one byte more than any message has", uint32(256 * 1024 + 1)],
    ["nothing", uint32(0)],
    ["SSH's own greeting", Buffer.from("SSH-2.0-OpenSSH_9.2\r\n")],
  ])("a message of %s", async (_what, sent) => {
    using talk = await talkTo(path);
    expect(await talk.ask(sent)).toBe("closed");
    expect(await loginAnew()).toBe(14);
  });

  test("a message that stops in its middle, or that comes byte by byte and for ever", async () => {
    using half = await talkTo(path);
    using slow = await talkTo(path);
    const message = bind(bindContents(web));
    const begun = performance.now();
    let sent = 0;
    const dripping = setInterval(() => {
      if (slow.socket.writable) slow.socket.write(message.subarray(sent, (sent += 1)));
    }, 20);
    expect(await Promise.all([half.ask(message.subarray(0, -1)), slow.ask(Buffer.alloc(0))])).toEqual(["closed", "closed"]);
    clearInterval(dripping);
    expect(performance.now() - begun).toBeLessThan(2000);
    expect(await loginAnew()).toBe(14);
  });
});

test("a message of the most bytes is read, and one in parts is answered once it is whole", async () => {
  using talk = await talkTo(path);
  expect(typeOf(await talk.ask(messageOf(27, Buffer.alloc(256 * 1024 - 1))))).toBe(5);
  for (const byte of list.subarray(0, -1)) talk.socket.write(Buffer.of(byte));
  expect(typeOf(await talk.ask(list.subarray(-1)))).toBe(12);
});

test("whoever says nothing is waited for", async () => {
  using talk = await talkTo(path);
  await wait(500); // longer than a message may take
  expect(await login(talk)).toBe(14);
});

test("200 at once, beside ten half-sent messages and ten who left in the middle of an answer", async () => {
  const half = await Promise.all(Array.from({ length: 10 }, () => talkTo(path)));
  for (const talk of half) talk.socket.write(uint32(1000));
  const left = await Promise.all(Array.from({ length: 10 }, () => talkTo(path)));
  for (const talk of left) {
    talk.socket.write(Buffer.concat([bind(bindContents(web)), list, list]));
    talk.socket.destroy();
  }
  const all = await Promise.all(Array.from({ length: 200 }, loginAnew));
  expect(new Set(all)).toEqual(new Set([14]));
  for (const talk of half) talk[Symbol.dispose]();
});

test("many requests in one go are answered in their order", async () => {
  using talk = await talkTo(path);
  const sessionId = newSession();
  const all = [list, bind(bindContents(web, { sessionId })), list, extension("x"), list, messageOf(19)];
  const answers = [talk.ask(Buffer.concat(all)), ...all.slice(1).map(() => talk.ask(Buffer.alloc(0)))];
  expect((await Promise.all(answers)).map(typeOf)).toEqual([12, 6, 12, 5, 12, 5]);
});

test("whoever asks on and on and reads nothing is not read from: nothing piles up", async () => {
  using talk = await talkTo(path);
  await talk.ask(bind(bindContents(web)));
  talk.socket.pause();
  const many = Buffer.concat(Array.from({ length: 10_000 }, () => list));
  let taken = 0;
  const count = () => opened.decisions.counts.offered;
  for (let at = 0; at < 20; at++) talk.socket.write(many, () => (taken += 1));
  const seen = [0, 0];
  while (seen.at(-1) === 0 || seen.at(-1) !== seen.at(-2)) {
    await wait(200);
    seen.push(count());
  } // until it stops reading
  // 200,000 answers of more than a kilobyte were asked for; what the kernel holds of them is all that was made.
  expect(count()).toBeLessThan(20_000);
  expect(taken).toBeLessThan(20);
  expect(await loginAnew()).toBe(14);
});

test("the socket is its owner's alone; it goes with the server, but not where it is another one's by then", async () => {
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await rename(path, `${path}.moved`);
  await writeFile(path, "another one's");
  await server[Symbol.asyncDispose]();
  expect((await stat(path)).size).toBe(13);
  await rm(path);
  server = await serveAgent(path, { open: opened.open });
  using talk = await talkTo(path);
  const answer = talk.ask(Buffer.alloc(0));
  await server[Symbol.asyncDispose]();
  expect(await answer).toBe("closed");
  await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
  server = await serveAgent(path, { open: opened.open });
});
