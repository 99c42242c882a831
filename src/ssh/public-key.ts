import { createHash } from "node:crypto";
import { fail } from "../errors/catalogue.js";
import { hintForForm } from "./key-forms.js";
import { splitKeyLine, unknownTypeOf } from "./key-line.js";
import { certificateTypes, keyTypes, type KeyFields, type KeyKind } from "./key-types.js";
import { printable } from "../ground/printable.js";
import { WireReader, type Refuse } from "./wire.js";

/** A public key, without the words around it. */
export interface SshKey {
  /** Its name on the wire, such as "ssh-ed25519". */
  readonly type: string;
  /** What `ssh-keygen -l` calls it. */
  readonly kind: KeyKind;
  /** The size that `ssh-keygen -l` prints: 2048, 256, … */
  readonly bits: number;
  /** "SHA256:" and base64 without padding, as OpenSSH prints it. */
  readonly fingerprint: string;
  /** The wire form (RFC 4253, section 6.6): what base64 holds in a `.pub` file. */
  readonly blob: Buffer;
}

/** A public key as a `.pub` file has it. */
export interface PublicKey extends SshKey {
  readonly comment: string;
}

/**
 * Reads one line of a `.pub` file: RSA of 1024 bits or more, ECDSA, Ed25519, and both kinds of FIDO keys.
 *
 * Private keys, certificates, DSA keys, several lines, and lines with options in front (authorized_keys) are refused.
 * @param file where the line is from, for the error
 * @throws KEY_NOT_PUBLIC; KEY_TYPE_UNKNOWN for a key of a type that it does not know, such as one that a newer OpenSSH has
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { parsePublicKey } from "ssh-trust";
 *
 * const key = parsePublicKey(await readFile("id_ed25519.pub", "utf8"));
 * console.log(key.kind, key.bits, key.comment); // ED25519 256 alice@laptop
 * console.log(key.fingerprint.startsWith("SHA256:")); // true
 * ```
 */
export function parsePublicKey(line: string, file?: string): PublicKey {
  const refuse: Refuse = (what, form = "damaged") =>
    fail("KEY_NOT_PUBLIC", { file: file ?? "the line", what, how: hintForForm(form, file) });
  const unknown = unknownTypeOf(line);
  if (unknown !== undefined && unknown !== "ssh-dss") throw fail("KEY_TYPE_UNKNOWN", { file: file ?? "the line", type: unknown });
  const { type, blob, comment } = splitKeyLine(line, refuse);
  if (certificateTypes.has(type)) throw refuse("it is a certificate, not the plain key", "certificate");
  return { ...readKeyBlob(blob, refuse), comment };
}

/** Reads a key's wire form, which must end where the key does. */
export function readKeyBlob(blob: Buffer, refuse: Refuse): SshKey {
  const { type, kind, bits } = decodeKeyBlob(blob, refuse);
  return { type, kind, bits, fingerprint: fingerprint(blob), blob };
}

type Decoded = KeyFields & Pick<SshKey, "type" | "kind">;

/** The keys of CAs come again with each certificate, and to make one ready for node:crypto takes as long as to verify a signature. */
const lately = new Map<string, Decoded>();
const mostLately = 16;

/** The same with the key's numbers, ready for node:crypto. */
export function decodeKeyBlob(blob: Buffer, refuse: Refuse): Decoded {
  const id = blob.toString("latin1");
  const decoded = lately.get(id) ?? decode(blob, refuse);
  lately.delete(id); // the one that was used last is forgotten last
  lately.set(id, decoded);
  const [oldest] = lately.keys();
  if (lately.size > mostLately && oldest !== undefined) lately.delete(oldest);
  return decoded;
}

function decode(blob: Buffer, refuse: Refuse): Decoded {
  const reader = new WireReader(blob, refuse);
  const type = reader.text("type");
  const keyType = keyTypes.get(type);
  if (certificateTypes.has(type)) throw refuse("its type is not one that OpenSSH uses for keys");
  if (keyType === undefined) throw refuse(`its type is ${printable(type)}, which ssh-trust does not know`);
  const fields = keyType.read(reader, refuse);
  reader.end("key");
  return { type, kind: keyType.kind, ...fields };
}

/** OpenSSH's fingerprint of a key's wire form: ssh-keygen(1), option -l. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/**
 * As one line of a `.pub` file, without a line break.
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { keyLine, parsePublicKey } from "ssh-trust";
 *
 * const key = parsePublicKey(await readFile("id_ed25519.pub", "utf8"));
 * console.log(keyLine({ ...key, comment: "alice" }).endsWith(" alice")); // true
 * ```
 */
export const keyLine = ({ type, blob, comment }: Pick<PublicKey, "type" | "blob" | "comment">): string =>
  `${type} ${blob.toString("base64")} ${comment}`.trim();
