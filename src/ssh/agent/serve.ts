/** An ssh-agent's side of the protocol: what it may be asked, on a socket that only its owner can open. */
import { chmod, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { reasonOf } from "../../errors/catalogue.js";
import { WireReader, wireString, type Refuse } from "../wire.js";
import type { AgentIdentity } from "./client.js";
import { messageOf, MessageReader, messages, uint32, type Message } from "./protocol.js";
import { readSessionBind, sessionBindName, type SessionBind } from "./session-bind.js";
import { readSignRequest, type SignRequest } from "./sign-request.js";

/** One connection: what comes on it, in its order, one after the other. Whatever is thrown is answered with a failure. */
export interface Conversation {
  bind(bind: SessionBind): void;
  /** A bind that is malformed, or whose signature is wrong. */
  badBind(problem: string): void;
  identities(): Promise<readonly AgentIdentity[]>;
  /** @returns the signature */
  sign(request: SignRequest): Promise<Buffer>;
}

export interface ServeOptions {
  readonly open: () => Conversation;
  /** How long a message may take to arrive whole, in milliseconds. */
  readonly patience?: number;
}

export class Refused extends Error {}
const refuse: Refuse = (problem) => new Refused(problem);

/** @param path of the socket; nothing is there. @throws Node's own system errors */
export async function serveAgent(path: string, options: ServeOptions): Promise<AsyncDisposable> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    converse(socket, options);
  });
  await listen(server, path);
  return {
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) =>
        server.close(() => {
          resolve();
        }),
      );
      for (const socket of open) socket.destroy();
      await closed;
      await rm(path, { force: true });
    },
  };
}

/** The folder is closed to others already; the socket is too, as the mode of a new one follows the umask. */
export async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(path, resolve);
  });
  server.removeAllListeners("error").on("error", () => undefined); // no more files can be opened: the next one may be
  await chmod(path, 0o600);
}

function converse(socket: Socket, { open, patience = 10_000 }: ServeOptions): void {
  const conversation = open();
  const reader = new MessageReader(refuse);
  let turn: Promise<void> = Promise.resolve();
  let late: NodeJS.Timeout | undefined;
  const drop = () => {
    clearTimeout(late);
    socket.destroy();
  };
  socket.on("error", drop).on("close", drop);
  socket.on("data", (part: Buffer) => {
    let whole: readonly Message[];
    try {
      whole = reader.feed(part);
    } catch {
      drop(); // where the next message begins, nobody knows
      return;
    }
    clearTimeout(late);
    if (reader.isWaiting) late = setTimeout(drop, patience);
    for (const message of whole)
      turn = turn.then(async () => {
        if (socket.destroyed) return;
        const answer = await answerTo(message, conversation);
        if (socket.writable) socket.write(answer);
      });
    if (whole.length === 0) return;
    // Whoever asks on and on without reading is not read from in the meantime.
    socket.pause();
    void turn.finally(() => socket.resume());
  });
}

const failure = messageOf(messages.failure);

async function answerTo({ type, contents }: Message, conversation: Conversation): Promise<Buffer> {
  try {
    switch (type) {
      case messages.requestIdentities: {
        const found = await conversation.identities();
        const list = found.flatMap(({ blob, comment }) => [wireString(blob), wireString(comment)]);
        return messageOf(messages.identitiesAnswer, uint32(found.length), ...list);
      }
      case messages.signRequest:
        return messageOf(messages.signResponse, wireString(await conversation.sign(readSignRequest(contents, refuse))));
      case messages.extension:
        return extended(contents, conversation);
      default:
        return failure; // keys are neither added nor removed, nor is anything locked
    }
  } catch {
    return failure;
  }
}

/** Of all extensions, session-bind alone is known: the agent draft, section 4.7, has a plain failure for those that are not. */
function extended(contents: Buffer, conversation: Conversation): Buffer {
  const reader = new WireReader(contents, refuse);
  if (reader.text("extension's name") !== sessionBindName) return failure;
  try {
    conversation.bind(readSessionBind(contents.subarray(reader.offset), refuse));
    return messageOf(messages.success);
  } catch (error) {
    conversation.badBind(reasonOf(error));
    return failure;
  }
}
