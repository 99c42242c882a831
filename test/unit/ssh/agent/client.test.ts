/** What an agent may answer; test/programs/ssh-agent.test.ts asks a real one. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { connectAgent } from "../../../../src/ssh/agent/client.js";
import { messageOf, MessageReader, uint32 } from "../../../../src/ssh/agent/protocol.js";
import { wireString } from "../../../../src/ssh/wire.js";

let folder: string;
let server: Server;
let answer: readonly Buffer[] | "close";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-agent-"));
  server = createServer((socket) => {
    socket
      .on("error", () => undefined)
      .on("data", () => {
        if (answer === "close") socket.destroy();
        else for (const part of answer) socket.write(part);
      });
  });
  await new Promise<void>((resolve) => server.listen(join(folder, "s"), resolve));
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const list = async (given: typeof answer) => {
  answer = given;
  using agent = await connectAgent(join(folder, "s"));
  return await agent.list();
};
const one = Buffer.concat([uint32(1), wireString("blob"), wireString("comment")]);

describe("refused", () => {
  test.each<[what: string, given: readonly Buffer[] | "close", says: string]>([
    ["a failure", [messageOf(5)], "it refused the request"],
    ["another answer", [messageOf(6)], "a message of type 6"],
    ["an end", "close", "closed the connection"],
    ["no type", [uint32(0)], "a message of 0 bytes"],
    ["more than any message has", [uint32(256 * 1024 + 1)], "a message of 262145 bytes"],
    ["two answers", [Buffer.concat([messageOf(12, uint32(0)), messageOf(12, uint32(0))])], ""],
    ["more keys than there are", [messageOf(12, uint32(2), one.subarray(4))], "cut off"],
    ["more than was counted", [messageOf(12, uint32(0), one.subarray(4))], "follow the end"],
    ["a key that is cut off", [messageOf(12, one.subarray(0, -1))], "cut off"],
  ])("%s", async (what, given, says) => {
    if (what === "two answers") {
      expect(await list(given)).toEqual([]);
      return;
    } // the second one ends the connection
    await expect(list(given)).rejects.toMatchObject({
      code: "LOGIN_AGENT_FAILED",
      message: expect.stringContaining(says) as unknown,
    });
    return undefined;
  });

  test("nobody at the socket", async () => {
    await expect(connectAgent(join(folder, "none"))).rejects.toMatchObject({ code: "LOGIN_AGENT_FAILED" });
  });

  test("whoever waits for a turn when the agent ends", async () => {
    answer = [];
    using agent = await connectAgent(join(folder, "s"));
    const asked = [agent.list(), agent.list()];
    agent[Symbol.dispose]();
    for (const each of asked) await expect(each).rejects.toMatchObject({ code: "LOGIN_AGENT_FAILED" });
    expect(agent.closed).toBe(true);
  });
});

test("several requests at once are answered one after the other, each with its own answer", async () => {
  let open = 0;
  let count = 0;
  server.removeAllListeners("connection").on("connection", (socket) => {
    socket
      .on("error", () => undefined)
      .on("data", () => {
        expect((open += 1)).toBe(1);
        setTimeout(() => {
          open -= 1;
          socket.write(messageOf(14, wireString(`signature ${String((count += 1))}`)));
        }, 5);
      });
  });
  using agent = await connectAgent(join(folder, "s"));
  const signatures = await Promise.all([1, 2, 3].map(() => agent.sign(Buffer.from("key"), Buffer.from("data"), 0)));
  expect(signatures.map(String)).toEqual(["signature 1", "signature 2", "signature 3"]);
});

test("an answer in parts is one answer", async () => {
  const whole = messageOf(12, one);
  expect(await list([...whole].map((byte) => Buffer.of(byte)))).toEqual([{ blob: Buffer.from("blob"), comment: "comment" }]);
});

test("messages are put together from any parts", () => {
  const sent = Buffer.concat([messageOf(5), messageOf(12, one), messageOf(6)]);
  for (let size = 1; size <= sent.length; size++) {
    const reader = new MessageReader((problem) => new Error(problem));
    const types: number[] = [];
    for (let at = 0; at < sent.length; at += size) {
      types.push(...reader.feed(sent.subarray(at, at + size)).map(({ type }) => type));
    }
    expect(types).toEqual([5, 12, 6]);
  }
});
