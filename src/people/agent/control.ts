/** How `ssh-trust agent` asks the agent that runs: a socket beside ssh's, which is never forwarded. One line of JSON each way. */
import { createConnection, createServer, type Socket } from "node:net";
import * as z from "zod";
import { fail } from "../../errors/catalogue.js";
import { systemCode } from "../../ground/system-error.js";
import { listen } from "../../ssh/agent/serve.js";

const time = z.iso.datetime().pipe(z.coerce.date());

const status = z.object({
  version: z.string(),
  pid: z.number(),
  /** When it was started. */
  since: time,
  socket: z.string(),
  signatures: z.number(),
  counts: z.object({ offered: z.number(), signed: z.number(), nothing: z.number(), refused: z.number() }),
  people: z.array(
    z.object({
      address: z.string(),
      name: z.string().nullable(),
      until: time.nullable(),
      problem: z.string().nullable(),
      certificates: z.array(
        z.object({ rule: z.string(), group: z.string(), accounts: z.array(z.string()), reserve: z.boolean(), until: time }),
      ),
    }),
  ),
  /** The last ones, the newest last. */
  decisions: z.array(z.object({ at: time, kind: z.enum(["offered", "signed", "nothing", "refused", "note"]), text: z.string() })),
});
export type AgentStatus = z.output<typeof status>;

const request = z.object({ ask: z.enum(["status", "look", "stop"]) });

export interface ControlHandlers {
  /** @returns what JSON makes of an `AgentStatus` */
  readonly status: () => unknown;
  /** A sign-in began or ended. */
  readonly look: () => Promise<void>;
  readonly stop: () => void;
}

/** More than any request has. */
const longest = 4096;

/** @param path of the socket; nothing is there */
export async function serveControl(path: string, { status: tell, look, stop }: ControlHandlers): Promise<AsyncDisposable> {
  const server = createServer((socket) => {
    let text = "";
    socket.setTimeout(5000, () => socket.destroy()).on("error", () => socket.destroy());
    socket.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (text.length > longest) socket.destroy();
      if (!text.includes("\n")) return;
      const asked = request.safeParse(json(text));
      if (!asked.success) {
        socket.destroy();
        return;
      }
      const answer = (value: unknown) => socket.end(`${JSON.stringify(value)}\n`);
      switch (asked.data.ask) {
        case "status":
          answer(tell());
          break;
        case "look":
          void look().then(
            () => answer({}),
            () => answer({}),
          );
          break;
        case "stop":
          answer({});
          stop();
          break;
      }
    });
  });
  const open = new Set<Socket>();
  server.on("connection", (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  const listening = await listen(server, path);
  return {
    [Symbol.asyncDispose]: async () => {
      setTimeout(() => {
        for (const socket of open) socket.destroy();
      }, 1000).unref();
      await listening[Symbol.asyncDispose]();
    },
  };
}

/**
 * Asks the agent that runs.
 * @returns undefined where none runs
 * @throws AGENT_SILENT
 */
async function ask(path: string, what: z.output<typeof request>["ask"]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    let text = "";
    socket.setTimeout(5000, () => {
      socket.destroy();
      reject(silent(path));
    });
    socket.on("error", (error) => {
      if (["ENOENT", "ECONNREFUSED"].includes(systemCode(error) ?? "")) resolve(undefined);
      else reject(error);
    });
    socket.on("connect", () => socket.write(`${JSON.stringify({ ask: what })}\n`));
    socket.setEncoding("utf8").on("data", (part: string) => (text += part));
    socket.on("end", () => {
      const value = json(text);
      if (value === undefined) reject(silent(path));
      else resolve(value);
    });
  });
}

/** @returns undefined where none runs. @throws AGENT_SILENT */
export const askStatus = async (path: string): Promise<AgentStatus | undefined> => {
  const answer = await ask(path, "status");
  if (answer === undefined) return undefined;
  const read = status.safeParse(answer);
  if (!read.success) throw silent(path);
  return read.data;
};

/** @returns whether one runs. @throws AGENT_SILENT */
export const askToLook = async (path: string): Promise<boolean> => (await ask(path, "look")) !== undefined;

/** @returns whether one ran. @throws AGENT_SILENT */
export const askToStop = async (path: string): Promise<boolean> => (await ask(path, "stop")) !== undefined;

const silent = (socket: string) => fail("AGENT_SILENT", { socket });

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
