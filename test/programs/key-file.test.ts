import { chmod, mkdir, symlink, truncate, writeFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { checkPrivateKeyFile, readCertificateFile, readPublicKeyFile } from "../../src/ssh/key-file.js";
import { strings } from "./build-certificate.js";
import { keyLine, openWorkshop, type Workshop } from "./support.js";

let shop: Workshop;
const path = (name: string) => join(shop.folder, name);
beforeAll(async () => {
  shop = await openWorkshop(["ed25519"]);
  await mkdir(path("folder"));
  await symlink(path("nowhere"), path("dangling"));
  await symlink(shop.keyFile("ed25519"), path("link"));
  await symlink(path("circle"), path("circle"));
  await execa("mkfifo", ["-m", "600", path("pipe")]);
  await writeFile(path("huge"), "", { mode: 0o600 });
  await truncate(path("huge"), 1024 * 1024 + 1);
  await writeFile(path("empty.pub"), "");
});
afterAll(() => shop[Symbol.asyncDispose]());

const readers = [
  ["readPublicKeyFile", readPublicKeyFile],
  ["readCertificateFile", readCertificateFile],
  ["checkPrivateKeyFile", checkPrivateKeyFile],
] as const;

describe.each(readers)("%s", (_name, use) => {
  test.each([
    ["missing", "KEY_FILE_MISSING", "there is no key file"],
    ["dangling", "KEY_FILE_MISSING", "there is no key file"],
    ["ed25519/below", "KEY_FILE_MISSING", "there is no key file"],
    ["folder", "KEY_FILE_UNREADABLE", "it is a folder"],
    ["pipe", "KEY_FILE_UNREADABLE", "it is not a file"],
    ["huge", "KEY_FILE_UNREADABLE", "it is too large for a key"],
    ["circle", "KEY_FILE_UNREADABLE", "its links lead in a circle"],
    ["x".repeat(300), "KEY_FILE_UNREADABLE", "this is too long for the name of a file"],
  ])("refuses %s, and does not tell anyone to make it theirs", async (name, code, words) => {
    const message = expect.stringContaining(words) as unknown;
    const refused = { code, message, hint: [expect.not.objectContaining({ run: expect.stringContaining("chown") as unknown })] };
    await expect(use(path(name))).rejects.toMatchObject(refused);
  });

  test("refuses what it may not read", async () => {
    await writeFile(path("secret"), "", { mode: 0o000 });
    const root = process.geteuid?.() === 0; // root reads everything, so for once it is nobody, to whom the folder is closed
    const how = root ? `namei -l ${path("secret")}` : `chmod u+r ${path("secret")}`;
    if (root) process.seteuid?.(65534);
    try {
      await expect(use(path("secret"))).rejects.toMatchObject({ code: "KEY_FILE_UNREADABLE", hint: [{ run: how }] });
    } finally {
      if (root) process.seteuid?.(0);
      await rm(path("secret"), { force: true });
    }
  });
});

test("reads a public key", async () => {
  expect(await readPublicKeyFile(path("ed25519.pub"))).toMatchObject({ type: "ssh-ed25519", comment: "ed25519 comment" });
});

test("reads a certificate", async () => {
  await writeFile(path("x-cert.pub"), await shop.certify(await shop.publicKey("ed25519"), "ed25519"));
  expect(await readCertificateFile(path("x-cert.pub"))).toMatchObject({ keyId: "key id" });
});

test.each([
  ["a comment line before it", (line: string) => `# of the lab\n\n${line}`],
  ["a comment line behind it, with line ends of Windows", (line: string) => `${line.trim()}\r\n \t# old\r\n\r\n`],
  ["no line end", (line: string) => line.trim()],
])("a key's file may have %s: ssh-keygen reads the same key", async (_what, format) => {
  await writeFile(path("remarks.pub"), format(await shop.publicKey("ed25519")));
  const { stdout } = await execa("ssh-keygen", ["-l", "-f", path("remarks.pub")]);
  expect(stdout).toContain((await readPublicKeyFile(path("remarks.pub"))).fingerprint);
});

test.each([
  [
    "two keys",
    async () => `${await shop.publicKey("ed25519")}# and\n${await shop.publicKey("ed25519")}`,
    "KEY_NOT_PUBLIC",
    /2 lines/,
  ],
  ["nothing but a comment", () => Promise.resolve("# mine\n"), "KEY_NOT_PUBLIC", /it is a comment/],
  [
    "a key of a type of OpenSSH 10.6",
    () => Promise.resolve(keyLine("ssh-mldsa44-ed25519", strings("ssh-mldsa44-ed25519", "key"))),
    "KEY_TYPE_UNKNOWN",
    /is of the type ssh-mldsa44-ed25519, which ssh-trust does not support/,
  ],
  ["a DSA key", () => Promise.resolve(keyLine("ssh-dss", strings("ssh-dss", "p"))), "KEY_NOT_PUBLIC", /it is a DSA key/],
  ["a type whose key is of another", () => Promise.resolve(keyLine("ssh-new", strings("ssh-old"))), "KEY_NOT_PUBLIC", /key type/],
])("refuses %s", async (_what, content, code, message) => {
  await writeFile(path("odd.pub"), await content());
  await expect(readPublicKeyFile(path("odd.pub"))).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test.each([
  ["the private key", "ed25519", "is not an SSH public key: it is a private key"],
  ["an empty file", "empty.pub", "is not an SSH public key: it is empty"],
])("names %s that stands where a public key belongs", async (_what, name, words) => {
  await expect(readPublicKeyFile(path(name))).rejects.toMatchObject({
    code: "KEY_NOT_PUBLIC",
    message: `${path(name)} ${words}`,
  });
});

test("names the public key that stands where a certificate belongs", async () => {
  await expect(readCertificateFile(path("ed25519.pub"))).rejects.toMatchObject({
    code: "CERTIFICATE_INVALID",
    message: `${path("ed25519.pub")} is not an SSH certificate that can be read: it is a plain public key (ssh-ed25519)`,
  });
});

describe("a private key's mode", () => {
  test.each([0o600, 0o400, 0o700])("may be %o", async (mode) => {
    await chmod(path("ed25519"), mode);
    await expect(checkPrivateKeyFile(path("ed25519"))).resolves.toBeUndefined();
    await expect(checkPrivateKeyFile(path("link"))).resolves.toBeUndefined();
  });

  test.each([
    [0o640, "0640"],
    [0o604, "0604"],
    [0o644, "0644"],
    [0o620, "0620"],
    [0o601, "0601"],
    [0o4755, "4755"],
  ])("may not be %o", async (mode, shown) => {
    await chmod(path("ed25519"), mode);
    await expect(checkPrivateKeyFile(path("ed25519"))).rejects.toMatchObject({
      code: "KEY_FILE_TOO_OPEN",
      message: `others can read the private key ${path("ed25519")} (mode ${shown}); ssh would refuse it`,
      hint: [{ say: "", run: `chmod 600 ${path("ed25519")}` }],
    });
  });
});
