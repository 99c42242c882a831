/** A client of an ssh-agent. One request is answered before the next is sent; others wait for their turn. */
import { createConnection, type Socket } from "node:net";
import { fail, reasonOf } from "../../errors/catalogue.js";
import { WireReader, wireString } from "../wire.js";
import type { EphemeralKey } from "./ephemeral-key.js";
import { constrainLifetime, messageOf, MessageReader, messages, uint32, type Message } from "./protocol.js";

export interface AgentIdentity {
  /** A public key or a certificate in its wire form. */
  readonly blob: Buffer;
  readonly comment: string;
}

export interface AgentClient extends Disposable {
  /** Whether the agent has ended, or has answered what cannot be read: it is asked nothing more. */
  readonly closed: boolean;
  /**
   * Gives it a key with its certificate.
   * @param certificate in its wire form
   * @param seconds after so long the agent forgets it
   * @throws LOGIN_AGENT_FAILED
   */
  add(key: EphemeralKey, certificate: Buffer, comment: string, seconds: number): Promise<void>;
  list(): Promise<readonly AgentIdentity[]>;
  /**
   * @param key in its wire form
   * @returns the signature: RFC 4253, section 6.6
   */
  sign(key: Buffer, data: Buffer, flags: number): Promise<Buffer>;
  /** @param key or certificate in its wire form. @throws LOGIN_AGENT_FAILED, also where the agent does not hold it */
  remove(key: Buffer): Promise<void>;
  removeAll(): Promise<void>;
}

/** An agent on this machine answers at once, or never. */
const patience = 5000;

const refuse = (reason: string, cause?: unknown) => fail("LOGIN_AGENT_FAILED", { reason }, cause);

/** @throws LOGIN_AGENT_FAILED */
export async function connectAgent(path: string): Promise<AgentClient> {
  const socket = createConnection(path);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve).once("error", (error) => {
      reject(refuse(reasonOf(error), error));
    });
  });
  const askOne = asking(socket);
  let last: Promise<unknown> = Promise.resolve();
  const ask = (request: Buffer): Promise<Message> => {
    const answer = last.then(() => askOne(request));
    last = answer.catch(() => undefined);
    return answer;
  };
  const must = async (type: number, ...contents: readonly Buffer[]) => {
    const answer = await ask(messageOf(type, ...contents));
    if (answer.type !== messages.success || answer.contents.length > 0) throw unexpected(answer);
  };
  return {
    get closed() {
      return socket.destroyed;
    },
    async add({ publicKey, seed }, certificate, comment, seconds) {
      // Section 3.2.4 of the draft, and PROTOCOL.agent of OpenSSH for certificates: the certificate, then the key's own numbers.
      const type = new WireReader(certificate, malformed).text("certificate's type");
      const numbers = [wireString(publicKey), wireString(Buffer.concat([seed, publicKey]))];
      const key = [wireString(type), wireString(certificate), ...numbers, wireString(comment)];
      await must(messages.addIdentityConstrained, ...key, Buffer.of(constrainLifetime), uint32(seconds));
    },
    async list() {
      const answer = await ask(messageOf(messages.requestIdentities));
      if (answer.type !== messages.identitiesAnswer) throw unexpected(answer);
      const reader = new WireReader(answer.contents, malformed);
      const count = reader.uint32("number of keys");
      const found: AgentIdentity[] = [];
      for (let at = 0; at < count; at++) found.push({ blob: reader.string("key"), comment: reader.text("comment") });
      reader.end("list of keys");
      return found;
    },
    async sign(key, data, flags) {
      const answer = await ask(messageOf(messages.signRequest, wireString(key), wireString(data), uint32(flags)));
      if (answer.type !== messages.signResponse) throw unexpected(answer);
      const reader = new WireReader(answer.contents, malformed);
      const signature = reader.string("signature");
      reader.end("signature");
      return signature;
    },
    remove: (key) => must(messages.removeIdentity, wireString(key)),
    removeAll: () => must(messages.removeAllIdentities),
    [Symbol.dispose]: () => {
      socket.destroy();
    },
  };
}

const malformed = (problem: string) => refuse(`its answer is malformed: ${problem}`);

const unexpected = ({ type }: Message) =>
  refuse(type === messages.failure ? "it refused the request" : `it answered with a message of type ${String(type)}`);

/** Sends a request and waits for the one answer to it. */
function asking(socket: Socket): (request: Buffer) => Promise<Message> {
  const reader = new MessageReader((problem) => malformed(problem));
  let waiting: { readonly resolve: (answer: Message) => void; readonly reject: (error: unknown) => void } | undefined;
  const end = (error: unknown) => {
    waiting?.reject(error);
    waiting = undefined;
    socket.destroy();
  };
  socket.on("data", (part: Buffer) => {
    try {
      for (const answer of reader.feed(part)) {
        if (waiting === undefined) throw malformed("it says more than it was asked");
        waiting.resolve(answer);
        waiting = undefined;
      }
    } catch (error) {
      end(error);
    }
  });
  socket.on("error", (error) => {
    end(refuse(reasonOf(error), error));
  });
  socket.on("close", () => {
    end(refuse("it closed the connection"));
  });
  return (request) =>
    new Promise((resolve, reject) => {
      if (waiting !== undefined || socket.destroyed) {
        reject(refuse(socket.destroyed ? "the connection is closed" : "it has not answered the last request"));
        return;
      }
      const late = setTimeout(() => {
        end(refuse("it does not answer"));
      }, patience);
      const over =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          clearTimeout(late);
          settle(value);
        };
      waiting = { resolve: over(resolve), reject: over(reject) };
      socket.write(request);
    });
}
