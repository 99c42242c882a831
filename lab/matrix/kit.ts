/** The keys and certificates of a run, the same for every version. They are made anew each time, and put into containers only. */
import { copyFile, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { generateKeyPair } from "../../src/ssh/key-pair.js";
import { certAuthorityLine, knownHostLine } from "../../src/ssh/known-hosts.js";
import { runOpenSsh } from "../../src/ssh/openssh.js";
import { parsePublicKey } from "../../src/ssh/public-key.js";
import { signKey } from "../../src/people/sign.js";
import { openTemporaryFolder } from "../../src/toolchain/temporary-folder.js";
import type { SshRole } from "../../src/roles.js";
import type { TarFile } from "../docker/tar.js";
import { fail } from "../errors/catalogue.js";
import type { Lab } from "../lab.js";
import { userRole } from "../roles.js";
import { hostCertificates, hostName, keyTypes, userCertificates, type OddCertificate } from "./certificates.js";
import { matrixRole } from "./role.js";

/** Where they are in a container. */
export const at = (name: string): string => `/matrix/${name}`;

/** Certificates of Vault's last for one run. */
const hour = 3600;

export async function makeKit(lab: Lab): Promise<readonly TarFile[]> {
  await using folder = await openTemporaryFolder(lab.settings.labDir);
  const path = (name: string) => join(folder.path, name);
  const publicKey = (name: string) => readFile(path(`${name}.pub`), "utf8");
  const pairs = ["host", "user"].flatMap((whose) => keyTypes.map((type) => [`${whose}_${type}`, type] as const));
  const cas = ["host_ca", "user_ca", "stranger", "another_host"].map((name) => [name, "ed25519"] as const);
  for (const [name, type] of [...pairs, ...cas]) await generateKeyPair({ path: path(name), type, comment: name });

  const files = new Map<string, string>();
  for (const [type, role] of [["host", matrixRole] as const, ["user", userRole] as const]) {
    for (const each of keyTypes) {
      const name = `${type}_${each}`;
      files.set(`${name}-cert.pub`, await signedByVault(lab, role, await publicKey(name)));
    }
  }
  const odd = { host: hostCertificates, user: userCertificates };
  for (const [type, certificates] of Object.entries(odd)) {
    for (const [index, [name, wanted]] of Object.entries<OddCertificate>(certificates).entries()) {
      const copy = path(`${type}_${name}`);
      await copyFile(path(`${type}_ed25519.pub`), `${copy}.pub`);
      await certify(path(wanted.ca === "own" ? `${type}_ca` : "stranger"), wanted, index + 1, `${copy}.pub`);
    }
  }
  for (const name of await readdir(folder.path)) files.set(name, await readFile(path(name), "utf8"));

  const [ownHostCa, ownUserCa, stranger] = [await publicKey("host_ca"), await publicKey("user_ca"), await publicKey("stranger")];
  const caOf = (role: SshRole) => lab.vault.requireCaPublicKey(role.mount);
  const lines = {
    "known_hosts.vault": certAuthorityLine([hostName], await caOf(matrixRole)),
    "known_hosts.own": certAuthorityLine([hostName], ownHostCa),
    "known_hosts.changed": knownHostLine([hostName], parsePublicKey(await publicKey("another_host"))),
    "known_hosts.revoked": `@revoked * ${ownHostCa}\n${certAuthorityLine([hostName], ownHostCa)}`,
    "known_hosts.empty": "",
    "user_cas.pub": `${(await caOf(userRole)).trim()}\n${ownUserCa}`,
    "stranger_cas.pub": stranger,
    authorized_keys: `cert-authority ${ownUserCa}`,
  };
  for (const [name, text] of Object.entries(lines)) files.set(name, `${text.trim()}\n`);
  return [...files].map(([name, content]) => ({ path: at(name), content, mode: isPrivate(content) ? 0o600 : 0o644 }));
}

const isPrivate = (content: string) => content.includes("PRIVATE KEY");

async function signedByVault({ vault }: Lab, role: SshRole, publicKey: string): Promise<string> {
  const request = { publicKey: parsePublicKey(publicKey), principals: role.principals, ttl: hour };
  return `${(await signKey(vault, role, request)).line}\n`;
}

/** By this machine's ssh-keygen. */
async function certify(ca: string, wanted: OddCertificate, serial: number, publicKey: string): Promise<void> {
  const { type, principals, valid, options } = wanted;
  const args = [
    ...["-q", "-s", ca, "-I", "matrix", "-V", valid, "-z", String(serial)],
    ...(type === "host" ? ["-h"] : []),
    ...(principals.length === 0 ? [] : ["-n", principals.join(",")]),
    ...options.flatMap((option) => ["-O", option]),
    publicKey,
  ];
  const { failed, reason } = await runOpenSsh("ssh-keygen", args, 30);
  if (failed) throw fail("FILE_NOT_WRITTEN", { file: publicKey, reason });
}
