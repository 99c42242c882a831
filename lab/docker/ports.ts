/** Which ports of 127.0.0.1 are free, and who holds those that are not. */
import { createServer } from "node:net";
import { execa } from "execa";
import type { Engine } from "./engine.js";

/** Whether 127.0.0.1:port can be listened on. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      // Ports below 1024 may be closed to us, but not to Docker.
      resolve(error.code !== "EADDRINUSE");
    });
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}

/** Names who listens on a port: a container, a process, or "another program" when neither can be told. */
export async function holderOf(engine: Engine, port: number): Promise<string> {
  const containers = await engine.listContainers();
  const container = containers.find(({ Ports }) => Ports.some(({ PublicPort }) => PublicPort === port));
  if (container !== undefined) return `the container "${(container.Names[0] ?? container.Id).replace(/^\//, "")}"`;
  return (await processOn(port)) ?? "another program";
}

/** The process that listens, as `ss` (Linux) or `lsof` (macOS) tells it. */
async function processOn(port: number): Promise<string | undefined> {
  const ss = await execa("ss", ["-Hltnp", `sport = :${String(port)}`], { reject: false });
  const [, name, pid] = /users:\(\("([^"]+)",pid=(\d+)/.exec(ss.stdout) ?? [];
  if (name !== undefined && pid !== undefined) return `${name} (process ${pid})`;
  const lsof = await execa("lsof", ["-nP", "-Fpc", `-iTCP:${String(port)}`, "-sTCP:LISTEN"], { reject: false });
  const [, lsofPid, lsofName] = /^p(\d+)\nc(.+)$/m.exec(lsof.stdout) ?? [];
  return lsofPid === undefined || lsofName === undefined ? undefined : `${lsofName} (process ${lsofPid})`;
}
