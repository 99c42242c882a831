/** What the tests of the offline CA share: one CA, made once and copied for each test, a host's keys, and the command. */
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { silent } from "../../src/ground/progress.js";
import { createCa } from "../../src/offline-ca/create.js";
import { exists } from "../../src/toolchain/cache.js";
import { sshTrustInHost } from "../support/in-host.js";
import { sshTrustFile, root } from "../support/project.js";

export const passphrase = "open sesame, little seed";
export const keyTypes = ["ecdsa", "ed25519", "rsa"] as const;

export interface Room {
  readonly [Symbol.asyncDispose]: () => Promise<void>;
  readonly folder: string;
  /** A fresh copy of the CA, in `ca/SSH`; what the last test left is removed. */
  readonly reset: () => Promise<void>;
  readonly path: (...names: string[]) => string;
  readonly ca: (...names: string[]) => string;
  /** Brings the Ed25519 key of a host to `others/`, of which nobody else has one. @returns its folder */
  readonly bring: (host: string) => Promise<string>;
  /**
   * Runs the command in the room; `{pass}` among its arguments stands for the passphrase file. It is a process of its own where
   * its environment is, or where the shell does something first.
   * @param before what the shell does first, such as "umask 0"
   */
  readonly run: (command: string | readonly string[], env?: Record<string, string>, before?: string) => Promise<Transcript>;
}

export interface Transcript {
  readonly exit: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** How it ended where it was killed. */
  readonly signal: string | undefined;
}

/** An ssh-keygen of a test's own, in front of the real one, which is `$real`. @returns the PATH that has it first */
export async function keygenIn(folder: string, script: string): Promise<{ PATH: string }> {
  const { stdout: real } = await execa("sh", ["-c", "command -v ssh-keygen"]);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "ssh-keygen"), `#!/bin/sh\nreal=${real}\n${script}\n`, { mode: 0o755 });
  return { PATH: `${folder}:${process.env["PATH"] ?? ""}` };
}

/** The real one with smaller RSA keys, and locked with fewer rounds of bcrypt: they are made in a moment. */
export const quickKeygen =
  'for arg do shift; case $arg in 4096) arg=2048 ;; 32) arg=1 ;; esac; set -- "$@" "$arg"; done; exec $real "$@"';

/**
 * The folder of a CA for lab.test, made once for all tests while the code that makes it stays the same. Its keys are locked with one round
 * of bcrypt: with as many as a CA has, most of the tests' time went into unlocking them.
 */
async function madeOnce(): Promise<string> {
  const source = join(root, "src");
  const code = createHash("sha256").update(await readFile(join(root, "test/programs/offline-ca-support.ts")));
  for (const name of (await readdir(source, { recursive: true })).sort())
    if (name.endsWith(".ts")) code.update(await readFile(join(source, name)));
  const folder = join(root, "build", `offline-ca-${code.digest("hex").slice(0, 16)}`);
  if (await exists(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}.`);
  await createCa({ dir: join(draft, "SSH"), name: "lab", domain: "lab.test", passphrase }, silent);
  for (const name of await readdir(draft, { recursive: true }))
    if (name.endsWith("_key"))
      await execa("ssh-keygen", ["-q", "-p", "-a", "1", "-P", passphrase, "-N", passphrase, "-f", join(draft, name)]);
  // Another test file may have been quicker.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true }));
  return folder;
}

/** Makes a CA for lab.test, `incoming/` with a host's three public keys, and `private/` with the private ones. */
export async function openRoom(): Promise<Room> {
  const folder = await mkdtemp(join(tmpdir(), "ssh-trust-offline-"));
  const path = (...names: string[]) => join(folder, ...names);
  await cp(await madeOnce(), path("made"), { recursive: true, preserveTimestamps: true });
  for (const name of ["incoming", "private", "bin"]) await mkdir(path(name));
  for (const type of keyTypes) {
    const name = `ssh_host_${type}_key`;
    await execa("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", "root@web", "-f", path("private", name)]);
    await cp(path("private", `${name}.pub`), path("incoming", `${name}.pub`));
  }
  await writeFile(path("passphrase"), `${passphrase}\n`, { mode: 0o600 });
  return {
    folder,
    path,
    ca: (...names) => path("ca/SSH", ...names),
    async bring(host) {
      const folder = path("others", host);
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      const file = join(folder, "ssh_host_ed25519_key");
      await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", `root@${host}`, "-f", file]);
      await rm(file);
      return folder;
    },
    async reset() {
      await rm(path("ca"), { recursive: true, force: true });
      await cp(path("made"), path("ca"), { recursive: true, preserveTimestamps: true });
    },
    async run(command, env, before) {
      const words = typeof command === "string" ? command.split(" ").filter((word) => word !== "") : command;
      const args = words.map((word) => (word === "{pass}" ? "--passphrase-file=passphrase" : word));
      if (env === undefined && before === undefined) {
        const { exit, stdout, stderr } = await sshTrustInHost(["offline-ca", ...args], { cwd: folder });
        return { exit, stdout, stderr, signal: undefined };
      }
      const { exitCode, stdout, stderr, signal } = await execa(
        "sh",
        ["-c", `${before ?? ":"}; exec "$@"`, "sh", process.execPath, sshTrustFile, "offline-ca", ...args],
        { cwd: folder, env: env ?? {}, stdin: "ignore", reject: false, timeout: 60_000 },
      );
      return { exit: exitCode, stdout, stderr, signal };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
