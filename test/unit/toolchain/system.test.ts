import { describe, expect, test } from "@jest/globals";
import { isDebian, parseOsRelease, readSystem } from "../../../src/toolchain/system.js";

describe("os-release(5)", () => {
  test("takes values bare and in either kind of quotes", () => {
    const text = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID='12'\n`;
    expect(parseOsRelease(text)).toEqual({ PRETTY_NAME: "Debian GNU/Linux 12 (bookworm)", ID: "debian", VERSION_ID: "12" });
  });

  test("passes over comments, blank lines and what is not an assignment", () => {
    expect(parseOsRelease("# ID=debian\n\nID\n id=debian\n export ID=debian\n")).toEqual({});
  });

  test("takes back what a backslash protects", () => {
    expect(parseOsRelease('NAME="a \\"b\\" \\$c"')).toEqual({ NAME: 'a "b" $c' });
  });

  test.each([
    ["Debian", "ID=debian", true],
    ["Ubuntu", "ID=ubuntu\nID_LIKE=debian", true],
    ["Mint", 'ID=linuxmint\nID_LIKE="ubuntu debian"', true],
    ["a child of Ubuntu alone", "ID=pop\nID_LIKE=ubuntu", true],
    ["Fedora", "ID=fedora", false],
    ["Rocky", 'ID="rocky"\nID_LIKE="rhel centos fedora"', false],
    ["one that only sounds like it", "ID=notdebian\nID_LIKE=debianish", false],
    ["one whose name only mentions it", 'ID=alpine\nNAME="debian"', false],
    ["an empty file", "", false],
  ])("%s takes Debian's packages: %#", (_name, text, expected) => {
    expect(isDebian(text)).toBe(expected);
  });

  test("a system without the file is not Debian", async () => {
    expect((await readSystem("/nonexistent/os-release")).debian).toBe(false);
  });
});
