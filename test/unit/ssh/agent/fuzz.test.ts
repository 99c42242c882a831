/**
 * An agent that is asked anything: real messages that were cut, joined, repeated and changed, at its socket. The seed is shown where
 * something fails; SSH_TRUST_FUZZ_SEED sets it, and SSH_TRUST_FUZZ_SECONDS how long it runs.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, jest, test } from "@jest/globals";
import { messageOf, MessageReader } from "../../../../src/ssh/agent/protocol.js";
import { serveAgent } from "../../../../src/ssh/agent/serve.js";
import { bindContents, db, hostOf, newSession, partyOf, proofOf, signContents } from "../../people/agent/party.js";
import { bind, extension, list, sign, talkTo, typeOf } from "./talk.js";

const seed = Number(process.env["SSH_TRUST_FUZZ_SEED"] ?? Date.now() % 2 ** 31);
const seconds = Number(process.env["SSH_TRUST_FUZZ_SECONDS"] ?? 3);
jest.setTimeout((seconds + 20) * 1000);

/** Mulberry32: the same numbers for the same seed. */
function numbersFrom(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const web = hostOf();
const any = numbersFrom(seed);
const oneOf = <T>(all: readonly T[]): T => all[any(all.length)] as T;

function change(message: Buffer): Buffer {
  const changed = Buffer.from(message);
  const at = any(changed.length);
  switch (any(7)) {
    case 0:
      return changed.subarray(0, at); // what follows becomes its rest
    case 1:
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << any(8)), at);
      return changed;
    case 2: // in its contents alone: the length stays right
      if (changed.length > 5) changed.writeUInt8(any(256), 4 + any(changed.length - 4));
      return changed;
    case 3: // a length somewhere, of nothing or of too much
      if (changed.length >= at + 4) changed.writeUInt32BE(oneOf([0, 1, 0x7fffffff, 0xffffffff, 256 * 1024]), at);
      return changed;
    case 4: {
      const rest = messageOf(
        changed.readUInt8(Math.min(4, changed.length - 1)),
        changed.subarray(5),
        Buffer.alloc(any(2000), any(256)),
      );
      return rest;
    }
    case 5:
      return messageOf(any(256), changed.subarray(5));
    default:
      return Buffer.concat([changed, changed.subarray(at)]);
  }
}

/** @returns how many messages these bytes are; undefined where they are not whole ones */
function wholeIn(bytes: Buffer): number | undefined {
  const reader = new MessageReader((problem) => new Error(problem));
  try {
    const { length } = reader.feed(bytes);
    return reader.isWaiting ? undefined : length;
  } catch {
    return undefined;
  }
}

test(`anything that is said is answered, or ends the connection (seed ${String(seed)})`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "ssh-trust-fuzz-"));
  const path = join(folder, "s");
  const { open, decisions } = partyOf();
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on("unhandledRejection", note).on("uncaughtException", note);
  const server = await serveAgent(path, { open, patience: 50 });
  const sessionId = newSession();
  const key = await offeredKey();
  const proof = proofOf({ sessionId, key, hostKey: web.certificate });
  const real = [
    ...[list, extension("query"), messageOf(19), messageOf(22, Buffer.alloc(4))],
    ...[web, db()].flatMap((host) => [false, true].map((forwarded) => bind(bindContents(host, { sessionId, forwarded })))),
    ...[proof, proofOf({ sessionId, key }), proofOf({ sessionId, key, user: "root" })].map((data) =>
      sign(signContents(key, data)),
    ),
  ];

  async function offeredKey(): Promise<Buffer> {
    using talk = await talkTo(path);
    await talk.ask(bind(bindContents(web, { sessionId })));
    const answer = await talk.ask(list);
    return answer === "closed" ? Buffer.alloc(0) : answer.contents.subarray(8, 8 + answer.contents.readUInt32BE(4));
  }
  async function conversation(): Promise<void> {
    using talk = await talkTo(path);
    const closed = new Promise<"closed">((resolve) =>
      talk.socket.once("close", () => {
        resolve("closed");
      }),
    );
    const begun = any(2) === 0 ? [] : [bind(bindContents(web, { sessionId })), list];
    const more = Array.from({ length: 1 + any(6) }, () => (any(4) === 0 ? change(oneOf(real)) : oneOf(real)));
    const said = [...begun, ...more];
    counted.messages += said.length;
    const whole = wholeIn(Buffer.concat(said));
    const answers = Array.from({ length: whole ?? 0 }, () => talk.ask(Buffer.alloc(0)));
    for (const each of said) talk.socket.write(each);
    // Each whole message is answered; what is none, or the beginning of one that never ends, ends the connection.
    if (whole === undefined) await closed;
    else expect((await Promise.all(answers)).filter((each) => each === "closed")).toEqual([]);
    counted.conversations += 1;
  }
  const counted = { messages: 0, conversations: 0 };
  const before = process.memoryUsage().heapUsed;
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) await Promise.all(Array.from({ length: 60 }, conversation));

  using good = await talkTo(path);
  expect(typeOf(await good.ask(bind(bindContents(web, { sessionId }))))).toBe(6);
  expect(typeOf(await good.ask(list))).toBe(12);
  expect(typeOf(await good.ask(sign(signContents(key, proof))))).toBe(14);
  expect(unhandled).toEqual([]);
  expect(counted.conversations).toBeGreaterThan(100);
  expect(decisions.counts.refused).toBeGreaterThan(10);
  expect((process.memoryUsage().heapUsed - before) / 2 ** 20).toBeLessThan(200);
  process.off("unhandledRejection", note).off("uncaughtException", note);
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
  if (process.env["SSH_TRUST_FUZZ_SECONDS"] !== undefined) console.log(counted, decisions.counts);
});
