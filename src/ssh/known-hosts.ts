import { fail } from "../errors/catalogue.js";
import { parsePublicKey, type SshKey } from "./public-key.js";

/**
 * A line for known_hosts that trusts every host certificate which this CA signed, for hosts whose names match.
 * sshd(8), SSH_KNOWN_HOSTS FILE FORMAT.
 *
 * @param hostPatterns such as "localhost", "*.example.org", "!bastion.example.org", "[localhost]:2022"
 * @param caPublicKeyLine a plain public key as in a `.pub` file
 * @param comment instead of the key's own; "" for none
 * @returns the line without a line break: "@cert-authority localhost ssh-ed25519 AAAA… comment"
 * @throws USAGE for a pattern or a comment that would break the line; KEY_NOT_PUBLIC
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { certAuthorityLine } from "ssh-trust";
 *
 * const line = certAuthorityLine(["*.example.org"], await readFile("host_ca.pub", "utf8"), "our hosts");
 * console.log(line.replace(/AAAA\S+/, "AAAA…")); // @cert-authority *.example.org ssh-ed25519 AAAA… our hosts
 * ```
 */
export function certAuthorityLine(hostPatterns: readonly string[], caPublicKeyLine: string, comment?: string): string {
  for (const pattern of hostPatterns) checkPattern(pattern);
  if (hostPatterns.every((pattern) => pattern.startsWith("!"))) {
    throw refuse("a line of known_hosts needs a host pattern, and not only such as exclude hosts");
  }
  const key = parsePublicKey(caPublicKeyLine, "the CA's key");
  const words = ["@cert-authority", hostPatterns.join(","), key.type, key.blob.toString("base64")];
  const remark = (comment ?? key.comment).trim();
  if (/[\p{Cc}\u2028\u2029]/u.test(remark)) throw refuse("the comment holds control characters");
  return [...words, ...(remark === "" ? [] : [remark])].join(" ");
}

/**
 * A line for known_hosts that says which key a host has.
 * @param hostPatterns names and addresses, such as "web.example.org", "192.0.2.7", "[localhost]:2022"
 * @returns the line without a line break
 * @throws USAGE for a name that would break the line, or none
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { knownHostLine, parsePublicKey } from "ssh-trust";
 *
 * const key = parsePublicKey(await readFile("ssh_host_ed25519_key.pub", "utf8"));
 * console.log(knownHostLine(["web-1.example.org"], key).replace(/AAAA\S+/, "AAAA…")); // web-1.example.org ssh-ed25519 AAAA…
 * ```
 */
export function knownHostLine(hostPatterns: readonly string[], key: Pick<SshKey, "type" | "blob">): string {
  for (const pattern of hostPatterns) checkPattern(pattern);
  if (hostPatterns.length === 0) throw refuse("a line of known_hosts needs a host");
  return [hostPatterns.join(","), key.type, key.blob.toString("base64")].join(" ");
}

/** One pattern: printable ASCII, and nothing that means something else at the start of a line or between patterns. */
function checkPattern(pattern: string): void {
  const bare = pattern.replace(/^!/, "");
  if (bare === "") throw refuse("a host pattern is empty");
  if (!/^[\x21-\x7e]+$/.test(bare)) throw refuse(`the host pattern ${JSON.stringify(pattern)} holds more than printable ASCII`);
  if (bare.includes(",")) throw refuse(`the host pattern "${pattern}" holds a comma: give several patterns one by one`);
  if (/^[-#@|!]/.test(bare)) throw refuse(`the host pattern "${pattern}" begins with "${bare.charAt(0)}"`);
}

function refuse(what: string) {
  return fail("USAGE", { what, help: "man 8 sshd, SSH_KNOWN_HOSTS FILE FORMAT" });
}
