/** What a login needs of the environment: where short-lived files go, the person's own agent, and what ssh is given. */
import { isAbsolute } from "node:path";
import type { Env } from "./reader.js";

/** Secrets of ours: no program that a person starts through us needs them, and its own children would see them. */
const secrets = ["VAULT_TOKEN", "BAO_TOKEN", "SSH_TRUST_JWT"] as const;

/** The environment for ssh and what it starts: without secrets of ours. */
export function childEnvironment(env: Env = process.env): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !(secrets as readonly string[]).includes(name)));
}

/** The folder of a person's files that need not outlive their sign-in (XDG Base Directory Specification). */
export function runtimeFolder(env: Env = process.env): string | undefined {
  const folder = env["XDG_RUNTIME_DIR"];
  return folder !== undefined && isAbsolute(folder) ? folder : undefined;
}

/** The socket of the person's own agent. */
export function ownAgentSocket(env: Env = process.env): string | undefined {
  const socket = env["SSH_AUTH_SOCK"];
  return socket === "" ? undefined : socket;
}

/** Whether there is a screen that X11 could be forwarded to. */
export const hasDisplay = (env: Env = process.env): boolean => (env["DISPLAY"] ?? "") !== "";
