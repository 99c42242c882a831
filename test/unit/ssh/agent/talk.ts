/** A client of an agent that says whatever it likes. */
import { createConnection, type Socket } from "node:net";
import { messageOf, MessageReader, messages, type Message } from "../../../../src/ssh/agent/protocol.js";
import { sessionBindName } from "../../../../src/ssh/agent/session-bind.js";
import { wireString } from "../../../../src/ssh/wire.js";

export interface Talk extends Disposable {
  readonly socket: Socket;
  /** @returns the answer; "closed" where the agent ends the connection */
  readonly ask: (bytes: Buffer) => Promise<Message | "closed">;
}

export async function talkTo(path: string): Promise<Talk> {
  const socket = createConnection(path);
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  const reader = new MessageReader((problem) => new Error(problem));
  const answers: Message[] = [];
  const waiting: ((answer: Message | "closed") => void)[] = [];
  let closed = false;
  socket.on("error", () => undefined);
  socket.on("data", (part) => {
    for (const answer of reader.feed(part)) {
      const next = waiting.shift();
      if (next === undefined) answers.push(answer);
      else next(answer);
    }
  });
  socket.on("close", () => {
    closed = true;
    for (const each of waiting.splice(0)) each("closed");
  });
  return {
    socket,
    ask: (bytes) =>
      new Promise((resolve) => {
        const early = answers.shift();
        if (early !== undefined) resolve(early);
        else if (closed) resolve("closed");
        else waiting.push(resolve);
        socket.write(bytes);
      }),
    [Symbol.dispose]: () => {
      socket.destroy();
    },
  };
}

export const list = messageOf(messages.requestIdentities);
export const extension = (name: string, contents: Buffer = Buffer.alloc(0)): Buffer =>
  messageOf(messages.extension, wireString(name), contents);
export const bind = (contents: Buffer): Buffer => extension(sessionBindName, contents);
export const sign = (contents: Buffer): Buffer => messageOf(messages.signRequest, contents);

/** Of an answer. */
export const typeOf = (answer: Message | "closed"): number | "closed" => (answer === "closed" ? answer : answer.type);
