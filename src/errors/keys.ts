/** Errors of people, keys, certificates and their files; of a login that was refused. */
import type { Entry, Fields } from "./entry.js";
import type { Advice, Hint } from "./hint.js";

export const keysErrors = {
  PRINCIPAL_INVALID: {
    message: (p: Fields<"principal">) => `"${p.principal}" cannot be a principal`,
    hint: () => ({ say: "a principal is one name: letters, digits and . _ @ -, no comma, no pattern" }),
    exit: 2,
  },
  TTL_INVALID: {
    message: (p: Fields<"ttl">) => `"${p.ttl}" is not a duration`,
    hint: () => ({ say: "write it as hours, minutes and seconds", run: "--ttl 1m0s" }),
    exit: 2,
  },
  KEY_FILE_MISSING: {
    message: (p: Fields<"file">) => `there is no key file ${p.file}`,
    hint: () => ({ say: "correct the path, or create one", run: "ssh-keygen -t ed25519 -f <file>" }),
    exit: 1,
  },
  KEY_FILE_UNREADABLE: {
    message: (p: Fields<"file" | "reason">) => `the key file ${p.file} cannot be read: ${p.reason}`,
    hint: (p: Readonly<{ how: Advice }>) => p.how,
    exit: 1,
  },
  KEY_FILE_TOO_OPEN: {
    message: (p: Fields<"file" | "mode">) => `others can read the private key ${p.file} (mode ${p.mode}); ssh would refuse it`,
    hint: (p: Fields<"file">) => ({ say: "", run: `chmod 600 ${p.file}` }),
    exit: 1,
  },
  KEY_NOT_PUBLIC: {
    message: (p: Fields<"file" | "what">) => `${p.file} is not an SSH public key: ${p.what}`,
    hint: (p: Readonly<{ how: Hint }>) => p.how,
    exit: 1,
  },
  KEY_TYPE_UNKNOWN: {
    message: (p: Fields<"file" | "type">) => `${p.file} is of the type ${p.type}, which ssh-trust does not support`,
    hint: () => ({
      say: "use an RSA, ECDSA or Ed25519 key, such as a new one",
      run: "ssh-keygen -t ed25519 -f <file>",
    }),
    exit: 1,
  },
  NO_CA_IN_FILE: {
    message: (p: Fields<"file" | "problem">) => `${p.file} names no CA: ${p.problem}`,
    hint: (p: Readonly<{ how: Advice }>) => p.how,
    exit: 1,
  },
  CERTIFICATE_INVALID: {
    message: (p: Fields<"what" | "problem">) => `${p.what} is not an SSH certificate that can be read: ${p.problem}`,
    hint: (p: Readonly<{ how: Hint }>) => p.how,
    exit: 1,
  },
  CERTIFICATE_UNEXPECTED: {
    message: (p: Fields<"problem">) => `what Vault signed is not what was requested: ${p.problem}`,
    hint: () => ({ say: "it was not kept; check which server VAULT_ADDR names, and who else changes its roles" }),
    exit: 1,
  },
  CLOCK_DIFFERS: {
    /** `by`: such as "5m ahead of". */
    message: (p: Fields<"by" | "theirs">) =>
      `this machine's clock is ${p.by} Vault's, which says ${p.theirs}, so the certificate that Vault signed is not valid here now`,
    hint: () => ({
      say: "if Vault's clock is right, let the network set this machine's",
      run: "timedatectl set-ntp true",
    }),
    exit: 1,
  },
  INSPECT_FOUND_PROBLEMS: {
    message: (p: Fields<"file" | "problem" | "more">) => `${p.file} has a problem: ${p.problem}${p.more}`,
    hint: (p: Readonly<{ hint: Hint }>) => p.hint,
    exit: 1,
  },
  FILE_NOT_WRITTEN: {
    message: (p: Fields<"file" | "reason">) => `${p.file} could not be written: ${p.reason}`,
    hint: () => ({
      say: "make sure that its folder exists, that you may write to it, and that its disk has room",
      run: "df -h <folder>",
    }),
    exit: 1,
  },
  TRACE_REFUSED: {
    message: (p: Fields<"phase" | "reason">) => `the login ended in ${p.phase}: ${p.reason}`,
    hint: (p: Readonly<{ hint: Hint }>) => p.hint,
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
