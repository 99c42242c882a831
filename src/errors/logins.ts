/** Errors of logins, and of having one's keys signed. */
import type { Entry, Fields } from "./entry.js";
import { docsPage, verb, type Advice } from "./hint.js";

export const loginsErrors = {
  LOGIN_HOST_UNKNOWN: {
    message: (p: Fields<"name" | "groups">) => `the fleet has no host ${p.name} (${p.groups})`,
    hint: (p: Readonly<{ how: readonly Advice[] }>) => p.how,
    exit: 1,
  },
  LOGIN_ACCOUNT_DENIED: {
    message: (p: Fields<"who" | "account" | "name" | "group">) =>
      `no rule lets ${p.who} log in to ${p.name} (${p.group}) as ${p.account}`,
    hint: (p: Readonly<{ how: readonly Advice[] }>) => p.how,
    exit: 1,
  },
  LOGIN_RULE_UNKNOWN: {
    message: (p: Fields<"rule" | "who" | "what">) => `the rule ${p.rule} does not let ${p.who} log in to ${p.what}`,
    hint: (p: Readonly<{ how: readonly Advice[] }>) => p.how,
    exit: 1,
  },
  LOGIN_JUMP_DENIED: {
    message: (p: Fields<"jump" | "group" | "who" | "account">) =>
      `${p.who} may log in to ${p.jump} as ${p.account}, but not go on from there: no rule has port-forwarding on ${p.group}`,
    hint: (p: Fields<"group">) => [
      {
        say: `an operator adds port-forwarding to "with" of a rule on ${p.group} in the fleet file, and applies that`,
        run: verb("apply"),
      },
      { say: "why it is needed", run: docsPage("logins.md") },
    ],
    exit: 1,
  },
  LOGIN_OPTION_DENIED: {
    /** `rule`: the one that was named; `lacking`: such as "-L (port-forwarding)". */
    message: (p: Fields<"who" | "account" | "name" | "group" | "lacking"> & { readonly rule: string | undefined }) =>
      `${p.who} may log in to ${p.name} (${p.group}) as ${p.account}, but not with ${p.lacking}: ${p.rule === undefined ? "no rule permits" : `the rule ${p.rule} does not permit`} that`,
    hint: (p: Readonly<{ how: readonly Advice[] }>) => p.how,
    exit: 1,
  },
  LOGIN_AGENT_FAILED: {
    message: (p: Fields<"reason">) => `ssh-agent, which holds the key of the login, does not work: ${p.reason}`,
    hint: () => ({ say: "run it alone to see its error", run: "ssh-agent true" }),
    exit: 1,
  },
  SIGN_GROUP_UNKNOWN: {
    message: (p: Fields<"on" | "groups">) => `the fleet has no group of hosts and no host ${p.on} (${p.groups})`,
    hint: () => ({ say: "name a group, or the full name of a host", run: verb("sign <file> --on <group>") }),
    exit: 1,
  },
  SIGN_RULES_SEVERAL: {
    message: (p: Fields<"group" | "rules">) => `several rules match on ${p.group}\n${p.rules}`,
    hint: (p: Fields<"first">) => ({ say: "name one of them", run: `--rule ${p.first}` }),
    exit: 2,
  },
  SIGN_DENIED: {
    message: (p: Fields<"who" | "what">) => `no rule lets ${p.who} have a key signed for ${p.what}`,
    hint: (p: Readonly<{ how: readonly Advice[] }>) => p.how,
    exit: 1,
  },
  KEY_IS_CERTIFICATE: {
    message: (p: Fields<"file">) => `${p.file} is a certificate, and a public key is needed`,
    hint: (p: Fields<"publicKey">) => ({ say: "name the public key", run: verb(`sign ${p.publicKey}`) }),
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
