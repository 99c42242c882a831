/** What the tests of src/ssh share: a folder with real keys, and OpenSSH's own ssh-keygen to judge by. */
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { wireString } from "../../src/ssh/wire.js";

export const keygenTypes = {
  rsa: ["-t", "rsa", "-b", "2048"],
  ecdsa256: ["-t", "ecdsa", "-b", "256"],
  ecdsa384: ["-t", "ecdsa", "-b", "384"],
  ecdsa521: ["-t", "ecdsa", "-b", "521"],
  ed25519: ["-t", "ed25519"],
} as const;

export type KeyName = keyof typeof keygenTypes;
export const keyNames = Object.keys(keygenTypes) as KeyName[];

export interface Workshop {
  readonly [Symbol.asyncDispose]: () => Promise<void>;
  readonly folder: string;
  /** The private key's file. */
  readonly keyFile: (name: KeyName) => string;
  /** The content of its `.pub` file. */
  readonly publicKey: (name: KeyName) => Promise<string>;
  /** Has `ssh-keygen -s` sign a public key; answers with the content of the `-cert.pub` file. */
  readonly certify: (publicKey: string, ca: KeyName, args?: readonly string[]) => Promise<string>;
  /** What `ssh-keygen -L` prints behind the file's name, exactly; undefined where it refuses. */
  readonly list: (certificate: string) => Promise<string | undefined>;
}

/** Makes a folder with one key of each name. */
export async function openWorkshop(names: readonly KeyName[] = keyNames): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), "ssh-trust-ssh-"));
  const keyFile = (name: KeyName) => join(folder, name);
  await Promise.all(
    names.map((name) =>
      execa("ssh-keygen", ["-q", ...keygenTypes[name], "-N", "", "-C", `${name} comment`, "-f", keyFile(name)]),
    ),
  );
  return {
    folder,
    keyFile,
    publicKey: (name) => readFile(`${keyFile(name)}.pub`, "utf8"),
    certify: async (publicKey, ca, args = []) => {
      const path = join(folder, randomUUID());
      await writeFile(`${path}.pub`, publicKey);
      await execa("ssh-keygen", ["-q", "-s", keyFile(ca), "-I", "key id", ...args, `${path}.pub`]);
      return readFile(`${path}-cert.pub`, "utf8");
    },
    list: async (certificate) => {
      const result = await execa("ssh-keygen", ["-L", "-f", "-"], { input: certificate, reject: false });
      return result.failed ? undefined : result.stdout.replace(/^.*:1:\n/, "");
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A line of a `.pub` file around any bytes. */
export function keyLine(type: string, blob: Buffer, comment = "comment"): string {
  return `${type} ${blob.toString("base64")} ${comment}`;
}

/** The bytes in a line of a `.pub` file. */
export function blobOf(line: string): Buffer {
  return Buffer.from(line.split(" ")[1] ?? "", "base64");
}

/** Public keys of FIDO tokens: nobody holds such a token, but the keys are on their curves. */
export const securityKeys = {
  ed25519: keyLine(
    "sk-ssh-ed25519@openssh.com",
    Buffer.concat([wireString("sk-ssh-ed25519@openssh.com"), wireString(Buffer.alloc(32, 7)), wireString("ssh:")]),
  ),
  // the base point of P-256
  ecdsa: keyLine(
    "sk-ecdsa-sha2-nistp256@openssh.com",
    Buffer.concat([
      wireString("sk-ecdsa-sha2-nistp256@openssh.com"),
      wireString("nistp256"),
      wireString(
        Buffer.from(
          "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
          "hex",
        ),
      ),
      wireString("ssh:"),
    ]),
  ),
} as const;

/** Runs `use` and answers with what it throws, which must be an error. */
export function thrownBy(use: () => unknown): Error {
  try {
    use();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new TypeError("nothing was thrown");
}
