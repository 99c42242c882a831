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

  test("a second request before the first is answered", async () => {
    answer = [];
    using agent = await connectAgent(join(folder, "s"));
    const first = agent.list();
    await expect(agent.list()).rejects.toMatchObject({ message: expect.stringContaining("not answered") as unknown });
    agent[Symbol.dispose]();
    await expect(first).rejects.toMatchObject({ code: "LOGIN_AGENT_FAILED" });
  });
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
