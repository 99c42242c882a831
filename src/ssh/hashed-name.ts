import { createHmac } from "node:crypto";
import { fail } from "../errors/catalogue.js";

/** Bytes of a salt: as many as SHA-1 has; OpenSSH reads no other (hostfile.c, extract_salt). */
export const saltLength = 20;

/**
 * A host's name as `HashKnownHosts yes` and `ssh-keygen -H` write it: whoever reads the file does not read the name.
 * sshd(8), SSH_KNOWN_HOSTS FILE FORMAT; hostfile.c, host_hash. A hash stands for one name, so there are no patterns.
 *
 * @param name as ssh looks it up, such as "web.example.org" or "[localhost]:2022"; in lower case, as ssh has it
 * @param salt random bytes, others for each line
 * @returns "|1|", the salt, "|", HMAC-SHA1 of the name under the salt; both in base64
 * @throws USAGE for what is no single name, and for a salt of another length
 * @example
 * ```ts
 * import { randomBytes } from "node:crypto";
 * import { readFile } from "node:fs/promises";
 * import { hashedName, knownHostLine, parsePublicKey } from "ssh-trust";
 *
 * const key = parsePublicKey(await readFile("ssh_host_ed25519_key.pub", "utf8"));
 * const [, ...rest] = knownHostLine(["web-1.example.org"], key).split(" ");
 * const line = [hashedName("web-1.example.org", randomBytes(20)), ...rest].join(" ");
 * console.log(line.startsWith("|1|")); // true
 * ```
 */
export function hashedName(name: string, salt: Uint8Array): string {
  checkName(name);
  if (salt.length !== saltLength) throw refuse(`a salt has ${String(saltLength)} bytes, not ${String(salt.length)}`);
  const hash = createHmac("sha1", salt).update(name.toLowerCase()).digest("base64");
  return `|1|${Buffer.from(salt).toString("base64")}|${hash}`;
}

function checkName(name: string): void {
  if (name === "") throw refuse("a host's name is empty");
  const shown = JSON.stringify(name);
  if (!/^[\x21-\x7e]+$/.test(name)) throw refuse(`the host's name ${shown} holds more than printable ASCII`);
  if (/[*?,]/.test(name)) throw refuse(`${shown} is a pattern or several names: a hash stands for one name`);
  if (/^[-#@|!]/.test(name)) throw refuse(`the host's name ${shown} begins with "${name.charAt(0)}"`);
}

function refuse(what: string) {
  return fail("USAGE", { what, help: "man 8 sshd, SSH_KNOWN_HOSTS FILE FORMAT" });
}
