import { describe, expect, test } from "@jest/globals";
import { sshArguments } from "../../../../src/ssh/trace/request.js";

const request = { destination: "alice@host.example.org", command: [], options: [], timeoutSeconds: 120 };

describe("refused before ssh runs", () => {
  test.each([
    ["no destination", { destination: "" }],
    ["an option for a destination", { destination: "-oProxyCommand=id" }],
    ["a dash", { destination: "-" }],
    ["a line break in the destination", { destination: "a\nb" }],
    ["an escape in the destination", { destination: "a\u001b[2J" }],
    ["a zero byte in the destination", { destination: "a\0b" }],
    ["a C1 control in the destination", { destination: "a\u009bb" }],
    ["a turn of direction in the destination", { destination: "a\u202eb" }],
    ["no time", { timeoutSeconds: 0 }],
    ["half a second", { timeoutSeconds: 0.5 }],
    ["more than a day", { timeoutSeconds: 86_401 }],
    ["no number of seconds", { timeoutSeconds: Number.NaN }],
  ])("%s", (_what, wrong) => {
    expect(() => sshArguments({ ...request, ...wrong })).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});

test("the destination stands behind the end of options, the command behind it", () => {
  expect(sshArguments({ ...request, options: ["-p", "22"] }).slice(-6)).toEqual([
    "-T",
    "-p",
    "22",
    "--",
    request.destination,
    "true",
  ]);
  expect(sshArguments({ ...request, command: ["uname", "-a"] }).slice(-4)).toEqual(["--", request.destination, "uname", "-a"]);
});

test("what a trace needs comes before the person's options: for ssh, the first value counts", () => {
  const args = sshArguments({ ...request, options: ["-o", "LogLevel=QUIET", "-o", "ControlMaster=auto"] });
  for (const [name, value] of [
    ["LogLevel", "DEBUG3"],
    ["LogVerbose", "*"],
    ["ControlMaster", "no"],
    ["ControlPath", "none"],
    ["RemoteCommand", "none"],
  ]) {
    expect(args.find((arg) => arg.startsWith(`${name ?? ""}=`))).toBe(`${name ?? ""}=${value ?? ""}`);
  }
});
