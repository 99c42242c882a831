/** What is said of a log that is not ssh's alone, or not whole: it is not read, whatever is in it. */
import { verb } from "../../errors/hint.js";
import type { Rule } from "./ending.js";

const traceRaw = verb("trace --raw <destination>");

export const notBelieved: readonly Rule[] = [
  [
    "forged",
    "any",
    (e) =>
      e.contradiction === undefined
        ? undefined
        : [
            `ssh's log contradicts itself (${e.contradiction}): the host writes lines of its own into it, so nothing in it counts`,
            [{ say: "do not log in: no honest host imitates ssh" }, { say: "see what it wrote", run: traceRaw }],
          ],
  ],
  [
    "flooded",
    "any",
    (e) =>
      e.flooded
        ? [
            "ssh's log has no end: the login, if there was one, is in a part of it that was not kept",
            { say: "see how it begins", run: traceRaw },
          ]
        : undefined,
  ],
];
