/** An ssh-agent's side of the protocol: what it may be asked, on a socket that only its owner can open. */
import { once } from "node:events";
import { chmod, lstat, rename } from "node:fs/promises";
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
  const listening = await listen(server, path);
  return {
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      await listening[Symbol.asyncDispose]();
    },
  };
}

/**
 * The folder is closed to others already; the socket is too, as the mode of a new one follows the umask.
 * @returns what ends it, and leaves in place what somebody else has put at the path since
 */
export async function listen(server: Server, path: string): Promise<AsyncDisposable> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(path, resolve);
  });
  server.removeAllListeners("error").on("error", () => undefined); // no more files can be opened: the next one may be
  await chmod(path, 0o600);
  const own = await inodeOf(path);
  return {
    [Symbol.asyncDispose]: async () => {
      const other = (await inodeOf(path)) === own ? undefined : `${path}.${String(process.pid)}`;
      // Whatever is at the path is taken away when the server is closed.
      if (other !== undefined) await rename(path, other).catch(() => undefined);
      const closed = once(server, "close");
      server.close();
      if (other !== undefined) await rename(other, path).catch(() => undefined);
      await closed;
    },
  };
}

/** @returns undefined where nothing is there */
export const inodeOf = (path: string): Promise<bigint | undefined> =>
  lstat(path, { bigint: true }).then(
    ({ ino }) => ino,
    () => undefined,
  );

function converse(socket: Socket, { open, patience = 10_000 }: ServeOptions): void {
  const conversation = open();
  const reader = new MessageReader(refuse);
  let turn: Promise<void> = Promise.resolve();
  let late: NodeJS.Timeout | undefined;
  const inTime = () => {
    clearTimeout(late);
    late = undefined;
  };
  const drop = () => {
    inTime();
    socket.destroy();
  };
  const waitForRest = () => {
    if (reader.isWaiting && !socket.destroyed) late ??= setTimeout(drop, patience);
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
    if (whole.length === 0) {
      waitForRest();
      return;
    }
    inTime();
    for (const message of whole)
      turn = turn.then(async () => {
        if (socket.destroyed) return;
        const answer = await answerTo(message, conversation);
        if (socket.writable && !socket.write(answer)) await isRead(socket);
      });
    // Whoever asks on and on without reading is not read from in the meantime.
    socket.pause();
    void turn.finally(() => {
      socket.resume();
      waitForRest();
    });
  });
}

const isRead = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    const over = () => {
      socket.off("drain", over).off("close", over);
      resolve();
    };
    socket.on("drain", over).on("close", over);
  });

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
