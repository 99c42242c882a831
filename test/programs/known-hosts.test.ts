import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { isFailure } from "../../src/errors/catalogue.js";
import { certAuthorityLine } from "../../src/ssh/known-hosts.js";
import { keyNames, openWorkshop, securityKeys, thrownBy, type Workshop } from "./support.js";

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop();
});
afterAll(() => shop[Symbol.asyncDispose]());

/** Whether ssh-keygen finds a CA for the host in a known_hosts of this line. */
async function isFound(line: string, host: string): Promise<boolean> {
  const file = join(shop.folder, "known_hosts");
  await writeFile(file, `${line}\n`);
  const { stdout } = await execa("ssh-keygen", ["-F", host, "-f", file], { reject: false });
  return stdout.includes("CA");
}

describe("a @cert-authority line", () => {
  test.each(keyNames)("for a CA of type %s", async (name) => {
    const key = await shop.publicKey(name);
    const line = certAuthorityLine(["localhost"], key);
    expect(line).toBe(`@cert-authority localhost ${key.trim()}`);
    expect(await isFound(line, "localhost")).toBe(true);
    expect(await isFound(line, "elsewhere")).toBe(false);
  });

  test.each([
    [["localhost"], "[localhost]:2022", false],
    [["[localhost]:2022"], "[localhost]:2022", true],
    [["*.example.org", "!bastion.example.org"], "web.example.org", true],
    [["*.example.org", "!bastion.example.org"], "bastion.example.org", false],
    [["::1", "10.0.0.?"], "10.0.0.7", true],
  ])("for %j: of %s it says %s", async (patterns, host, found) => {
    expect(await isFound(certAuthorityLine(patterns, await shop.publicKey("ed25519")), host)).toBe(found);
  });

  test.each([
    ["the key's own comment", undefined, " ed25519 comment"],
    ["another comment", "the lab's host CA", " the lab's host CA"],
    ["no comment", "", ""],
    ["a blank comment", "  ", ""],
  ])("with %s", async (_what, comment, end) => {
    const [type = "", base64 = ""] = (await shop.publicKey("ed25519")).split(" ");
    const line = certAuthorityLine(["h"], await shop.publicKey("ed25519"), comment);
    expect(line).toBe(`@cert-authority h ${type} ${base64}${end}`);
  });
});

describe("refused in a @cert-authority line", () => {
  test.each([
    ["no pattern", [], "needs a host pattern"],
    ["only patterns that exclude", ["!a"], "needs a host pattern"],
    ["an empty pattern", ["a", ""], "is empty"],
    ["an empty pattern that excludes", ["a", "!"], "is empty"],
    ["a blank", ["a b"], "more than printable ASCII"],
    ["a line break", ["a\n@cert-authority *"], "more than printable ASCII"],
    ["a tab", ["a\tb"], "more than printable ASCII"],
    ["an escape", ["\u001b[2J"], "more than printable ASCII"],
    ["a letter beyond ASCII", ["bücher.example"], "more than printable ASCII"],
    ["two patterns in one", ["a,b"], "holds a comma"],
    ["an option", ["-a"], 'begins with "-"'],
    ["a comment", ["#a"], 'begins with "#"'],
    ["a marker", ["@revoked"], 'begins with "@"'],
    ["a hash", ["|1|abc|def"], 'begins with "|"'],
    ["two exclamation marks", ["a", "!!b"], 'begins with "!"'],
    ["a hidden hash", ["a", "!|1|abc"], 'begins with "|"'],
  ])("%s", (_what, patterns, words) => {
    const error = thrownBy(() => certAuthorityLine(patterns, securityKeys.ed25519));
    expect(isFailure(error, "USAGE")).toBe(true);
    expect(error.message).toContain(words);
  });

  test.each(["a\nb", "a\rb", "a\0b", "a\u2028b"])("the comment %j", (comment) => {
    expect(() => certAuthorityLine(["h"], securityKeys.ed25519, comment)).toThrow("the comment holds control characters");
  });

  test("a certificate as the CA's key", async () => {
    const certificate = await shop.certify(await shop.publicKey("ed25519"), "ed25519");
    const error = thrownBy(() => certAuthorityLine(["h"], certificate));
    expect(isFailure(error, "KEY_NOT_PUBLIC")).toBe(true);
    expect(error.message).toBe("the CA's key is not an SSH public key: it is a certificate, not the plain key");
  });

  test("a private key as the CA's key", () => {
    expect(() => certAuthorityLine(["h"], "-----BEGIN OPENSSH PRIVATE KEY-----\nx")).toThrow("it is a private key");
  });
});
