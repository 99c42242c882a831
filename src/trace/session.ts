/** After the handshake: the command and how it ended. RFC 4254, section 6. */
import type { Draft } from "./draft.js";
import type { Event } from "./events.js";

const stage = "session";

export function session(draft: Draft, event: Event): void {
  switch (event.kind) {
    case "remark":
      remark(draft, event.text);
      break;
    case "command":
      draft.add({ stage, kind: "command", way: "client", what: `runs: ${event.command}`, message: "SSH_MSG_CHANNEL_REQUEST" });
      break;
    case "killed":
      draft.add({
        stage,
        kind: "exit-signal",
        way: "server",
        what: "the command was ended by a signal",
        message: "SSH_MSG_CHANNEL_REQUEST",
      });
      break;
    case "exit-status":
      if (event.status < 0) break; // none came: a signal ended the command, or the connection was lost
      draft.exitStatus = event.status;
      draft.add({
        stage,
        kind: "exit-status",
        way: "server",
        what: `the command ended with exit status ${String(event.status)}`,
        message: "SSH_MSG_CHANNEL_REQUEST",
      });
      break;
    case "complaint":
      draft.add({ stage, kind: "client-error", way: "here", what: event.text, mark: "doubt" });
      break;
    default:
  }
}

/** sshd says the same of a key when it is probed and when it signs: it is shown once. */
function remark(draft: Draft, text: string): void {
  if (text === "" || draft.remarks.has(text)) return;
  draft.remarks.add(text);
  draft.add({ stage, kind: "host-remark", way: "server", what: `the host remarks: ${text}`, message: "SSH_MSG_DEBUG" });
}
