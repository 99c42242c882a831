/** What the agent's memory becomes over many conversations: a client that says which host it talks to, and asks what is offered. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createConnection } from "node:net";
import ssh2 from "ssh2";
import { messageOf, MessageReader, messages } from "../../src/ssh/agent/protocol.js";
import { sessionBindName } from "../../src/ssh/agent/session-bind.js";
import { splitKeyLine } from "../../src/ssh/key-line.js";
import { wireString } from "../../src/ssh/wire.js";

/** @param hostKey a private key of OpenSSH's; its certificate is beside it */
export async function conversationsWith(socket: string, hostKey: string): Promise<(count: number) => Promise<void>> {
  const key = ssh2.utils.parseKey(await readFile(hostKey));
  if (key instanceof Error) throw key;
  const line = await readFile(`${hostKey}-cert.pub`, "utf8");
  const { blob } = splitKeyLine(line, (problem) => new Error(problem));
  const one = () => {
    const id = randomBytes(32);
    const signature = Buffer.concat([wireString("ssh-ed25519"), wireString(key.sign(id))]);
    const bind = [wireString(sessionBindName), wireString(blob), wireString(id), wireString(signature), Buffer.of(0)];
    return ask(socket, [messageOf(messages.extension, ...bind), messageOf(messages.requestIdentities)]);
  };
  return async (count) => {
    for (let at = 0; at < count; at++) {
      const [bound, offered] = await one();
      if (bound !== messages.success || offered !== messages.identitiesAnswer) throw new Error("nothing was offered");
    }
  };
}

/** @returns the types of the answers */
function ask(path: string, requests: readonly Buffer[]): Promise<readonly number[]> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    const reader = new MessageReader((problem) => new Error(problem));
    const types: number[] = [];
    socket.on("error", reject).on("data", (part: Buffer) => {
      types.push(...reader.feed(part).map(({ type }) => type));
      if (types.length < requests.length) return;
      socket.destroy();
      resolve(types);
    });
    for (const request of requests) socket.write(request);
  });
}

/** In MB. */
export async function memoryOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${String(pid)}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1]) / 1024;
}
