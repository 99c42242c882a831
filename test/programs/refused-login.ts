/**
 * A login that a trace tells as refused, and what it advises done: with the real ssh, no terminal, nobody's configuration, and an
 * account and files of the test's own.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { execa } from "execa";
import { exists } from "../../src/toolchain/cache.js";
import { sshTrustInHost } from "../support/in-host.js";
import { until } from "../support/project.js";
import { own } from "./trace-support.js";

export interface Advice {
  readonly say: string;
  readonly run: string | null;
}

export interface Told {
  readonly loggedIn: boolean;
  readonly refusal: { readonly kind: string; readonly reason: string; readonly hint: readonly Advice[] } | null;
}

export const loggedIn = { loggedIn: true, refusal: null };

type Places = Readonly<Record<string, string>>;

export interface Desk extends AsyncDisposable {
  readonly folder: string;
  readonly file: (name: string) => string;
  /** Makes a key pair. @returns the public key's line */
  readonly key: (name: string, ...options: string[]) => Promise<string>;
  /** Has a CA of the desk sign a public key. @returns the certificate's line, which is in `<name>-cert.pub` too */
  readonly sign: (ca: string, name: string, ...options: string[]) => Promise<string>;
  readonly read: (name: string) => Promise<string>;
  readonly write: (name: string, text: string) => Promise<void>;
  /** Traces a login as deploy on this port of this machine; the options that come first count, and -F is instead of no configuration. */
  readonly trace: (port: number, ...options: string[]) => Promise<Told>;
  /** Gives a key and its certificate to an agent, and nothing else. @returns the options by which a trace has that agent's keys only */
  readonly load: (name: string) => Promise<string[]>;
  /**
   * Runs the command of one advice, with these in the places of its `<…>`.
   * @returns the options, where it is a trace
   */
  readonly follow: (advice: Advice | undefined, places?: Places) => Promise<string[]>;
  /** The same, for what a command prints. */
  readonly printed: (advice: Advice | undefined, places?: Places) => Promise<string>;
  readonly fingerprint: (name: string) => Promise<string>;
}

function filled(advice: Advice | undefined, places: Places = {}): string {
  const command = Object.entries(places).reduce((text, [place, value]) => text.replaceAll(place, value), advice?.run ?? "");
  expect(command).not.toMatch(/^$|<[a-z]/);
  return command;
}

async function startAgent(socket: string): Promise<ChildProcess> {
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
  await until("the agent to listen", 10, () => exists(socket));
  return agent;
}

/** A folder that servers read files of, as other accounts too. */
export async function openDesk(): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), "ssh-trust-desk-"));
  await chmod(folder, 0o755);
  const file = (name: string) => join(folder, name);
  const read = (name: string) => readFile(file(name), "utf8").then((text) => text.trim());
  let agent: ChildProcess | undefined;
  const keygen = (...args: string[]) => execa("ssh-keygen", ["-q", ...args], { cwd: folder });
  return {
    folder,
    file,
    key: async (name, ...options) => {
      await keygen("-N", "", "-C", name, "-f", name, ...(options.length === 0 ? ["-t", "ed25519"] : options));
      return read(`${name}.pub`);
    },
    sign: async (ca, name, ...options) => {
      await keygen("-s", ca, "-I", name, ...options, `${name}.pub`);
      return read(`${name}-cert.pub`);
    },
    read,
    write: (name, text) => writeFile(file(name), text === "" ? "" : `${text}\n`),
    trace: async (port, ...options) => {
      const here = [
        ...own.slice(options.includes("-F") ? 2 : 0),
        "-o",
        "IdentitiesOnly=yes",
        "-o",
        "UserKnownHostsFile=known_hosts",
        "-o",
        "StrictHostKeyChecking=yes",
      ];
      const args = ["trace", "--format", "json", ...options, ...here, "-p", String(port), "deploy@127.0.0.1"];
      const { stdout, stderr } = await sshTrustInHost(args, { cwd: folder, env: { SSH_AUTH_SOCK: file("agent") } });
      expect(stdout === "" ? stderr : "").toBe("");
      return JSON.parse(stdout) as Told;
    },
    follow: async (advice, places) => {
      const command = filled(advice, places);
      const [, options] = /^ssh-trust trace (.*)$/.exec(command) ?? [];
      if (options !== undefined) return options.split(" ").filter((option) => option !== "");
      await execa("sh", ["-euc", command], { cwd: folder });
      return [];
    },
    printed: async (advice, places) => {
      const command = filled(advice, places);
      const [, words] = /^ssh-trust (.*)$/.exec(command) ?? [];
      if (words !== undefined) return (await sshTrustInHost(words.split(" "), { cwd: folder })).stdout;
      return (await execa("sh", ["-euc", command], { cwd: folder })).stdout;
    },
    fingerprint: async (name) => (await keygen("-l", "-f", `${name}.pub`)).stdout.split(" ")[1] ?? "",
    load: async (name) => {
      agent ??= await startAgent(file("agent"));
      const env = { SSH_AUTH_SOCK: file("agent") };
      await execa("ssh-add", ["-q", "-D"], { env });
      await execa("ssh-add", ["-q", file(name)], { env });
      return ["-o", "IdentityAgent=SSH_AUTH_SOCK", "-o", "IdentitiesOnly=no", "-o", "IdentityFile=none"];
    },
    [Symbol.asyncDispose]: async () => {
      agent?.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
