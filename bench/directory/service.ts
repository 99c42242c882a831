/** The directory as a process of its own, and what is seen of it from outside. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { waitUntil } from "../../src/ground/wait.js";
import { ports, type BenchServer } from "./server.js";

export const address = `http://127.0.0.1:${String(ports.directory)}`;

export interface Service extends AsyncDisposable {
  readonly pid: number;
  /** What it said so far. */
  readonly said: () => string;
}

/** It listens, and need not have read anything yet. */
export async function startService(server: BenchServer): Promise<Service> {
  const listen = ["--http", "--listen", `127.0.0.1:${String(ports.directory)}`, "--rate", "1000000"];
  const args = [server.program, "directory", "serve", ...listen, "--token-file", await server.tokenFile()];
  const running = spawn(process.execPath, args, {
    cwd: server.folder,
    env: { ...process.env, ...server.env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  running.stderr.setEncoding("utf8").on("data", (part: string) => (said += part));
  const ended = once(running, "exit");
  const end = () => running.kill("SIGKILL");
  process.once("exit", end);
  const listens = () => {
    if (running.exitCode !== null) throw new Error(`the directory ended: ${said}`);
    return Promise.resolve(said.includes("serves at"));
  };
  if (!(await waitUntil(listens, { seconds: 30, every: 20 }))) throw new Error(`the directory does not listen: ${said}`);
  return {
    pid: running.pid ?? 0,
    said: () => said,
    async [Symbol.asyncDispose]() {
      process.removeListener("exit", end);
      running.kill("SIGINT");
      await ended;
    },
  };
}

/** Seconds of CPU that a process has used. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export async function cpuOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${String(pid)}/stat`, "utf8")).replace(/^.*\) /s, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Seconds in which a core of this machine was busy, whoever it was. https://man7.org/linux/man-pages/man5/proc_stat.5.html */
export async function cpuOfAll(): Promise<number> {
  const [, ...fields] = ((await readFile("/proc/stat", "utf8")).split("\n")[0] ?? "").split(/ +/).map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = fields;
  return (user + nice + system + irq + softirq) / 100;
}

/** What the directory has asked of Vault so far, by its own count. */
export async function readsOf(): Promise<number> {
  const text = await (await fetch(`${address}/metrics`)).text();
  return Number(/^ssh_trust_directory_vault_reads_total\{result="ok"\} (\d+)/m.exec(text)?.[1] ?? 0);
}
