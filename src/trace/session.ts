/** After the handshake: the command and how it ended. RFC 4254, section 6. */
import type { Draft } from "./draft.js";
import type { Event } from "./events.js";

const stage = "session";

export function session(draft: Draft, event: Event): void {
  switch (event.kind) {
    case "remark":
      if (!draft.entries.some(({ what }) => what.endsWith(event.text))) {
        draft.add({ stage, way: "server", what: `the host remarks: ${event.text}`, message: "SSH_MSG_DEBUG" });
      }
      break;
    case "command":
      draft.add({ stage, way: "client", what: `runs: ${event.command}`, message: "SSH_MSG_CHANNEL_REQUEST" });
      break;
    case "killed":
      draft.add({ stage, way: "server", what: "the command was ended by a signal", message: "SSH_MSG_CHANNEL_REQUEST" });
      break;
    case "exit-status":
      if (event.status < 0) break; // none came: a signal ended the command, or the connection was lost
      draft.exitStatus = event.status;
      draft.add({
        stage,
        way: "server",
        what: `the command ended with exit status ${String(event.status)}`,
        message: "SSH_MSG_CHANNEL_REQUEST",
      });
      break;
    case "complaint":
      draft.add({ stage, way: "here", what: event.text, mark: "doubt" });
      break;
    default:
  }
}
