/** Errors of people and robots who sign in. */
import type { Entry, Fields } from "./entry.js";
import { docsPage, exampleAddress, verb, withInvitation, type Advice } from "./hint.js";

export const signInErrors = {
  SIGN_IN_NEEDED: {
    /** `at`: such as " at https://vault.example.org:8200"; `why`: such as ": the last sign-in ended". */
    message: (p: Fields<"at" | "why">) => `nobody is signed in${p.at}${p.why}`,
    hint: () => [
      { say: "sign in first, at a terminal", run: verb("login") },
      withInvitation,
      { say: "a robot signs in by a token of its platform or by an AppRole", run: docsPage("sign-in.md") },
    ],
    exit: 1,
  },
  SIGN_IN_NOWHERE: {
    message: (p: Fields<"what">) => `${p.what} does not know which Vault to sign in at`,
    hint: () => [
      { say: "name it", run: verb(`login --vault ${exampleAddress}`) },
      { say: "or, if you were invited, the invitation names it", run: verb("login --invitation <file>") },
      { say: "or ask your operator for a client file, which names it" },
    ],
    exit: 2,
  },
  SIGN_IN_TOKEN_FOR_NOBODY: {
    message: (p: Fields<"variable">) =>
      `${p.variable} is set, but VAULT_ADDR is not: a token is sent only to a server that you name, as the one of your last sign-in or client file may be another`,
    hint: (p: Fields<"variable">) => [
      { say: "name the server", run: `export VAULT_ADDR=${exampleAddress}` },
      { say: "or do without the token, and sign in", run: `unset ${p.variable}` },
    ],
    exit: 2,
  },
  SIGN_IN_NOT_ASKED: {
    message: (p: Fields<"what" | "why">) => `${p.what} is missing: ${p.why}`,
    hint: (p: Readonly<{ how: Advice }>) => p.how,
    exit: 2,
  },
  SIGN_IN_REFUSED: {
    message: (p: Fields<"user" | "address" | "method">) =>
      `Vault at ${p.address} refused the sign-in of ${p.user} (${p.method}): the name or the password is wrong`,
    hint: (p: Fields<"user" | "method">) => [
      {
        say: "check the name (it is sent in lower case) and caps lock, and try again; after five wrong passwords Vault refuses all of them for a while",
      },
      ...(p.method === "ldap"
        ? [{ say: "if the password is lost, ask your directory's administrator" }]
        : [
            withInvitation,
            {
              say: "if the password is lost, ask the team that invites people: they run",
              run: verb(`people reset ${p.user} --out <file>`),
            },
          ]),
    ],
    exit: 1,
  },
  SIGN_IN_LOCKED: {
    message: (p: Fields<"user" | "address">) =>
      `Vault at ${p.address} refused ${p.user} without checking the password: there were too many wrong ones`,
    hint: (p: Fields<"user" | "method">) => [
      { say: "wait 15 minutes (Vault's default), then try again" },
      ...(p.method === "ldap"
        ? []
        : [
            withInvitation,
            {
              say: "or ask the team that invites people, whose new invitation ends the lock: they run",
              run: verb(`people reset ${p.user} --out <file>`),
            },
          ]),
    ],
    exit: 1,
  },
  SIGN_IN_METHOD_MISSING: {
    message: (p: Fields<"mount" | "method" | "address">) =>
      `Vault at ${p.address} has no way to sign in at "${p.mount}" (${p.method})`,
    hint: () => [
      { say: "choose another way, or say where it is mounted", run: verb("login --method oidc --mount <path>") },
      { say: "a client file from your operator says both", run: docsPage("sign-in.md") },
    ],
    exit: 1,
  },
  SIGN_IN_ROBOT_REFUSED: {
    message: (p: Fields<"method" | "mount" | "address" | "reason" | "shown">) =>
      `Vault at ${p.address} refused the sign-in with ${p.method} at "${p.mount}": ${p.reason}${p.shown}`,
    hint: () => ({ say: "what each method needs, and what is often wrong", run: docsPage("sign-in.md") }),
    exit: 1,
  },
  SIGN_IN_CODE_REFUSED: {
    message: (p: Fields<"seconds">) =>
      `Vault did not accept the code: each code can be used once, and the next one is shown in ${p.seconds} s`,
    hint: (p: Fields<"seconds">) => [
      { say: `wait ${p.seconds} s, and try the next code`, run: verb("login") },
      { say: "if that one is refused, too, check the clock of the phone" },
      withInvitation,
      {
        say: "for a new phone, ask the team that invites people: they run",
        run: verb("people reset <name> --out <file>"),
      },
    ],
    exit: 1,
  },
  SIGN_IN_CODES_LOCKED: {
    message: () => "there were too many wrong codes, and Vault accepts none for a while",
    hint: () => ({ say: "wait half a minute, then try again", run: verb("login") }),
    exit: 1,
  },
  SIGN_IN_FACTOR_REFUSED: {
    message: (p: Fields<"reason">) => `the second factor was not accepted: ${p.reason}`,
    hint: () => [{ say: "try again", run: verb("login") }, withInvitation],
    exit: 1,
  },
  SIGN_IN_USER_INVALID: {
    message: (p: Fields<"user">) => `"${p.user}" is not a user's name`,
    hint: () => ({ say: "write the name alone", run: verb("login --user alice") }),
    exit: 2,
  },
  SIGN_IN_WITHOUT_GROUP: {
    message: (p: Fields<"name" | "address">) =>
      `${p.name} is signed in at ${p.address}, but is in no group of people of the fleet there, so they may not log in anywhere`,
    hint: () => [
      {
        say: "ask the team that invites people, or your identity provider's administrator, to put you into a group; then sign in again",
        run: verb("login"),
      },
      { say: "they see who is in which group", run: verb("people list") },
    ],
    exit: 1,
  },
  SIGN_IN_NO_PLACE: {
    message: (p: Fields<"reason">) => `there is no folder in memory for the token: ${p.reason}`,
    hint: () => [
      {
        say: "keep it in ~/.vault-token, as Vault's own command does, which may be on a disk",
        run: verb("login --token-helper"),
      },
    ],
    exit: 1,
  },
  TOKEN_HELPER_FAILED: {
    message: (p: Fields<"program" | "what" | "reason">) =>
      `the token helper ${p.program}, which ~/.vault names, could not ${p.what} the token: ${p.reason}`,
    hint: () => ({ say: "fix it, or keep the token in memory", run: verb("login") }),
    exit: 1,
  },
  LOGOUT_NOT_AT_VAULT: {
    /** `until`: such as " until 2026-11-28 16:46:04 UTC"; empty where it has no end. */
    message: (p: Fields<"until" | "reason">) =>
      `the token was deleted here, but not revoked at Vault, where it is valid${p.until}: ${p.reason}`,
    hint: () => ({
      say: "nobody can use it from here any more, and it expires by itself; to revoke it sooner, tell your operator",
    }),
    exit: 1,
  },
  SIGN_IN_OVER: {
    message: (p: Fields<"source" | "address">) => `Vault at ${p.address} does not accept the token of ${p.source} (any more)`,
    /** `variable`: the name of the variable that the token is from; undefined: it is of a sign-in. */
    hint: (p: { readonly variable?: string | undefined }): readonly Advice[] =>
      p.variable === undefined
        ? [{ say: "sign in again", run: verb("login") }, withInvitation]
        : [{ say: "do without it, and sign in", run: `unset ${p.variable}` }, { say: "or set it to a token that is valid" }],
    exit: 1,
  },
  CLIENT_FILE_INVALID: {
    message: (p: Fields<"file" | "problem">) => `the client file ${p.file} cannot be used: ${p.problem}`,
    hint: () => [
      { say: "what it may contain", run: docsPage("sign-in.md") },
      { say: "somebody who is signed in can make a new one", run: verb("login --print-client-file") },
    ],
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
