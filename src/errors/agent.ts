/** Errors of the agent that makes a certificate for each login. */
import type { Entry, Fields } from "./entry.js";

export const agentErrors = {
  AGENT_NO_PLACE: {
    message: (p: Fields<"reason">) => `there is no folder for the agent's socket: ${p.reason}`,
    hint: () => ({
      say: "set XDG_RUNTIME_DIR to a folder of your own with a short path, which nobody else may enter",
      run: "export XDG_RUNTIME_DIR=/run/user/$(id -u)",
    }),
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
