/** Errors of hosts and their identities with Vault. */
import type { Entry, Fields } from "./entry.js";
import { docsPage, verb, type Advice } from "./hint.js";

export const hostsErrors = {
  HOST_NAME_INVALID: {
    message: (p: Fields<"name" | "problem">) => `"${p.name}" ${p.problem}`,
    hint: () => ({ say: "write the full name, such as web-1.example.org" }),
    exit: 2,
  },
  HOST_IN_NO_GROUP: {
    message: (p: Fields<"name" | "groups">) => `no group of hosts has the name ${p.name} (${p.groups})`,
    hint: (p: Fields<"name">) =>
      p.name.includes(".")
        ? { say: "put it into a group of the fleet file, then apply that", run: verb("apply") }
        : { say: `write the full name, with its domain: ${p.name}.<domain>` },
    exit: 1,
  },
  HOST_ENROLLED: {
    message: (p: Fields<"name">) => `${p.name} is already enrolled: a second identity of that name would invalidate the first`,
    hint: (p: Fields<"name">) => [
      { say: "see what it is", run: verb(`host show ${p.name}`) },
      {
        say: "or, if its disk is lost or its identity was stolen, give it a new one",
        run: verb(`host reissue ${p.name} --out <file>`),
      },
    ],
    exit: 1,
  },
  HOST_UNCERTIFIED: {
    message: (p: Fields<"name">) =>
      `${p.name} is registered as a host that cannot be enrolled: an operator gave its keys, and people rely on them`,
    hint: (p: Fields<"name">) => [
      { say: "see what it is", run: verb(`host show ${p.name}`) },
      { say: "if it can be enrolled now, remove those keys first", run: verb(`host remove ${p.name}`) },
    ],
    exit: 1,
  },
  HOST_ENROLLED_BEFORE: {
    /** `why`: such as "it was removed, and is blocked". */
    message: (p: Fields<"name" | "why">) => `${p.name} was enrolled before: ${p.why}`,
    hint: (p: Fields<"name">) => [
      { say: "see what it is", run: verb(`host show ${p.name}`) },
      { say: "if it can no longer be enrolled, remove what is left of it", run: verb(`host remove ${p.name} --may-return`) },
    ],
    exit: 1,
  },
  HOST_KEYS_INVALID: {
    /** `problem`: in one clause, or a count and a mistake a line. */
    message: (p: Fields<"file" | "problem">) => `${p.file} has ${p.problem}`,
    hint: (p: Readonly<{ how: Advice }>) => p.how,
    exit: 1,
  },
  HOST_KEYS_CHANGED: {
    message: (p: Fields<"name">) => `somebody else changed the keys of ${p.name} just now: nothing was stored`,
    hint: (p: Fields<"name">) => [
      { say: "see what they stored", run: verb(`host show ${p.name}`) },
      { say: "if yours are the right ones, run the same command again" },
    ],
    exit: 1,
  },
  HOST_TOKEN_STILL_GOOD: {
    message: (p: Fields<"name">) =>
      `${p.name} no longer has an identity, but a token of its platform gets it a new one: this registrar may not block it`,
    hint: () => [
      {
        say: "the registrar's policy is of an older version: ask an operator to rewrite it",
        run: verb("apply --print-policy registrar"),
      },
      { say: "then run the same command again: it keeps the machine out" },
    ],
    exit: 1,
  },
  HOST_GROUP_WITHOUT_JWT: {
    message: (p: Fields<"group">) =>
      `machines of the group ${p.group} cannot enrol themselves: the fleet file has no hosts.${p.group}.jwt`,
    hint: (p: Fields<"group">) => [
      { say: "add it, with the tokens that they have, then apply that", run: verb("apply") },
      { say: `or add the hosts of ${p.group} one by one`, run: verb("host add <name> --out <file>") },
    ],
    exit: 1,
  },
  HOST_KEPT_OUT: {
    message: (p: Fields<"name">) => `${p.name} was removed, and is blocked: it has no identity that could be replaced`,
    hint: (p: Fields<"name">) => ({ say: "let it in again, with a new one", run: verb(`host add ${p.name} --out <file>`) }),
    exit: 1,
  },
  HOST_UNKNOWN: {
    message: (p: Fields<"name">) => `Vault knows no host ${p.name}`,
    hint: (p: Fields<"name">) => [
      { say: "list the hosts", run: verb("host list") },
      { say: "or add it", run: verb(`host add ${p.name} --out <file>`) },
    ],
    exit: 1,
  },
  HOST_LEFT_BEHIND: {
    message: (p: Fields<"name" | "reason">) =>
      `${p.name} has an identity in Vault that nobody received, and it could not be removed again: ${p.reason}`,
    hint: (p: Fields<"name">) => ({ say: "remove it", run: verb(`host remove ${p.name}`) }),
    exit: 1,
  },
  HOST_OPTION_INVALID: {
    message: (p: Fields<"option" | "value" | "problem">) => `${p.option}: "${p.value}" ${p.problem}`,
    hint: () => ({ say: "correct what the library was called with", run: docsPage("enrol.md") }),
    exit: 2,
  },
  HOST_NAMES_INVALID: {
    message: (p: Fields<"file" | "count" | "mistakes">) => `${p.file} has ${p.count}\n${p.mistakes}`,
    hint: () => ({ say: "write one full name per line, such as web-1.example.org; what follows a # is ignored" }),
    exit: 1,
  },
  HOST_NAMES_UNREADABLE: {
    message: (p: Fields<"file" | "reason">) => `the file of names ${p.file} cannot be read: ${p.reason}`,
    hint: (p: Readonly<{ how: Advice }>) => p.how,
    exit: 1,
  },
  HOST_FILE_EXISTS: {
    message: (p: Fields<"file">) => `${p.file} already exists, and is never overwritten: a machine may still need what is in it`,
    hint: () => ({ say: "name another with --out, or delete it if it has been used" }),
    exit: 1,
  },
  FLEET_NOT_APPLIED: {
    message: (p: Fields<"address" | "path">) => `Vault at ${p.address} has no fleet ("${p.path}"): nothing was applied there`,
    hint: () => [
      { say: "apply the fleet file, with an operator's token", run: verb("apply") },
      { say: "or, if you meant another server, correct VAULT_ADDR or VAULT_NAMESPACE" },
    ],
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
