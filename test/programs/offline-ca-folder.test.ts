/** What the offline CA leaves on the disk: modes, drafts of the dead, full disks, and names that a terminal or shell would obey. */
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { execa } from "execa";
import { silent } from "../../src/ground/progress.js";
import { createCa } from "../../src/offline-ca/create.js";
import { removeDeadDrafts } from "../../src/offline-ca/draft.js";
import { orderHost, type KeySource } from "../../src/offline-ca/issue-host.js";
import { readLog } from "../../src/offline-ca/issue-log.js";
import { lock } from "../../src/ground/lock.js";
import { openCa } from "../../src/offline-ca/open.js";
import { vaultKey } from "../../src/offline-ca/vault-key.js";
import { keygenIn, openRoom, passphrase, quickKeygen, type Room } from "./offline-ca-support.js";

jest.setTimeout(240_000);
let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room[Symbol.asyncDispose]());
beforeEach(() => room.reset());

const keygen = (script: string) => keygenIn(room.path("bin"), script);
const quick = () => keygen(quickKeygen);

describe.each([0o000, 0o077])("with the umask %o", (mask) => {
  const { PATH } = process.env;
  let before = 0;
  beforeEach(async () => {
    Object.assign(process.env, await quick());
    before = process.umask(mask);
  });
  afterEach(() => {
    process.umask(before);
    Object.assign(process.env, { PATH });
  });

  test("every folder and file has its own mode", async () => {
    const top = room.path("ca/open");
    const ca = await createCa({ dir: join(top, "deep/SSH"), name: "lab", domain: "lab.test", passphrase }, silent);
    const sign = async (name: string, keys: KeySource, renew = false) =>
      (await orderHost(ca, { name, keys, renew, validity: {} }, silent)).sign(passphrase);
    await sign("web", { folder: room.path("incoming") });
    await sign("web", {}, true);
    await sign("image", { appliance: true });
    const names = [".", ...(await readdir(top, { recursive: true }))];
    const modes = new Map<string, Set<string>>();
    for (const name of names) {
      const stats = await lstat(join(top, name));
      const what = stats.isDirectory()
        ? "folder"
        : name.endsWith(".pub")
          ? "public"
          : name.includes("/private/")
            ? "the CA's private"
            : "private";
      modes.set(what, (modes.get(what) ?? new Set()).add((stats.mode & 0o7777).toString(8)));
    }
    expect(Object.fromEntries(modes)).toEqual({
      folder: new Set(["700"]),
      public: new Set(["644"]),
      "the CA's private": new Set(["400"]),
      private: new Set(["600"]),
    });
  });
});

