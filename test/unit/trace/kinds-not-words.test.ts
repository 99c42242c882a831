/** The words of an entry decide nothing: with others in their place, a trace comes to the same conclusions. */
import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { Draft, type NewEntry } from "../../../src/trace/draft.js";
import type { Trace } from "../../../src/trace/trace.js";
import { entriesOf, logNames, traced } from "./logs.js";

const shapeOf = (trace: Trace) => ({
  refusal: trace.refusal,
  exitStatus: trace.exitStatus,
  entries: entriesOf(trace).map(({ stage, kind, way, mark, lines, facts }) => ({ stage, kind, way, mark, lines, facts })),
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe.each([
  ["other words", { what: "x", message: "y" }],
  ["words of another entry", { what: "yes: the signature, right, but agreed on the same of its own", message: "version" }],
  ["no words", { what: "", message: "" }],
])("%s", (_what, words) => {
  test.each(logNames)("%s", (name) => {
    const before = shapeOf(traced(name));
    const add = Reflect.get(Draft.prototype, "add");
    jest.spyOn(Draft.prototype, "add").mockImplementation(function (this: Draft, entry: NewEntry) {
      return add.call(this, { ...entry, ...words });
    });
    const reworded = traced(name);
    expect(entriesOf(reworded)[0]?.message).toBe(words.message);
    expect(shapeOf(reworded)).toEqual(before);
  });
});
