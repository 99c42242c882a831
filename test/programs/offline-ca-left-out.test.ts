/** Host keys that this CA does not sign do not keep the others from being signed, and are named: every way in which keys are brought. */
import { cp, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { orderHost, type KeySource } from "../../src/offline-ca/issue-host.js";
import { openCa } from "../../src/offline-ca/open.js";
import { silent } from "../../src/ground/progress.js";
import { strings } from "./build-certificate.js";
import { openRoom, passphrase, type Room } from "./offline-ca-support.js";
import { keyLine, securityKeys } from "./support.js";

let room: Room;
beforeAll(async () => {
  room = await openRoom();
}, 180_000);
afterAll(() => room[Symbol.asyncDispose]());
beforeEach(() => room.reset());

const odd = {
  ssh_host_mldsa44_ed25519_key: ["ssh-mldsa44-ed25519", keyLine("ssh-mldsa44-ed25519", strings("ssh-mldsa44-ed25519", "key"))],
  ssh_host_dsa_key: ["ssh-dss", keyLine("ssh-dss", strings("ssh-dss", "p", "q"))],
  ssh_host_ed25519_sk_key: ["sk-ssh-ed25519@openssh.com", securityKeys.ed25519],
} as const;

/** The three keys of a host, and these beside them. */
async function brought(more: Readonly<Record<string, string>>): Promise<string> {
  const folder = room.path("ca/brought");
  await cp(room.path("incoming"), folder, { recursive: true });
  for (const [name, line] of Object.entries(more)) await writeFile(join(folder, `${name}.pub`), `${line}\n`);
  return folder;
}

const order = async (keys: KeySource) =>
  orderHost(await openCa(room.ca()), { name: "web", keys, validity: {}, renew: false }, silent);

const allOdd = Object.fromEntries(Object.entries(odd).map(([name, [, line]]) => [name, line]));

describe("refused all the same", () => {
  test.each([
    [
      "nothing but a type that is never signed",
      { ssh_host_dsa_key: odd.ssh_host_dsa_key[1] },
      "KEY_NOT_PUBLIC",
      /it is a DSA key/,
    ],
    [
      "nothing but a type of 10.6",
      { ssh_host_mldsa44_ed25519_key: allOdd["ssh_host_mldsa44_ed25519_key"] ?? "" },
      "KEY_TYPE_UNKNOWN",
      /mldsa44/,
    ],
    [
      "nothing but a key on a token",
      { ssh_host_ed25519_sk_key: securityKeys.ed25519 },
      "OFFLINE_CA_KEY_REFUSED",
      /wants a touch/,
    ],
  ])("%s", async (_what, more, code, message) => {
    const folder = await brought(more);
    for (const type of ["rsa", "ecdsa", "ed25519"]) await rm(join(folder, `ssh_host_${type}_key.pub`));
    await expect(order({ folder })).rejects.toMatchObject({ code, message: expect.stringMatching(message) as unknown });
  });

  test.each([
    ["half a key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI", "KEY_NOT_PUBLIC"],
    ["a type whose key is of another", "ssh-new AAAAC3NzaC1lZDI1NTE5", "KEY_NOT_PUBLIC"],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----", "OFFLINE_CA_PRIVATE_KEY_OFFERED"],
  ])("%s among the others", async (_what, line, code) => {
    const folder = await brought({ ssh_host_new_key: line });
    await expect(order({ folder })).rejects.toMatchObject({ code });
    expect(await readdir(room.ca("host/certs"))).toEqual([]);
  });
});

describe("signed without them", () => {
  const three = ["ecdsa", "ed25519", "rsa"].map((type) => `ssh_host_${type}_key-cert.pub`);

  test.each([
    ["from a folder", (folder: string) => Promise.resolve({ folder })],
    [
      "named, as a shell names all of them",
      async (folder: string) => ({ files: (await readdir(folder)).map((name) => join(folder, name)) }),
    ],
  ])("%s", async (_what, sourceOf) => {
    const folder = await brought(allOdd);
    const { leftOut, sign } = await order(await sourceOf(folder));
    const named = Object.entries(odd).map(([name, [type]]) => ({
      file: join(folder, `${name}.pub`),
      problem: `host keys of the type ${type} are not signed`,
    }));
    expect([...leftOut].sort((a, b) => a.file.localeCompare(b.file))).toEqual(named.sort((a, b) => a.file.localeCompare(b.file)));
    const { files } = await sign(passphrase);
    expect(files.map((file) => file.replace(/.*\//, ""))).toEqual(three);
  });

  test("and the command says so, before it asks for anything", async () => {
    await brought(allOdd);
    const { exit, stdout, stderr } = await room.run("sign-host web --from ca/brought {pass}");
    expect({ exit, certificates: stdout.split("\n").length }).toEqual({ exit: 0, certificates: 3 });
    expect(stderr).toMatch(/left out: ca\/brought\/ssh_host_mldsa44_ed25519_key\.pub: .*ssh-mldsa44-ed25519 are not signed/);
  });

  test("where the name has an underscore, its certificate names it", async () => {
    const request = { name: "web_1", keys: { folder: room.path("incoming") }, validity: {}, renew: false };
    const { files } = await (await orderHost(await openCa(room.ca()), request, silent)).sign(passphrase);
    const { stdout } = await execa("ssh-keygen", ["-L", "-f", files[0] ?? ""]);
    expect(stdout).toMatch(/Key ID: "web_1_v01"[\s\S]*Principals: \n\s+web_1\n\s+web_1\.lab\.test\n/);
  });
});
