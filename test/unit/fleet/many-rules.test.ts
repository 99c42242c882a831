/** What is told of rules that are too many for one login. */
import { expect, test } from "@jest/globals";
import { describeManyRules } from "../../../src/fleet/many-rules.js";
import { ruleOf } from "./fleet-of.js";

const rules = (count: number, id = "platform-web") =>
  Array.from({ length: count }, (_, at) => ({ ...ruleOf(id), name: `${id}-${String(at)}` }));

test("as many as a host lets ssh try: nothing is told", () => {
  expect(describeManyRules({ access: [...rules(6), ...rules(6, "dba-db")] })).toEqual([]);
});

test("one more: people, hosts and the number are told, once", () => {
  const told = describeManyRules({ access: [...rules(7), ...rules(2, "dba-db")] });
  expect(told).toEqual([expect.stringMatching(/^platform has 7 rules on web: .*MaxAuthTries/)]);
});
