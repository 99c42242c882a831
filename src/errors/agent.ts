/** Errors of the agent that makes a certificate for each login. */
import type { Entry, Fields } from "./entry.js";
import { docsPage, verb } from "./hint.js";

export const agentErrors = {
  AGENT_NO_PLACE: {
    message: (p: Fields<"reason">) => `there is no folder for the agent's socket: ${p.reason}`,
    hint: () => ({
      say: "set XDG_RUNTIME_DIR to a folder of your own with a short path, which nobody else may enter",
      run: "export XDG_RUNTIME_DIR=/run/user/$(id -u)",
    }),
    exit: 1,
  },
  AGENT_RUNS: {
    message: (p: Fields<"pid" | "socket">) => `an agent is already running: process ${p.pid}, at ${p.socket}`,
    hint: () => [
      { say: "see what it does", run: verb("agent status") },
      { say: "to restart it, stop it first", run: verb("agent stop") },
    ],
    exit: 1,
  },
  AGENT_NOT_RUNNING: {
    message: (p: Fields<"socket">) => `the agent is not running at ${p.socket}`,
    hint: () => [{ say: "start it", run: verb("agent start") }, { say: "after config install, each sign-in starts it" }],
    exit: 1,
  },
  AGENT_SILENT: {
    message: (p: Fields<"socket">) => `the process at ${p.socket} does not answer: it is suspended, or of another version`,
    hint: () => [
      { say: "find the process, and end it with kill", run: "pgrep -u $(id -u) -af 'agent run'" },
      { say: "then start another", run: verb("agent start") },
    ],
    exit: 1,
  },
  AGENT_NOT_STARTED: {
    message: (p: Fields<"reason">) => `the agent did not start: ${p.reason}`,
    hint: () => [
      { say: "run it in the foreground to see its messages", run: verb("agent run") },
      { say: "what it needs", run: docsPage("agent.md") },
    ],
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