describe("a CA that is being made", () => {
  /** An ssh-keygen that ends who called it when it has made a key. */
  const deadly = (signal: string) => keygen(`$real "$@" || exit; case "$*" in *" -t "*) kill -${signal} $PPID;; esac`);

  test("is gone when its making is interrupted", async () => {
    const { exit, stderr } = await room.run("init --domain lab.test --dir new/SSH {pass}", await deadly("INT"));
    expect(stderr).toContain("interrupted");
    expect(exit).toBe(130);
    expect(await readdir(room.path("new"))).toEqual([]);
    await rm(room.path("new"), { recursive: true });
  });

  test("is gone where it cannot be locked", async () => {
    await mkdir(room.path("ca/without"));
    for (const name of ["sh", "ssh-keygen"]) {
      const { stdout: program } = await execa("sh", ["-c", `command -v ${name}`]);
      await symlink(program, room.path("ca/without", name));
    }
    const { stderr } = await room.run("init --domain lab.test --dir new/SSH {pass}", { PATH: room.path("ca/without") });
    expect(stderr).toContain("[TOOL_MISSING]");
    expect(await readdir(room.path("new"))).toEqual([]);
    await rm(room.path("new"), { recursive: true });
  });

  test("is removed by the next that is made there, when its making was killed", async () => {
    const { signal } = await room.run("init --domain lab.test --dir new/SSH {pass}", await deadly("KILL"));
    expect(signal).toBe("SIGKILL");
    const [left] = await readdir(room.path("new"));
    expect(await readdir(room.path("new", left ?? "", "host/private"))).not.toEqual([]);
    expect(await room.run("init --domain lab.test --dir new/SSH {pass}", await quick())).toMatchObject({ exit: 0 });
    expect(await readdir(room.path("new"))).toEqual(["SSH"]);
    await rm(room.path("new"), { recursive: true });
  });

  test("is in nobody's way when it gets its name just now", async () => {
    const parent = await mkdtemp(join(tmpdir(), "ssh-trust-drafts-"));
    const [draft, made] = [join(parent, ".tmp-offline-ca-new"), join(parent, "SSH")];
    for (let steps = 0; steps < 100; steps += 1) {
      await mkdir(join(draft, "host"), { recursive: true });
      const release = await lock(draft, 0);
      const named = async () => {
        for (let step = 0; step < steps % 10; step += 1) await lstat(parent);
        await rename(draft, made);
      };
      try {
        await Promise.all([removeDeadDrafts(parent), named()]);
      } finally {
        await release?.();
      }
      expect(await readdir(made)).toEqual(["host"]);
      await rm(made, { recursive: true });
    }
    await rm(parent, { recursive: true });
  });

  test("is removed when it is empty, too, but not in its first minute", async () => {
    const parent = await mkdtemp(join(tmpdir(), "ssh-trust-drafts-"));
    const minuteAgo = Date.now() / 1000 - 60;
    for (const [name, time] of [
      ["old", minuteAgo - 1],
      ["young", minuteAgo + 50],
      ["to-come", minuteAgo + 3600],
    ] as const) {
      await mkdir(join(parent, `.tmp-offline-ca-${name}`));
      await utimes(join(parent, `.tmp-offline-ca-${name}`), time, time);
    }
    await removeDeadDrafts(parent);
    expect((await readdir(parent)).sort()).toEqual([".tmp-offline-ca-to-come", ".tmp-offline-ca-young"]);
    await rm(parent, { recursive: true });
  });

  test("is removed by the next signer, too", async () => {
    await mkdir(room.path("ca/.tmp-offline-ca-dead/host"), { recursive: true });
    expect(await room.run("sign-host web --from incoming {pass}")).toMatchObject({ exit: 0 });
    expect(await readdir(room.path("ca"))).toEqual(["SSH"]);
  });

  test("stays while somebody makes it, and what is no draft stays", async () => {
    const parent = await mkdtemp(join(tmpdir(), "ssh-trust-drafts-"));
    const path = (name: string) => join(parent, name);
    const staying = [".tmp-offline-ca-empty", ".tmp-offline-ca-file", ".tmp-offline-ca-link", ".tmp-other", "elsewhere"];
    for (const name of ["elsewhere", ".tmp-other", ".tmp-offline-ca-alive", ".tmp-offline-ca-dead"]) {
      await mkdir(join(path(name), "host"), { recursive: true });
    }
    await mkdir(path(".tmp-offline-ca-empty"));
    await writeFile(path(".tmp-offline-ca-file"), "");
    await symlink(path("elsewhere"), path(".tmp-offline-ca-link"));
    const release = await lock(path(".tmp-offline-ca-alive"), 0);

    await removeDeadDrafts(parent);
    expect((await readdir(parent)).sort()).toEqual([".tmp-offline-ca-alive", ...staying]);
    expect(await readdir(path("elsewhere"))).toEqual(["host"]);

    await release?.();
    await removeDeadDrafts(parent);
    expect((await readdir(parent)).sort()).toEqual(staying);
    await rm(parent, { recursive: true });
  });
});

/** No file may grow beyond so many blocks of 512 bytes, as if the disk were full; the kernel's signal is listened to, and ignored. */
const full = (blocks: number) => `ulimit -f ${String(blocks)}`;
const onFullDisk = {
  NODE_OPTIONS: "--import=data:text/javascript,process.on('SIGXFSZ',()=>undefined)",
  TSX_DISABLE_CACHE: "1",
};
const entry = (serial: number) =>
  `${JSON.stringify({
    event: "issued",
    at: "2026-01-01T00:00:00Z",
    serial: String(serial),
    kind: "host",
    name: "old",
    identity: "old_v01",
    principals: ["old", "old.lab.test"],
    keyType: "rsa",
    publicKey: "SHA256:a",
    signingCa: "SHA256:b",
    validFrom: "2026-01-01T00:00:00Z",
    validTo: "2031-01-01T00:00:00Z",
    extensions: [],
  })}\n`;

