/** Where Terraform keeps its state: one backend, and no secret. */
import { backendNames, problemOfSetting } from "../backends.js";
import { quoted, type Mistake } from "../mistakes.js";
import type { Draft } from "../reading/shape.js";
import { entries } from "./items.js";

export function mistakesOfState({ state }: Draft): readonly Mistake[] {
  if (state === undefined) return [];
  const backends = Object.keys(state);
  const [first, second] = backends;
  const count =
    first === undefined
      ? [{ path: ["state"], problem: `it names no backend; there are: ${backendNames.join(", ")}` }]
      : second === undefined
        ? []
        : [
            {
              path: ["state", second],
              ofKey: true as const,
              problem: `there is one backend, and ${quoted(first)} is named already`,
            },
          ];
  const settings = entries(state).flatMap(([backend, each]) =>
    entries(each).flatMap(([name, value]): Mistake[] => {
      const problem = problemOfSetting(backend, name, String(value));
      return problem === undefined ? [] : [{ path: ["state", backend, name], ofKey: true, problem }];
    }),
  );
  return [...count, ...settings];
}
