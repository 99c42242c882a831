/** The CA's own keys: how they are made, protected and opened; ssh-keygen is the judge. */
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execa } from "execa";
import { readPublicKeyFile } from "../../src/ssh/key-file.js";
import { silent } from "../../src/ground/progress.js";
import { createCa } from "../../src/offline-ca/create.js";
import { caPrivateKey } from "../../src/offline-ca/layout.js";
import { openCa, openPrivateKey } from "../../src/offline-ca/open.js";
import { publicKeyBehind } from "../../src/offline-ca/keygen.js";
import { readPassphraseFile } from "../../src/offline-ca/passphrase.js";
import { readPrivateKey } from "../../src/offline-ca/private-key.js";
import { keyTypes, openRoom, passphrase, type Room } from "./offline-ca-support.js";

let room: Room;
beforeAll(async () => {
  room = await openRoom();
  await room.reset();
}, 180_000);
afterAll(() => room[Symbol.asyncDispose]());

const modes = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8);
const kinds = ["host", "user"] as const;

test("the folder has the layout, and nobody else can look into it", async () => {
  const names = (await readdir(room.ca(), { recursive: true })).sort();
  expect(names).toEqual(
    [
      ...["ca.json", "issued.jsonl", "serial"],
      ...kinds.flatMap((kind) => [
        ...[kind, `${kind}/certs`, `${kind}/private`, `${kind}/public`],
        ...keyTypes.flatMap((type) => [`${kind}/private/lab_${kind}_${type}_key`, `${kind}/public/lab_${kind}_${type}_key.pub`]),
      ]),
    ].sort(),
  );
  for (const name of [".", ...kinds.flatMap((kind) => [kind, `${kind}/certs`, `${kind}/private`, `${kind}/public`])]) {
    expect(`${name} ${await modes(room.ca(name))}`).toBe(`${name} 700`);
  }
});

jest.setTimeout(180_000);

test.each(kinds.flatMap((kind) => keyTypes.map((type) => [kind, type] as const)))(
  "the %s CA's %s key has mode 0400",
  async (kind, type) => {
    expect(await modes(caPrivateKey(room.ca(), "lab", kind, type))).toBe("400");
  },
);

describe.each(keyTypes.map((type) => ({ kind: "host" as const, type })))("the $kind CA's $type key", ({ kind, type }) => {
  const file = () => caPrivateKey(room.ca(), "lab", kind, type);

  test("has the usual size, and opens with the passphrase alone", async () => {
    const publicKey = await readPublicKeyFile(room.ca(kind, "public", `lab_${kind}_${type}_key.pub`));
    expect(publicKey).toMatchObject({ bits: { ecdsa: 521, ed25519: 256, rsa: 4096 }[type], comment: `lab ssh ca ${kind} key` });
    expect((await publicKeyBehind(file(), passphrase)).fingerprint).toBe(publicKey.fingerprint);
    const open = await execa("ssh-keygen", ["-y", "-P", "", "-f", file()], { reject: false });
    expect(open.stderr).toContain("incorrect passphrase");
    await expect(publicKeyBehind(file(), `${passphrase}!`)).rejects.toMatchObject({ code: "OFFLINE_CA_PASSPHRASE_WRONG" });
  });

  test("is decrypted in memory to what ssh-keygen reads without a passphrase", async () => {
    const key = await openPrivateKey(await openCa(room.ca()), kind, type);
    await expect(key.decrypt("another passphrase")).rejects.toMatchObject({ code: "OFFLINE_CA_PASSPHRASE_WRONG" });
    const plain = room.path(`plain-${kind}-${type}`);
    await writeFile(plain, await key.decrypt(passphrase), { mode: 0o600 });
    const { stdout } = await execa("ssh-keygen", ["-y", "-P", "", "-f", plain]);
    expect(`${stdout}\n`).toBe(await readFile(room.ca(kind, "public", `lab_${kind}_${type}_key.pub`), "utf8"));
  });
});

test.each([
  ["text", "not a key", "it is not a private key in OpenSSH's own form"],
  [
    "PEM",
    "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n",
    "it is not a private key in OpenSSH's own form",
  ],
  [
    "another version",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
    "it is not of version openssh-key-v1",
  ],
  [
    "half",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n",
    "the cipher is cut off",
  ],
])("a private key's file with %s in it is refused", (_what, text, reason) => {
  expect(() => readPrivateKey(text, "file")).toThrow(
    expect.objectContaining({ code: "KEY_FILE_UNREADABLE", message: `the key file file cannot be read: ${reason}` }),
  );
});

