/** What Terraform 1.11 and OpenTofu 1.10 print with -json; other lines are passed over. */
import { describe, expect, test } from "@jest/globals";
import { inOneLine, readChanges, readError } from "../../../src/terraform/machine-output.js";

const version = '{"@level":"info","@message":"Terraform 1.11.4","type":"version","terraform":"1.11.4","ui":"1.2"}';
const summary = (operation: string, changes: string) =>
  `{"@level":"info","@message":"…","type":"change_summary","changes":{${changes},"operation":"${operation}"}}`;
const planned = summary("plan", '"add":9,"change":9,"import":9,"remove":9');
const applied = summary("apply", '"add":2,"change":1,"import":1,"remove":0');
const diagnostic = (severity: string, text: string) =>
  `{"@level":"error","type":"diagnostic","diagnostic":{"severity":"${severity}","summary":"${text}","detail":"because\\n of that"}}`;

describe("does not say that it was done", () => {
  test.each([
    ["nothing", ""],
    ["prose, even such as it prints without -json", "Apply complete! Resources: 2 added, 0 changed, 0 destroyed."],
    ["a plan alone", `${version}\n${planned}`],
    ["half a line", applied.slice(0, -20)],
    ["a summary of another shape", '{"type":"change_summary","changes":{"add":"two","operation":"apply"}}'],
    ["a summary in the message of another line", `{"type":"log","@message":${JSON.stringify(applied)}}`],
    ["a negative count", summary("apply", '"add":-1,"change":0,"remove":0')],
  ])("%s", (_what, output) => {
    expect(() => readChanges(output)).toThrow(expect.objectContaining({ code: "TERRAFORM_FAILED" }));
  });
});

test("the apply's own summary counts, whatever stands around it", () => {
  expect(readChanges(["warning: something", version, planned, applied, ""].join("\n"))).toEqual({
    added: 2,
    changed: 1,
    destroyed: 0,
    imported: 1,
  });
});

test("an older one that knows no imports has imported nothing", () => {
  expect(readChanges(summary("apply", '"add":0,"change":0,"remove":0')).imported).toBe(0);
});

test("the first error is the reason; a warning is none", () => {
  const output = [diagnostic("warning", "old"), diagnostic("error", "first"), diagnostic("error", "second")].join("\n");
  expect(readError(output)).toBe("first: because of that");
  expect(readError(diagnostic("warning", "old"))).toBeUndefined();
  expect(readError("Error: in prose")).toBeUndefined();
});

test("a text in a frame becomes one line that is not endless", () => {
  expect(inOneLine("╷\n│ one\n│   two\n╵")).toBe("one two");
  expect(inOneLine("x".repeat(1000))).toHaveLength(400);
});
