import { fileFormOf } from "./key-forms.js";
import { certificateTypes, keyTypes } from "./key-types.js";
import { WireReader, type Refuse } from "./wire.js";

/** One line of a `.pub` file: the type, the blob in base64, a comment. */
export interface KeyLine {
  readonly type: string;
  readonly blob: Buffer;
  /** Everything behind the blob; "" where there is nothing. */
  readonly comment: string;
}

/**
 * Takes the one line apart (sshd(8), AUTHORIZED_KEYS FILE FORMAT, without options) and checks what is the same for keys and
 * certificates: the base64, and that the type inside the blob is the one in front of it. Blank space around the line is ignored.
 */
export function splitKeyLine(text: string, refuse: Refuse): KeyLine {
  const line = text.trim();
  const foreign = fileFormOf(line);
  if (foreign !== undefined) throw refuse(foreign.what, foreign.form);
  const lines = line.split(/\r\n|\r|\n/);
  if (lines.length > 1) throw refuse(`it has ${String(lines.length)} lines, where one belongs`, "lines");
  if (/\p{Cc}/u.test(line.replaceAll("\t", " "))) throw refuse("it holds control characters");

  const [, type = "", base64 = "", comment = ""] = /^(\S+)[ \t]*(\S*)[ \t]*(.*)$/.exec(line) ?? [];
  if (!isKnown(type)) throw refusedType(type, line, refuse);
  const blob = Buffer.from(base64, "base64");
  if (blob.length === 0 || blob.toString("base64") !== base64) throw refuse("what follows the type is not base64");
  const inside = new WireReader(blob, refuse).text("type");
  if (inside !== type) throw refuse(`it says ${type}, but inside it is ${isKnown(inside) ? inside : "of another type"}`);
  return { type, blob, comment };
}

function isKnown(type: string): boolean {
  return keyTypes.has(type) || certificateTypes.has(type);
}

/**
 * The type of a whole key or certificate that OpenSSH may know and this toolkit does not, such as "ssh-mldsa44-ed25519": its blob
 * says so too. Undefined for anything else.
 */
export function unknownTypeOf(line: string): string | undefined {
  const [, type = "", base64 = ""] = /^([\x21-\x7e]{1,128})[ \t]+(\S+)/.exec(line.trim()) ?? [];
  const blob = Buffer.from(base64, "base64");
  if (isKnown(type) || blob.length <= 4 || blob.toString("base64") !== base64) return undefined;
  const length = blob.readUInt32BE();
  return length === type.length && blob.toString("latin1", 4, 4 + length) === type ? type : undefined;
}

/** Whether it begins a file of another form, whose other lines are no keys either: a private key, PEM, RFC 4716. */
export const beginsForeignForm = (line: string): boolean => line !== "" && fileFormOf(line) !== undefined;

function refusedType(type: string, line: string, refuse: Refuse): Error {
  if (type.startsWith("ssh-dss")) return refuse("it is a DSA key, which OpenSSH no longer accepts", "unusable");
  if (unknownTypeOf(line) !== undefined) return refuse(`its type is ${type}, which ssh-trust does not know`);
  if (line.split(/[ \t]+/).some(isKnown))
    return refuse("there is something in front of the key's type, as in authorized_keys or known_hosts", "prefixed");
  if (type.startsWith("#")) return refuse("it is a comment", "nothing");
  return refuse("it does not begin with a key type that OpenSSH uses");
}