describe("on a full disk", () => {
  test("the serial file is named, and nothing is signed", async () => {
    const { stderr, exit } = await room.run("sign-host web incoming/ssh_host_ed25519_key.pub {pass}", onFullDisk, full(0));
    expect(stderr).toContain(`${room.ca("serial")} could not be written: EFBIG: `);
    expect(stderr).toContain("[FILE_NOT_WRITTEN]");
    expect(exit).toBe(1);
    expect(await readdir(room.ca("host/certs"))).toEqual([]);
    expect(await readFile(room.ca("serial"), "utf8")).toBe("0\n");
  });

  test("the log is named, it stays whole, and nobody gets a certificate that is not in it", async () => {
    const before = Array.from({ length: 60 }, (_, index) => entry(index + 1)).join("");
    await writeFile(room.ca("issued.jsonl"), before);
    await writeFile(room.ca("serial"), "60\n");
    const { stderr, exit } = await room.run("sign-host web incoming/ssh_host_ed25519_key.pub {pass}", onFullDisk, full(8));
    expect(stderr).toContain(`${room.ca("issued.jsonl")} could not be written: EFBIG: `);
    expect(exit).toBe(1);
    expect(await readFile(room.ca("issued.jsonl"), "utf8")).toBe(before);
    expect(await readdir(room.ca("host/certs"))).toEqual([]);
  });

  test("no key is sent to a Vault", async () => {
    const vault = { VAULT_ADDR: "https://127.0.0.1:1", VAULT_TOKEN: "s.secret" };
    const importing = "import-to-vault --kind host --mount host-ssh {pass}";
    const { stderr, exit } = await room.run(importing, { ...onFullDisk, ...vault }, full(0));
    expect(stderr).toContain(`${room.ca("issued.jsonl")} could not be written: EFBIG: `);
    expect(exit).toBe(1);
    // With room on the disk it goes on to Vault, and the rehearsal leaves nothing behind.
    expect((await room.run(importing, vault)).stderr).toContain("[VAULT_UNREACHABLE]");
    expect(await readFile(room.ca("issued.jsonl"), "utf8")).toBe("");
  });
});

test("a log with a byte that is not UTF-8 is refused, and not written to", async () => {
  const before = Buffer.concat([Buffer.from(entry(1).replace('"old"', '"\xff"'), "latin1"), Buffer.from("a killed writer's")]);
  await writeFile(room.ca("issued.jsonl"), before);
  await writeFile(room.ca("serial"), "1\n");
  const { stderr, exit } = await room.run("sign-host web incoming/ssh_host_ed25519_key.pub {pass}");
  expect(stderr).toContain(`line 1 of ${room.ca("issued.jsonl")} is not what was written there`);
  expect(exit).toBe(1);
  expect(await readFile(room.ca("issued.jsonl"))).toEqual(before);
});

test("what a killed writer left behind the log is cut off, whatever its bytes", async () => {
  const before = Buffer.from(entry(1).replace('"old"', '"\u00fc"'));
  await writeFile(room.ca("issued.jsonl"), Buffer.concat([before, Buffer.from([0xff, 0xff, 0xff])]));
  await writeFile(room.ca("serial"), "1\n");
  expect(await room.run("sign-host web incoming/ssh_host_ed25519_key.pub {pass}")).toMatchObject({ exit: 0 });
  const after = await readFile(room.ca("issued.jsonl"));
  expect(after.subarray(0, before.length)).toEqual(before);
  expect((await readLog(room.ca())).map((each) => (each.event === "issued" ? each.serial : ""))).toEqual(["1", "2"]);
});

test("a key that a Vault has, while the log is gone: it is said, and the next call mends it", async () => {
  const key = await vaultKey(await openCa(room.ca()), "host", "ed25519");
  const to = { address: "https://vault", mount: "host-ssh" };
  await rm(room.ca("issued.jsonl"));
  await expect(key.record(to)).rejects.toMatchObject({
    code: "OFFLINE_CA_IMPORT_NOT_LOGGED",
    message: expect.stringMatching(
      /^https:\/\/vault host-ssh has the CA's key, but .*issued\.jsonl could not be written: /,
    ) as unknown,
  });
  await writeFile(room.ca("issued.jsonl"), "");
  await key.record(to);
  await key.record(to);
  expect(await readLog(room.ca())).toMatchObject([{ event: "imported", ...to, kind: "host", keyType: "ed25519" }]);
});

