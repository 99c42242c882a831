import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { checkPrivateKeyFile, readPublicKeyFile } from "../../src/ssh/key-file.js";
import { generateKeyPair } from "../../src/ssh/key-pair.js";

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-pair-"));
  path = join(folder, "key");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const ed25519 = (more: object = {}) => generateKeyPair({ path, type: "ed25519", comment: "alice", ...more });

/** Both files and nothing else, with their modes, and one key. */
async function expectPair(comment = "alice"): Promise<void> {
  expect((await readdir(folder)).sort()).toEqual(["key", "key.pub"]);
  expect((await stat(path)).mode & 0o7777).toBe(0o600);
  expect((await stat(`${path}.pub`)).mode & 0o7777).toBe(0o644);
  const { stdout } = await execa("ssh-keygen", ["-y", "-P", "", "-f", path]);
  expect((await readFile(`${path}.pub`, "utf8")).trim()).toBe(stdout);
  expect((await readPublicKeyFile(`${path}.pub`)).comment).toBe(comment);
}

async function program(script: string): Promise<string> {
  const file = `${folder}-keygen`;
  await writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}
afterEach(() => rm(`${folder}-keygen`, { force: true }));

describe("makes", () => {
  test.each([
    ["rsa", 2048, "RSA", 2048],
    ["rsa", undefined, "RSA", 3072],
    ["ecdsa", 384, "ECDSA", 384],
    ["ecdsa", undefined, "ECDSA", 256],
    ["ed25519", undefined, "ED25519", 256],
  ] as const)("%s of %s bits", async (type, bits, kind, size) => {
    expect(await generateKeyPair({ path, type, comment: "Zoë's key", ...(bits === undefined ? {} : { bits }) })).toBe("made");
    await expectPair("Zoë's key");
    await checkPrivateKeyFile(path);
    expect(await readPublicKeyFile(`${path}.pub`)).toMatchObject({ kind, bits: size });
  });

  test.each([0o000, 0o077, 0o777])("the same modes with umask %o", async (mask) => {
    const before = process.umask(mask);
    try {
      expect(await ed25519()).toBe("made");
    } finally {
      process.umask(before);
    }
    await expectPair();
  });

  test("one pair when asked for several times at once", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => ed25519()));
    expect(answers.filter((answer) => answer === "made")).toHaveLength(1);
    await expectPair();
  });
});

describe("overwrites nothing", () => {
  test("and keeps what is there", async () => {
    await ed25519();
    const before = await Promise.all([readFile(path, "utf8"), readFile(`${path}.pub`, "utf8")]);
    expect(await generateKeyPair({ path, type: "rsa", comment: "bob" })).toBe("kept");
    expect(await Promise.all([readFile(path, "utf8"), readFile(`${path}.pub`, "utf8")])).toEqual(before);
  });

  test("a public key without its private key, which somebody may have elsewhere", async () => {
    await writeFile(`${path}.pub`, "mine");
    await expect(ed25519()).rejects.toMatchObject({
      code: "FILE_NOT_WRITTEN",
      message: `${path} could not be written: ${path}.pub is there without it; move that away first`,
    });
    expect(await readFile(`${path}.pub`, "utf8")).toBe("mine");
    expect(await readdir(folder)).toEqual(["key.pub"]);
  });

  test("where a link leads nowhere", async () => {
    await symlink(join(folder, "elsewhere"), path);
    await expect(ed25519()).rejects.toMatchObject({ code: "KEY_FILE_MISSING" });
    expect(await readdir(folder)).toEqual(["key"]);
  });
});

describe("completes", () => {
  test("a pair whose public key is missing", async () => {
    await ed25519();
    const publicKey = await readFile(`${path}.pub`, "utf8");
    await rm(`${path}.pub`);
    expect(await ed25519()).toBe("completed");
    expect(await readFile(`${path}.pub`, "utf8")).toBe(publicKey);
    await expectPair();
  });

  test.each([
    ["others may read", () => chmod(path, 0o644), "KEY_FILE_TOO_OPEN", "others can read the private key"],
    ["is not a key", () => writeFile(path, "not a key"), "KEY_FILE_UNREADABLE", "Load key"],
    [
      "has a passphrase",
      () => execa("ssh-keygen", ["-q", "-p", "-N", "secret", "-f", path]),
      "KEY_FILE_UNREADABLE",
      "incorrect passphrase",
    ],
    ["is a folder", () => rm(path).then(() => mkdir(path)), "KEY_FILE_UNREADABLE", "it is a folder"],
  ])("no private key that %s", async (_what, spoil, code, words) => {
    await ed25519();
    await rm(`${path}.pub`);
    await spoil();
    await expect(ed25519()).rejects.toMatchObject({ code, message: expect.stringContaining(words) as unknown });
    expect(await readdir(folder)).toEqual(["key"]);
  });
});

describe("fails without a trace", () => {
  test.each([
    ["a size that RSA does not have", { type: "rsa", bits: 512 }, "FILE_NOT_WRITTEN", "Invalid RSA key length"],
    ["a size that ECDSA does not have", { type: "ecdsa", bits: 257 }, "FILE_NOT_WRITTEN", "Invalid ECDSA key length"],
    [
      "a comment of two lines",
      { comment: "alice\nssh-rsa AAAA" },
      "FILE_NOT_WRITTEN",
      "the key's comment holds control characters",
    ],
    ["no ssh-keygen", { keygen: "/nonexistent/ssh-keygen" }, "TOOL_MISSING", "/nonexistent/ssh-keygen is not installed"],
  ])("for %s", async (_what, more, code, words) => {
    await expect(ed25519(more)).rejects.toMatchObject({ code, message: expect.stringContaining(words) as unknown });
    expect(await readdir(folder)).toEqual([]);
  });

  test("where there is no folder", async () => {
    await expect(ed25519({ path: join(folder, "none", "key") })).rejects.toMatchObject({ code: "FILE_NOT_WRITTEN" });
  });

  test("when ssh-keygen fails half-way", async () => {
    const keygen = await program('for last; do :; done; echo half > "$last"; echo "disk full" >&2; exit 1');
    await expect(ed25519({ keygen })).rejects.toMatchObject({ message: `${path} could not be written: disk full` });
    expect(await readdir(folder)).toEqual([]);
  });

  test("when ssh-keygen makes no public key", async () => {
    const keygen = await program('for last; do :; done; echo half > "$last"');
    await expect(ed25519({ keygen })).rejects.toMatchObject({ code: "FILE_NOT_WRITTEN" });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("killed", () => {
  const script = fileURLToPath(new URL("make-key-pair.ts", import.meta.url));

  test.each([
    ["before ssh-keygen begins", "kill -9 $PPID"],
    ["when ssh-keygen has made both files", 'ssh-keygen "$@"; kill -9 $PPID'],
  ])("%s, it leaves nothing that counts, and the next call makes the pair", async (_when, doom) => {
    const keygen = await program(doom);
    const child = await execa(process.execPath, ["--import", "tsx", script, path, keygen], {
      cwd: dirname(script),
      reject: false,
    });
    expect(child.signal).toBe("SIGKILL");
    const left = await readdir(folder);
    expect(left.every((name) => name.startsWith(".tmp-"))).toBe(true);
    expect(await ed25519()).toBe("made");
    await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true })));
    await expectPair();
  });
});
