/** Phase 1: no way to the host, nobody there, no common language. */
import { shellWord } from "../../ground/shell-word.js";
import { at, complaint, lower, type Rule } from "./ending.js";

export const inSetup: readonly Rule[] = [
  [
    "settings",
    "setup",
    (e) => {
      const found = e.host === "" && complaint(e, /line \d+: .|^Can't open user config/);
      return found ? [`ssh does not take its settings: ${found.input}`, "correct them: man ssh_config"] : undefined;
    },
  ],
  [
    "way-failed",
    "setup",
    (e) =>
      e.proxied && !e.greeted && e.othersLast !== ""
        ? [`the way there failed: ${e.othersLast}`, "trace the way by itself: ssh-trust trace <jump host>"]
        : undefined,
  ],
  [
    "name-unknown",
    "setup",
    (e) => {
      const found = complaint(e, /Could not resolve hostname (.*): ([^:]*)$/s);
      return (
        found && [
          `the name ${found[1] ?? ""} does not resolve (${lower(found[2] ?? "")})`,
          `correct the name, or look it up: getent hosts ${shellWord(found[1] ?? "")}`,
        ]
      );
    },
  ],
  [
    "nobody-listens",
    "setup",
    (e) =>
      complaint(e, /connect to host .* port \S+: Connection refused$/s) && [
        `nobody listens at ${at(e)}: connection refused`,
        "start sshd there, or name its port: ssh-trust trace -p <port> <destination>",
      ],
  ],
  [
    "unreachable",
    "setup",
    (e) => {
      const found = complaint(e, /connect to host .* port \S+: (.*)$/s);
      return (
        found && [
          `no connection to ${at(e)}: ${lower(found[1] ?? "")}`,
          `see whether there is a way to it: ping ${shellWord(e.host)}`,
        ]
      );
    },
  ],
  [
    "not-ssh",
    "setup",
    (e) =>
      (!e.greeted && e.linesBeforeVersion.length > 0) ||
      complaint(e, /invalid characters|Bad remote protocol version|No SSH (?:version|identification)|banner line too long/)
        ? [
            `what answers at ${at(e)} does not speak SSH${e.linesBeforeVersion[0] === undefined ? "" : `: ${e.linesBeforeVersion[0]}`}`,
            "name the port of its sshd: ssh-trust trace -p <port> <destination>",
          ]
        : undefined,
  ],
  [
    "old-protocol",
    "setup",
    (e) =>
      complaint(e, /Protocol major versions differ/) && [
        `${at(e)} speaks another version of the protocol than SSH 2`,
        "upgrade its SSH server; version 1 is broken since 1998",
      ],
  ],
  [
    "no-common-algorithm",
    "setup",
    (e) => {
      const found = complaint(e, /no matching (.*) found\. Their offer: (.*)$/s);
      return (
        found && [
          `client and server have no ${found[1] ?? ""} in common; the server offers ${found[2] ?? ""}`,
          found[1] === "host key type"
            ? "see what this client takes: ssh -Q HostKeyAlgorithms; a -o HostKeyAlgorithms that is too narrow is a common reason"
            : "see what this client can do: ssh -Q kex, ssh -Q cipher, ssh -Q mac; then upgrade the older side",
        ]
      );
    },
  ],
];