test.each([
  [
    "open to the group",
    async (file: string) => chmod(file, 0o640),
    "OFFLINE_CA_PASSPHRASE_FILE",
    "others can read it (mode 0640)",
  ],
  ["open to all", async (file: string) => chmod(file, 0o604), "OFFLINE_CA_PASSPHRASE_FILE", "others can read it (mode 0604)"],
  ["missing", async (file: string) => rm(file), "OFFLINE_CA_PASSPHRASE_FILE", "there is no such file"],
  ["large", async (file: string) => writeFile(file, "x".repeat(5000)), "OFFLINE_CA_PASSPHRASE_FILE", "too large"],
  ["empty", async (file: string) => writeFile(file, "\n"), "OFFLINE_CA_PASSPHRASE_UNFIT", "it is empty"],
  ["two lines", async (file: string) => writeFile(file, "one\ntwo\n"), "OFFLINE_CA_PASSPHRASE_UNFIT", "more than one line"],
  [
    "in Latin-1",
    async (file: string) => writeFile(file, "\u00fcber alle Ma\u00dfen\n", "latin1"),
    "OFFLINE_CA_PASSPHRASE_UNFIT",
    "it is not UTF-8",
  ],
  [
    "cut in a letter",
    async (file: string) => writeFile(file, Buffer.from("\u00fc".repeat(9)).subarray(1)),
    "OFFLINE_CA_PASSPHRASE_UNFIT",
    "it is not UTF-8",
  ],
  [
    "very long",
    async (file: string) => writeFile(file, "x".repeat(1001)),
    "OFFLINE_CA_PASSPHRASE_UNFIT",
    "longer than 1000 bytes",
  ],
])("a passphrase file that is %s is refused", async (_what, spoil, code, words) => {
  const file = room.path("spoilt");
  await writeFile(file, `${passphrase}\n`, { mode: 0o600 });
  await spoil(file);
  await expect(readPassphraseFile(file)).rejects.toMatchObject({ code, message: expect.stringContaining(words) as unknown });
  await rm(file, { force: true });
});

test.each([
  ["letters of other tongues", "\u00fcber Stra\u00dfen \u4e2d\u6587 \ud83d\udd11"],
  ["a byte order mark", "\ufeffopen sesame"],
  ["blanks at both ends, and quotes", '  it\'s "open" \\ $HOME  '],
])("a passphrase of %s is the same to ssh-keygen, typed or in a file", async (_what, word) => {
  const key = room.path("ca/foreign");
  await execa("ssh-keygen", ["-q", "-t", "ed25519", "-a", "1", "-N", word, "-f", key]);
  await writeFile(room.path("ca/word"), `${word}\n`, { mode: 0o600 });
  const read = await readPassphraseFile(room.path("ca/word"));
  const publicKey = await readPublicKeyFile(`${key}.pub`);
  expect((await publicKeyBehind(key, read)).fingerprint).toBe(publicKey.fingerprint);
  expect(await readPrivateKey(await readFile(key, "utf8"), key).decrypt(read)).toContain("BEGIN OPENSSH PRIVATE KEY");
  await expect(publicKeyBehind(key, word.trim().normalize("NFD"))).rejects.toMatchObject({ code: "OFFLINE_CA_PASSPHRASE_WRONG" });
  await rm(key);
});

test.each([
  ["empty", "", "it is empty"],
  ["short", "nine char", "it has fewer than ten characters"],
  ["of two lines", "open sesame\nlittle seed", "more than one line"],
  ["typed in another encoding than UTF-8", "\ufffdber alle Ma\ufffden", "it is not UTF-8"],
])("no CA is made with a passphrase that is %s", async (_what, word, problem) => {
  await using folder = await temporary();
  const asked = { dir: join(folder.path, "ca/SSH"), name: "lab", domain: "lab.test", passphrase: word };
  await expect(createCa(asked, silent)).rejects.toMatchObject({
    code: "OFFLINE_CA_PASSPHRASE_UNFIT",
    message: expect.stringContaining(problem) as unknown,
  });
  expect(await readdir(folder.path)).toEqual([]);
});

test("where ssh-keygen cannot ask for the passphrase, no unprotected CA is left", async () => {
  await using folder = await temporary();
  const keygen = join(folder.path, "ssh-keygen");
  await writeFile(keygen, `#!/bin/sh\nSSH_ASKPASS=/nonexistent exec ${await whichKeygen()} "$@"\n`, { mode: 0o755 });
  const { stderr, exit } = await room.run("init --domain lab.test --dir other/SSH {pass}", {
    PATH: `${folder.path}:${process.env["PATH"] ?? ""}`,
  });
  expect(stderr).toMatch(/\[(OFFLINE_CA_KEY_UNPROTECTED|FILE_NOT_WRITTEN)\]/);
  expect(exit).toBe(1);
  expect(await readdir(room.path("other"))).toEqual([]);
});

async function whichKeygen(): Promise<string> {
  return (await execa("sh", ["-c", "command -v ssh-keygen"])).stdout;
}

async function temporary() {
  const path = await mkdtemp(join(tmpdir(), "ssh-trust-offline-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
