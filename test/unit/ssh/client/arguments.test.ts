/** ssh's arguments, as ssh reads them; test/programs/ssh-arguments.test.ts holds them against the real one. */
import { describe, expect, test } from "@jest/globals";
import { readSshArguments, splitArguments, withoutOption } from "../../../../src/ssh/client/arguments.js";

const words = (line: string) => line.split(" ").filter((word) => word !== "");
const split = (line: string) => splitArguments(words(line), (long) => ["--rule", "--vault"].includes(long));

describe("ours and ssh's", () => {
  test.each([
    ["nothing", "", "", ""],
    ["a host", "web", "", "web"],
    ["an option of ours", "--rule r web", "--rule r", "web"],
    ["its value behind =", "--rule=r web", "--rule=r", "web"],
    ["one without a value", "--debug web --rule r", "--debug", "web --rule r"],
    ["between ssh's", "-p 22 --rule r -4A web", "--rule r", "-p 22 -4A web"],
    ["the value of ssh's that looks like ours", "-o --rule web", "", "-o --rule web"],
    ["the value of ssh's that is a host", "-4p 22 --rule r web", "--rule r", "-4p 22 web"],
    ["behind the host", "web --rule r", "", "web --rule r"],
    ["of the command", "web ls --color", "", "web ls --color"],
    ["behind --", "-- --rule r", "", "-- --rule r"],
    ["unknown ones are ours, and refused later", "--what web", "--what", "web"],
    ["-", "- --rule r", "", "- --rule r"],
  ])("%s", (_what, line, own, ssh) => {
    expect(split(line)).toEqual({ own: words(own), ssh: words(ssh) });
  });
});

test.each([
  ["web", ""],
  ["web ls -l", "ls -l"],
  ["web -p 22 ls -p 1", "ls -p 1"],
  ["-- web -p 22", "-p 22"],
  ["-t web -- ls", "ls"],
  ["-V", ""],
])("the command of %j", (line, command) => {
  const args = words(line);
  expect(args.slice(readSshArguments(args).command)).toEqual(words(command));
});

describe("ssh's own", () => {
  const read = (line: string) => {
    const args = words(line);
    const { options, destination } = readSshArguments(args);
    return [options.map(({ letter, value }) => `${letter}${value === "" ? "" : `=${value}`}`).join(" "), args[destination ?? -1]];
  };
  test.each([
    ["-V", "V", undefined],
    ["-p 22", "p=22", undefined],
    ["-p", "p", undefined],
    ["web", "", "web"],
    ["-4p22 -luser web", "4 p=22 l=user", "web"],
    ["-fNL 1:b:2 web", "f N L=1:b:2", "web"],
    ["web -p 22 -A uptime -V", "p=22 A", "web"],
    ["web -- -V", "", "web"],
    ["-- web -V", "", "web"],
    ["-A -- web -V", "A", "web"],
    ["-o -- web -V", "o=-- V", "web"],
  ])("%s", (line, options, destination) => {
    expect(read(line)).toEqual([options, destination]);
  });
});

describe("without an option", () => {
  test.each([
    ["-J a web", "web"],
    ["-Ja web", "web"],
    ["-4J a web", "-4 web"],
    ["-4Ja web", "-4 web"],
    ["web -J a -v uptime", "web -v uptime"],
    ["web uptime -J a", "web uptime -J a"],
    ["-o J web", "-o J web"],
    ["-J a -vJ b -A web", "-v -A web"],
  ])("J: %s", (line, left) => {
    expect(withoutOption(words(line), "J")).toEqual(words(left));
  });
  test.each([
    ["-A web", "web"],
    ["-AXAp 22 web -A", "-Xp 22 web"],
    ["-lA web", "-lA web"],
  ])("A: %s", (line, left) => {
    expect(withoutOption(words(line), "A")).toEqual(words(left));
  });
});
