/** How groups and rules are called. */
import { quoted, wrong, type Mistake, type Path } from "../mistakes.js";
import { problemOfName } from "../names.js";
import type { Draft } from "../reading/shape.js";
import { repeated } from "../repeated.js";
import { items } from "./items.js";

export function mistakesOfGroups({ hosts, people, access }: Draft): readonly Mistake[] {
  const keys = { hosts, people };
  const rules = (access ?? []).flatMap((rule, index) => items(["access", index, "name"], rule?.name));
  return [
    ...Object.entries(keys).flatMap(([section, groups]) =>
      Object.keys(groups ?? {}).flatMap((name) => wrongName([section, name], name, true)),
    ),
    ...(hosts !== undefined && Object.keys(hosts).length === 0
      ? [
          {
            path: ["hosts"],
            problem: "there is no group of hosts; write one, such as web: { names: web-*.example.org, accounts: [deploy] }",
          },
        ]
      : []),
    ...rules.flatMap(({ path, value }) => wrongName(path, value, false)),
    ...repeated(rules.map(({ value }) => value)).flatMap(([place, first]) =>
      rules.slice(place, place + 1).map(({ path, value }) => {
        const problem = `${quoted(value)} is the name of two rules`;
        return { path, problem, first: { path: rules[first]?.path ?? [] } };
      }),
    ),
  ];
}

function wrongName(path: Path, name: string, ofKey: boolean): Mistake[] {
  const problem = problemOfName(name);
  return problem === undefined ? [] : [{ path, problem: wrong(name, problem), ...(ofKey ? { ofKey } : {}) }];
}
