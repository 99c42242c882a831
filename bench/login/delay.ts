/** A way to a server that takes time: what is sent arrives later, in either direction. */
import { once } from "node:events";
import { createConnection, createServer, type Socket } from "node:net";

/** @param milliseconds for each direction */
export async function delayed(from: number, to: number, milliseconds: number): Promise<AsyncDisposable> {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = createConnection(to, "127.0.0.1");
    for (const each of [near, far]) open.add(each.on("error", () => each.destroy()));
    const carry = (one: Socket, other: Socket) => {
      one.setNoDelay(true).on("data", (part: Buffer) => setTimeout(() => other.writable && other.write(part), milliseconds));
      one.on("close", () => setTimeout(() => other.end(), milliseconds));
    };
    carry(near, far);
    carry(far, near);
  });
  await once(server.listen(from, "127.0.0.1"), "listening"); // or the reason why not
  return {
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const each of open) each.destroy();
      await closed;
    },
  };
}
