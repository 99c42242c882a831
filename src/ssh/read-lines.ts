/** Texts with one key or certificate a line, as OpenSSH's programs print them and its files hold them. */
import { isFailure, type SshTrustError } from "../errors/catalogue.js";
import { printable } from "../ground/printable.js";
import { unknownTypeOf } from "./key-line.js";

/** A line that was not read, while the others were. */
export interface LeftOut {
  /**
   * "unknown-type": a key or certificate of a type that OpenSSH knows and this toolkit does not.
   * "unreadable": anything else, such as one that is cut off.
   */
  readonly kind: "unknown-type" | "unreadable";
  /** What the line says of its type, such as "ssh-mldsa44-ed25519-cert". Safe for a terminal. */
  readonly type: string;
  /** Why, in one clause. Safe for a terminal. */
  readonly problem: string;
}

/**
 * Reads every line. Blank ones and those that begin with "#" say nothing: sshd(8), AUTHORIZED_KEYS and SSH_KNOWN_HOSTS FILE FORMAT;
 * ssh-keyscan prints such lines too. One line that cannot be read does not take the others with it.
 * @param read reads one line; what it throws is the reason why that is left out, where it is an error of the catalogue
 */
export function readLines<T>(text: string, read: (line: string) => T): { readonly read: T[]; readonly leftOut: LeftOut[] } {
  const result = { read: [] as T[], leftOut: [] as LeftOut[] };
  for (const line of linesOf(text)) {
    try {
      result.read.push(read(line));
    } catch (error) {
      if (!isFailure(error)) throw error;
      result.leftOut.push(leftOut(line, problemOf(error)));
    }
  }
  return result;
}

const linesOf = (text: string) =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));

/** Without the words about where the line is from. */
export function problemOf({ code, fields, message }: SshTrustError): string {
  const own = fields[code === "KEY_NOT_PUBLIC" ? "what" : "problem"];
  return typeof own === "string" ? own : message;
}

function leftOut(line: string, problem: string): LeftOut {
  const unknown = unknownTypeOf(line);
  if (unknown !== undefined) return { kind: "unknown-type", type: unknown, problem: "ssh-trust does not know this type" };
  return { kind: "unreadable", type: printable((/^\S+/.exec(line)?.[0] ?? "").slice(0, 128)), problem: printable(problem) };
}