describe("a folder with a blank in its name", () => {
  const dir = () => room.path("ca/my safe/SSH");
  const quoted = () => `'${dir()}'`;
  beforeEach(async () => {
    await mkdir(room.path("ca/my safe"));
    await cp(room.ca(), dir(), { recursive: true, preserveTimestamps: true });
    await chmod(dir(), 0o700);
  });

  test.each<[string, readonly string[], () => string]>([
    ["signing", ["sign-host", "web", "--from", "incoming", "{pass}"], () => `export --host web --dir ${quoted()}\n`],
    ["what lies nowhere", ["list", "--dir", "no where"], () => `--dir '${room.path("no where")}'\n`],
    ["nobody", ["export", "--host", "web"], () => `list --dir ${quoted()}\n`],
    ["no keys", ["sign-host", "web", "--from", "in coming"], () => `mkdir -p 'in coming' && scp 'web.lab.test:`],
  ])("is one word in what is to be typed next: %s", async (_what, args, words) => {
    const where = args.includes("--dir") ? [] : ["--dir", dir()];
    const { stderr } = await room.run([...args, ...where]);
    expect(`${stderr}\n`).toContain(words());
  });

  test.each<[string, () => Promise<unknown>, () => string]>([
    ["open to others", () => chmod(dir(), 0o755), () => `chmod 700 ${quoted()}\n`],
    ["a key open to others", () => chmod(join(dir(), key), 0o644), () => `chmod 600 '${join(dir(), key)}'\n`],
    ["a part missing", () => rm(join(dir(), "serial")), () => `cp -an <copy>/. ${quoted()}/\n`],
    ["a serial below one in use", () => writeFile(join(dir(), "serial"), "x"), () => `> '${join(dir(), "serial")}'\n`],
    [
      "a log that is damaged",
      () => writeFile(join(dir(), "issued.jsonl"), "x\n"),
      () => `diff <copy> '${join(dir(), "issued.jsonl")}'\n`,
    ],
  ])("is one word in how it is mended: %s", async (_what, spoil, words) => {
    await spoil();
    const { stderr } = await room.run(["sign-host", "web", "incoming/ssh_host_ed25519_key.pub", "--dir", dir(), "{pass}"]);
    expect(`${stderr}\n`).toContain(words());
  });
});
const key = "host/private/lab_host_ed25519_key";

test("a file name with a line break in it forges no line", async () => {
  const { stderr } = await room.run(["sign-host", "web", "x\nssh-trust: hint: rm -rf ~"]);
  expect(stderr).toMatch(/^ssh-trust: error: .* rm -rf ~.*\[KEY_FILE_MISSING\]\nssh-trust: hint: correct the path/);
});

describe("a file name that would move the terminal's cursor is shown, not obeyed", () => {
  const evil = "\x1b[2J\x07x\u009b1m";
  test.each<[string, readonly string[]]>([
    ["a certificate", ["verify", evil]],
    ["a certificate, in JSON", ["verify", "--format", "json", evil]],
    ["a passphrase file", ["sign-host", "web", "--from", "incoming", "--passphrase-file", evil]],
    ["a public key", ["sign-host", "web", evil]],
    ["a folder of keys", ["sign-host", "web", "--from", evil]],
    ["the CA's folder", ["list", "--dir", evil]],
    ["what lies in a new CA's folder", ["init", "--domain", "lab.test", "--dir", "odd"]],
    ["an option", ["list", "--format", evil]],
    ["a verb", [evil]],
  ])("%s", async (_what, args) => {
    await mkdir(room.path("odd"), { recursive: true });
    await writeFile(room.path("odd", evil), "");
    const { stdout, stderr, exit } = await room.run(args);
    expect(exit).not.toBe(0);
    expect(`${stdout}${stderr}`.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    expect(`${stdout}${stderr}`).toMatch(/\\033\[2J\\007x|\\u001b\[2J\\u0007x\\u009b1m/);
  });
});
