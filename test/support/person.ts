/** Somebody at a machine of their own, who signs in: a home, a folder in memory, and no token in the environment. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sshTrustInHost } from "./in-host.js";
import { run, sshTrustFile, type Ran } from "./project.js";
import type { Server } from "./servers.js";

export interface PersonAtMachine extends AsyncDisposable {
  /** Their home, where they stand, too. */
  readonly home: string;
  /** What the machine keeps in memory. */
  readonly memory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly sshTrust: (args: readonly string[], env?: Record<string, string>) => Promise<Ran>;
  /** As a process of its own, without a terminal. */
  readonly process: (args: readonly string[], options?: { env?: Record<string, string>; input?: string }) => Promise<Ran>;
  /** At a terminal. @param answers what is typed, each when what stands before it is shown */
  readonly atTerminal: (
    args: readonly string[],
    ...answers: readonly (readonly [shown: string | RegExp, typed: string | ((shown: string) => string | Promise<string>)])[]
  ) => Promise<{ readonly shown: string; readonly exit: number | null; readonly left: number }>;
  /** A file that only they can read. @returns its path */
  readonly secret: (name: string, text: string) => Promise<string>;
  /** What is kept of sign-ins. */
  readonly kept: () => Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** @param server whose address and CA the environment names */
export async function personAt(server: Pick<Server, "address" | "caFile">): Promise<PersonAtMachine> {
  const home = await mkdtemp(join(tmpdir(), "ssh-trust-person-"));
  const memory = await mkdtemp("/dev/shm/ssh-trust-person-");
  const env = {
    HOME: home,
    XDG_RUNTIME_DIR: memory,
    XDG_CONFIG_HOME: "",
    XDG_STATE_HOME: "",
    VAULT_ADDR: server.address,
    VAULT_CACERT: server.caFile,
    VAULT_TOKEN: "",
    BAO_ADDR: "",
    BAO_TOKEN: "",
    VAULT_NAMESPACE: "",
    SSH_TRUST_JWT: "",
    DISPLAY: "",
    WAYLAND_DISPLAY: "",
  };
  const folder = join(memory, "ssh-trust");
  return {
    home,
    memory,
    env,
    sshTrust: (args, more = {}) => sshTrustInHost(args, { cwd: home, env: { ...env, ...more } }),
    // Without a terminal: who runs the tests at one is not asked.
    process: (args, { env: more = {}, input } = {}) =>
      run("setsid", ["-w", process.execPath, sshTrustFile, ...args], {
        cwd: home,
        env: { ...env, ...more },
        ...(input === undefined ? {} : { input }),
      }),
    async atTerminal(args, ...answers) {
      const words = [process.execPath, sshTrustFile, ...args].map((word) => `'${word}'`).join(" ");
      const terminal = spawn("script", ["-qec", `stty cols 200; exec ${words}`, "/dev/null"], {
        cwd: home,
        env: { ...process.env, ...env, NO_COLOR: "1" },
        stdio: ["pipe", "pipe", "inherit"],
      });
      const left = [...answers];
      let shown = "";
      let from = 0;
      terminal.stdout.setEncoding("utf8").on("data", (text: string) => {
        shown += text;
        for (;;) {
          const [next] = left;
          const rest = shown.slice(from);
          if (next === undefined || !(typeof next[0] === "string" ? rest.includes(next[0]) : next[0].test(rest))) return;
          from = shown.length;
          left.shift();
          const [, typed] = next;
          void Promise.resolve(typeof typed === "string" ? typed : typed(shown)).then((text) => terminal.stdin.write(text));
        }
      });
      await once(terminal, "close");
      return { shown: shown.replaceAll("\r\n", "\n"), exit: terminal.exitCode, left: left.length };
    },
    async secret(name, text) {
      const file = join(home, name);
      await writeFile(file, text, { mode: 0o600 });
      await chmod(file, 0o600);
      return file;
    },
    async kept() {
      await mkdir(folder, { recursive: true });
      const names = await readdir(folder);
      return Promise.all(
        names.map(async (name) => JSON.parse(await readFile(join(folder, name), "utf8")) as Readonly<Record<string, unknown>>),
      );
    },
    async [Symbol.asyncDispose]() {
      await rm(home, { recursive: true, force: true });
      await rm(memory, { recursive: true, force: true });
    },
  };
}
