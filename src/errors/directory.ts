/** Errors of whoever asks the directory, and of logins with the keys that it tells. */
import type { Entry, Fields } from "./entry.js";
import { docsPage, verb, type Advice } from "./hint.js";

export const directoryErrors = {
  DIRECTORY_MISSING: {
    message: (p: Fields<"address">) => `the fleet at ${p.address} has no directory, which would show its hosts' keys`,
    hint: () => [
      { say: "add its address to the fleet file, and apply that", run: verb("apply") },
      { say: "how to run it", run: docsPage("directory.md") },
    ],
    exit: 1,
  },
  DIRECTORY_IN_CLEAR: {
    message: (p: Fields<"address">) =>
      `the directory at ${p.address} has no TLS, so it is not asked: anybody in between could answer instead`,
    hint: () => [
      { say: "give it a certificate, and write https:// as its address in the fleet file; then apply that", run: verb("apply") },
    ],
    exit: 1,
  },
  DIRECTORY_UNREACHABLE: {
    message: (p: Fields<"address" | "reason">) => `no directory answers at ${p.address}: ${p.reason}`,
    hint: (p: Fields<"address">) => ({
      say: "the address is in the fleet file: check that the directory is running there",
      run: `curl -sS ${p.address}/healthz`,
    }),
    exit: 1,
  },
  DIRECTORY_TLS_FAILED: {
    message: (p: Fields<"address" | "reason">) => `the TLS connection to the directory at ${p.address} failed: ${p.reason}`,
    hint: (p: Readonly<{ how: Advice }>) => p.how,
    exit: 1,
  },
  DIRECTORY_NOT_READY: {
    message: (p: Fields<"address" | "reason">) => `the directory at ${p.address} cannot answer now: ${p.reason}`,
    hint: () => ({ say: "try again in a minute" }),
    exit: 1,
  },
  DIRECTORY_REFUSED: {
    message: (p: Fields<"address" | "reason">) => `the directory at ${p.address} refused to answer: ${p.reason}`,
    hint: () => [
      { say: "check that the clocks of Vault and of the directory are right, and that both belong to the same fleet" },
      { say: "what the directory's log says, and why it refuses", run: docsPage("directory.md") },
    ],
    exit: 1,
  },
  DIRECTORY_ANSWER_UNEXPECTED: {
    message: (p: Fields<"address" | "what">) => `what answers at ${p.address} is not the directory of this version: ${p.what}`,
    hint: (p: Fields<"address">) => ({
      say: "use the same version on both sides, and check that no proxy in between answers instead",
      run: `curl -sS ${p.address}/healthz`,
    }),
    exit: 1,
  },
  DIRECTORY_PROOF_MISSING: {
    message: (p: Fields<"address" | "reason">) =>
      `Vault at ${p.address} did not issue the token that proves to the directory who you are: ${p.reason}`,
    hint: () => [
      { say: "the fleet was applied before it had a directory, or by an older version: apply it again", run: verb("apply") },
      { say: "a token that is not from a sign-in proves nothing about you: sign in", run: verb("login") },
    ],
    exit: 1,
  },
  DIRECTORY_CONSOLE_UNREADABLE: {
    message: (p: Fields<"file" | "reason">) => `the console's log ${p.file} cannot be read: ${p.reason}`,
    hint: (p: Readonly<{ how: Advice }>) => p.how,
    exit: 1,
  },
  DIRECTORY_CONSOLE_DIFFERENT: {
    /** `found`: a line for each key that is not the host's. */
    message: (p: Fields<"name" | "found">) =>
      `the console shows a host key that the directory does not have for ${p.name}\n${p.found}`,
    hint: (p: Fields<"name">) => [
      {
        say: "check that the log is from this machine and its last boot; to see the directory's keys",
        run: verb(`hosts ${p.name}`),
      },
      { say: "until it is clear why they differ, do not log in there" },
    ],
    exit: 1,
  },
  DIRECTORY_CONSOLE_EMPTY: {
    message: (p: Fields<"name">) => `the console shows no host key: it says nothing about ${p.name}`,
    hint: () => ({
      say: "give the part of the log of the machine's first boot, or what this prints on its console",
      run: "for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $key; done",
    }),
    exit: 1,
  },
  PIN_HOST_UNKNOWN: {
    message: (p: Fields<"name">) => `the directory does not know ${p.name}: there is no key to check it against`,
    hint: (p: Fields<"name">) => [
      { say: "see which hosts it knows", run: verb("hosts") },
      {
        say: "a registrar registers the keys of a host that cannot be enrolled",
        run: verb(`host add --uncertified ${p.name} --keys <file>`),
      },
    ],
    exit: 1,
  },
  PIN_HOST_ENROLLED: {
    message: (p: Fields<"name" | "state">) => `--pin is for hosts that cannot be enrolled, and ${p.name} can be: ${p.state}`,
    hint: (p: Fields<"login">) => ({ say: "log in without it", run: verb(`ssh ${p.login}`) }),
    exit: 1,
  },
  PIN_KEYS_UNREADABLE: {
    message: (p: Fields<"name" | "problem">) => `the keys of ${p.name} cannot be used: ${p.problem}`,
    hint: (p: Fields<"name">) => ({
      say: "a registrar registers them again",
      run: verb(`host add --uncertified ${p.name} --keys <file>`),
    }),
    exit: 1,
  },
  PIN_KEYS_DIFFER: {
    /** `keys`: a line for each type of key, with both fingerprints. */
    message: (p: Fields<"name" | "keys">) =>
      `what answers as ${p.name} does not have the key that the directory has for it\n${p.keys}`,
    hint: (p: Fields<"name">) => [
      {
        say: "nothing was sent there: it may be another machine. Compare with the machine's own console",
        run: verb(`hosts ${p.name} --console <file>`),
      },
      {
        say: "if the machine was rebuilt, a registrar registers its new keys, read on the machine itself",
        run: verb(`host add --uncertified ${p.name} --keys <file>`),
      },
    ],
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
