/** Phase 1: no way to the host, nobody there, no common language. */
import { verb, type Hint } from "../../errors/hint.js";
import { shellWord } from "../../ground/shell-word.js";
import { at, complaint, lower, type Ending, type Rule } from "./ending.js";
import { turnedAway } from "./turned-away.js";

const traceOtherPort = verb("trace -p <port> <destination>");

/** ssh's words for a kind of algorithm, and the option that lists those that may be used: ssh_config(5). */
const optionOf: Readonly<Record<string, string>> = {
  "host key type": "HostKeyAlgorithms",
  "key exchange method": "KexAlgorithms",
  cipher: "Ciphers",
  MAC: "MACs",
};

/** ssh supports more than it uses by default, and an option may have narrowed that further. */
function allowOrUpgrade(kind: string): Hint {
  const option = optionOf[kind];
  const upgrade = "upgrade the older side";
  if (option === undefined) return [{ say: upgrade }];
  return [
    { say: `see what this client supports; ${option} may exclude some of it`, run: `ssh -Q ${option}` },
    { say: "if the server offers one of those, allow it", run: verb(`trace -o ${option}=+<algorithm> <destination>`) },
    { say: `otherwise ${upgrade}` },
  ];
}

/** ssh's last words are of the host's last address only, which may be one that this machine cannot reach at all. */
function nobodyListens(e: Ending): boolean {
  const [, last = ""] = complaint(e, /connect to host .* port \S+: (.*)$/s) ?? [];
  if (last === "Connection refused") return true;
  const outOfReach = last === "Cannot assign requested address" || last === "Network is unreachable";
  return outOfReach && e.notConnected.includes("Connection refused");
}

export const inSetup: readonly Rule[] = [
  [
    "settings",
    "setup",
    (e) => {
      const found = e.host === "" && complaint(e, /line \d+: .|^Can't open user config/);
      return found
        ? [`ssh does not take its settings: ${found.input}`, { say: "correct them", run: "man ssh_config" }]
        : undefined;
    },
  ],
  ...turnedAway,
  [
    "way-failed",
    "setup",
    (e) =>
      e.proxied && !e.greeted && e.othersLast !== ""
        ? [`the way there failed: ${e.othersLast}`, { say: "trace the way there by itself", run: verb("trace <jump host>") }]
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
          { say: "correct the name, or look it up", run: `getent hosts ${shellWord(found[1] ?? "")}` },
        ]
      );
    },
  ],
  [
    "nobody-listens",
    "setup",
    (e) =>
      nobodyListens(e)
        ? [`nobody listens at ${at(e)}: connection refused`, { say: "start sshd there, or name its port", run: traceOtherPort }]
        : undefined,
  ],
  [
    "unreachable",
    "setup",
    (e) => {
      const found = complaint(e, /connect to host .* port \S+: (.*)$/s);
      return (
        found && [
          `no connection to ${at(e)}: ${lower(found[1] ?? "")}`,
          { say: "check that the host can be reached", run: `ping ${shellWord(e.host)}` },
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
            { say: "name the port of its sshd", run: traceOtherPort },
          ]
        : undefined,
  ],
  [
    "old-protocol",
    "setup",
    (e) =>
      complaint(e, /Protocol major versions differ/) && [
        `${at(e)} speaks another version of the protocol than SSH 2`,
        { say: "upgrade its SSH server; version 1 has been broken since 1998" },
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
          allowOrUpgrade(found[1] ?? ""),
        ]
      );
    },
  ],
];
