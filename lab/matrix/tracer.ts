/** `ssh-trust trace` in a client's container: this machine's node and the compiled command. */
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { ownPackage } from "../../src/ground/own-package.js";
import type { Machine } from "./machine.js";

/** The first version that a trace can be made with: src/trace/ssh-version.ts. */
export const oldestTraced = "8.5";

const folder = "/opt/ssh-trust";
export const traceCommand: readonly string[] = [`${folder}/node`, `${folder}/command/ssh-trust.js`, "trace"];

/** @param command the folder of the compiled command */
export async function putTracer(machine: Machine, command: string): Promise<void> {
  const modules = (await readdir(command)).filter((name) => /\.(js|sh)$/.test(name)).map((name) => join(command, name));
  const files = [
    ...modules.map((file) => ({ from: file, to: `command/${basename(file)}`, mode: 0o644 })),
    { from: join(ownPackage().folder, "package.json"), to: "package.json", mode: 0o644 },
    { from: process.execPath, to: "node", mode: 0o755 },
  ];
  await machine.put(
    await Promise.all(
      files.map(async ({ from, to, mode }) => ({ path: `${folder}/${to}`, content: await readFile(from), mode })),
    ),
  );
}
