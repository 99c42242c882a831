/** OpenSSH's own ssh-keygen as the judge of hashed names. */
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { execa } from "execa";
import { hashedName, saltLength } from "../../src/ssh/hashed-name.js";
import { securityKeys } from "./support.js";

let folder = "";
let file = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-hashed-"));
  file = join(folder, "known_hosts");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const write = (...written: string[]) => writeFile(file, written.map((name) => `${name} ${securityKeys.ed25519}\n`).join(""));
const hash = (name: string) => hashedName(name, randomBytes(saltLength));

test.each([
  ["the same name", "localhost", "localhost", true],
  ["the same name at the same port", "[localhost]:2022", "[localhost]:2022", true],
  ["a name that was written in capitals", "WWW.Example.org", "www.example.org", true],
  ["an address", "::1", "::1", true],
  ["the name at another port", "[localhost]:2022", "[localhost]:3022", false],
  ["the name without its port", "[localhost]:2022", "localhost", false],
  ["a name that only begins alike", "web.example.org", "web.example", false],
])("ssh-keygen -F, asked for %s", async (_what, written, asked, found) => {
  await write(hash("another.example.org"), hash(written));
  const { exitCode, stdout } = await execa("ssh-keygen", ["-F", asked, "-f", file], { reject: false });
  expect(exitCode).toBe(found ? 0 : 1);
  expect(stdout.includes(`# Host ${asked} found: line 2`)).toBe(found);
});

test.each(["localhost", "[localhost]:2022", "WWW.Example.org", "::1"])("ssh-keygen -H writes %s just so", async (name) => {
  await write(name);
  await execa("ssh-keygen", ["-q", "-H", "-f", file]);
  const [theirs = ""] = (await readFile(file, "utf8")).split(" ");
  expect(theirs).toBe(hashedName(name, Buffer.from(theirs.split("|")[2] ?? "", "base64")));
});
