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
    leaves(each).flatMap(([names, value]): Mistake[] => {
      const problem = problemOfSetting(backend, names.at(-1) ?? "", String(value));
      return problem === undefined ? [] : [{ path: ["state", backend, ...names], ofKey: true, problem }];
    }),
  );
  return [...count, ...settings];
}

type Setting = string | number | boolean;
type Settings = NonNullable<NonNullable<Draft["state"]>[string]>;

/** Settings, and the parts of those that have some. */
const leaves = (settings: Settings): (readonly [names: readonly string[], value: Setting])[] =>
  entries(settings).flatMap(([name, value]): (readonly [readonly string[], Setting])[] =>
    typeof value === "object" ? entries(value).map(([part, each]) => [[name, part], each]) : [[[name], value]],
  );
