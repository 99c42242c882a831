import { describe, expect, test } from "@jest/globals";
import { checkRequest, sshArguments, type TraceRequest } from "../../../src/trace/request.js";

const request = { destination: "alice@host.example.org", command: [], options: [], timeoutSeconds: 120 };
const argumentsOf = (asked: Partial<TraceRequest>, [major, minor] = [9, 2]) =>
  sshArguments({ ...request, ...asked }, { log: "/tmp/x/log", word: "secret", version: { name: "OpenSSH", major, minor } });

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
    expect(() => {
      checkRequest({ ...request, ...wrong });
    }).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});

test("the destination stands behind the end of options, the command behind it", () => {
  expect(argumentsOf({ options: ["-p", "22"] }).slice(-6)).toEqual(["-T", "-p", "22", "--", request.destination, "true"]);
  expect(argumentsOf({ command: ["uname", "-a"] }).slice(-4)).toEqual(["--", request.destination, "uname", "-a"]);
});

test("what a trace needs comes before the person's options: for ssh, the first value counts", () => {
  const own = ["LogLevel=QUIET", "ControlMaster=auto", "SessionType=none", "ForkAfterAuthentication=yes", "LocalCommand=x"];
  const args = argumentsOf({ options: own.flatMap((option) => ["-o", option]) });
  for (const [name, value] of [
    ["LogLevel", "DEBUG3"],
    ["LogVerbose", "*"],
    ["ControlMaster", "no"],
    ["ControlPath", "none"],
    ["RemoteCommand", "none"],
    ["SessionType", "default"],
    ["ForkAfterAuthentication", "no"],
    ["PermitLocalCommand", "no"],
    ["LocalCommand", "secret"],
  ]) {
    expect(args.find((arg) => arg.startsWith(`${name ?? ""}=`))).toBe(`${name ?? ""}=${value ?? ""}`);
  }
});

test.each([
  [8, 5, false],
  [8, 6, false],
  [8, 7, true],
  [10, 0, true],
])("OpenSSH %d.%d is given only options that it has", (major, minor, has) => {
  const given = argumentsOf({}, [major, minor]).map((arg) => arg.split("=")[0]);
  for (const name of ["SessionType", "ForkAfterAuthentication"]) expect(given.includes(name)).toBe(has);
});

test("the log goes where nothing else does", () => {
  expect(argumentsOf({}).slice(0, 2)).toEqual(["-E", "/tmp/x/log"]);
});
