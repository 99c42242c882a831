import { chmod, mkdir, symlink, truncate, writeFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { checkPrivateKeyFile, readCertificateFile, readPublicKeyFile } from "../../src/ssh/key-file.js";
import { openWorkshop, type Workshop } from "./support.js";

let shop: Workshop;
const path = (name: string) => join(shop.folder, name);
beforeAll(async () => {
  shop = await openWorkshop(["ed25519"]);
  await mkdir(path("folder"));
  await symlink(path("nowhere"), path("dangling"));
  await symlink(shop.keyFile("ed25519"), path("link"));
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
  ])("refuses %s", async (name, code, words) => {
    await expect(use(path(name))).rejects.toMatchObject({ code, message: expect.stringContaining(words) as unknown });
  });

  test("refuses what it may not read", async () => {
    await writeFile(path("secret"), "", { mode: 0o000 });
    const root = process.geteuid?.() === 0; // root reads everything, so for once it is nobody
    if (root) process.seteuid?.(65534);
    try {
      await expect(use(path("secret"))).rejects.toMatchObject({ code: "KEY_FILE_UNREADABLE" });
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
