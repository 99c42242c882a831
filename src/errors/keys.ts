/** Errors of people, keys, certificates and their files; of a login that was refused. */
import type { Entry, Fields } from "./entry.js";

export const keysErrors = {
  USER_UNKNOWN: {
    message: (p: Fields<"user" | "known">) => `there is no user "${p.user}" in the lab (there are: ${p.known})`,
    hint: () => "name one of them: npm run sign-user-key -- alice",
    exit: 2,
  },
  PRINCIPAL_INVALID: {
    message: (p: Fields<"principal">) => `"${p.principal}" cannot be a principal`,
    hint: () => "a principal is one name: letters, digits and . _ @ -, no comma, no pattern",
    exit: 2,
  },
  TTL_INVALID: {
    message: (p: Fields<"ttl">) => `"${p.ttl}" is not a duration`,
    hint: () => "write it as hours, minutes and seconds: --ttl 1m0s",
    exit: 2,
  },
  KEY_FILE_MISSING: {
    message: (p: Fields<"file">) => `there is no key file ${p.file}`,
    hint: () => "correct the path, or make one: ssh-keygen -t ed25519 -f <file> (the lab's own keys: npm run prepare)",
    exit: 1,
  },
  KEY_FILE_UNREADABLE: {
    message: (p: Fields<"file" | "reason">) => `the key file ${p.file} cannot be read: ${p.reason}`,
    hint: (p: Fields<"file">) => `make it yours: sudo chown $USER ${p.file}`,
    exit: 1,
  },
  KEY_FILE_TOO_OPEN: {
    message: (p: Fields<"file" | "mode">) => `others can read the private key ${p.file} (mode ${p.mode}); ssh would refuse it`,
    hint: (p: Fields<"file">) => `chmod 600 ${p.file}`,
    exit: 1,
  },
  KEY_NOT_PUBLIC: {
    message: (p: Fields<"file" | "what">) => `${p.file} is not an SSH public key: ${p.what}`,
    hint: (p: Fields<"private">) => `write it from the private key: ssh-keygen -y -f ${p.private} > ${p.private}.pub`,
    exit: 1,
  },
  CERTIFICATE_INVALID: {
    message: (p: Fields<"what" | "problem">) => `${p.what} is not an SSH certificate that can be read: ${p.problem}`,
    hint: () => "look at it: ssh-keygen -L -f <file>",
    exit: 1,
  },
  FILE_NOT_WRITTEN: {
    message: (p: Fields<"file" | "reason">) => `${p.file} could not be written: ${p.reason}`,
    hint: () => "see to it that its folder exists, that you may write to it, and that its disk has room: df -h <folder>",
    exit: 1,
  },
  TRACE_REFUSED: {
    message: (p: Fields<"phase" | "reason">) => `the login ended in ${p.phase}: ${p.reason}`,
    hint: (p: Fields<"hint">) => p.hint,
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
