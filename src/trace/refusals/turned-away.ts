/**
 * Phase 1: an sshd that says a line in the place of its version, and closes (sshd.c, drop_connection). OpenSSH 8.4 and 9.2 say
 * "Exceeded MaxStartups". 10.0 and 10.6 say "Not allowed at this time", for MaxStartups as well as for a penalty of
 * PerSourcePenalties (sshd_config(5), since 9.8): only their log tells the two apart.
 */
import type { Advice } from "../../errors/hint.js";
import { at, type Ending, type Rule } from "./ending.js";

const says = ({ greeted, linesBeforeVersion }: Ending, line: string) =>
  !greeted && linesBeforeVersion.some((each) => each.trim() === line);

const seeLog: Advice = {
  say: "if it goes on, see the host's log; on the host",
  run: "journalctl -u ssh --grep 'drop connection'",
};

export const turnedAway: readonly Rule[] = [
  [
    "host-busy",
    "setup",
    (e) =>
      says(e, "Exceeded MaxStartups")
        ? [
            `the host is busy: too many logins have begun and not ended at ${at(e)} (MaxStartups)`,
            [{ say: "wait some seconds, then run the same command again" }, seeLog],
          ]
        : undefined,
  ],
  [
    "refused-for-now",
    "setup",
    (e) =>
      says(e, "Not allowed at this time")
        ? [
            `what answers at ${at(e)} accepts no login from this address for now: ` +
              "a penalty after failed logins from here (PerSourcePenalties), or too many at once (MaxStartups)",
            [
              {
                say: "wait, then run the same command again: a penalty ends within ten minutes where the host keeps to the default",
              },
              { say: "before that, correct the key or the account: the next failed login brings the next penalty" },
              seeLog,
            ],
          ]
        : undefined,
  ],
];
