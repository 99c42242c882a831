/** What can happen in every phase. */
import { verb, type Advice } from "../../errors/hint.js";
import { at, complaint, lower, type Ending, type Rule } from "./ending.js";

const seeLog: Advice = { say: "the host's log says why; on the host", run: "journalctl -u ssh" };

/** sshd closes at once, and its line about it (turned-away.ts) may be lost on the way. */
const turnedAwaySilently: readonly Advice[] = [
  { say: "wait some minutes and try again: a busy sshd (MaxStartups) closes too, and one that penalises (PerSourcePenalties)" },
];

export const anywhere: readonly Rule[] = [
  [
    "stopped",
    "any",
    (e) =>
      e.stoppedAfter === undefined
        ? undefined
        : [
            `nothing more happened: stopped after ${String(e.stoppedAfter)} s`,
            { say: "give it more time", run: verb("trace --timeout <seconds> <destination>") },
          ],
  ],
  [
    "timed-out",
    "any",
    (e) =>
      complaint(e, /timed out/i) && [
        `${at(e)} fell silent: timed out`,
        { say: "see whether the host is overloaded, or a firewall drops packets; the host's log says more" },
      ],
  ],
  [
    "closed",
    "any",
    (e) =>
      complaint(
        e,
        /Connection (?:closed|reset)|Received disconnect|Disconnected from|Broken pipe|kex_exchange_identification/,
      ) && [
        `the connection was closed by ${e.greeted ? "the host" : `what answers at ${at(e)}, before it said its version`}${because(e)}`,
        e.greeted ? seeLog : [...turnedAwaySilently, seeLog],
      ],
  ],
  [
    "other",
    "any",
    (e) => [
      lower(e.complaints.at(-1) ?? (e.othersLast === "" ? "ssh ended without a word" : e.othersLast)),
      { say: "see all that ssh said", run: verb("trace --raw <destination>") },
    ],
  ],
];

/** What the host gave as its reason, or what the ssh of a jump host said. */
function because(ending: Ending): string {
  const said = complaint(ending, /^Received disconnect from .*:\d+: (.*)$/s)?.[1] ?? ending.othersLast;
  return said === "" ? "" : `: ${said}`;
}
