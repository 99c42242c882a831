/** Errors of people and robots who sign in. */
import type { Entry, Fields } from "./entry.js";
import { docsPage, vaultCall, verb, type Advice } from "./hint.js";

export const signInErrors = {
  SIGN_IN_NEEDED: {
    /** `at`: such as " at https://vault.example.org:8200"; `why`: such as ": the last sign-in ended". */
    message: (p: Fields<"at" | "why">) => `nobody is signed in${p.at}${p.why}`,
    hint: () => [
      { say: "sign in first, at a terminal", run: verb("login") },
      { say: "for the first time, with your invitation", run: verb("login --invitation <file>") },
      { say: "a robot signs in by a token of its platform or by an AppRole", run: docsPage("sign-in.md") },
    ],
    exit: 1,
  },
  SIGN_IN_NOWHERE: {
    message: (p: Fields<"what">) => `${p.what} does not know which Vault to sign in at`,
    hint: () => [
      { say: "name it", run: verb("login --vault https://vault.example.org:8200") },
      { say: "or, where you were invited, the invitation says it", run: verb("login --invitation <file>") },
      { say: "or ask your operator for a client file, which says it" },
    ],
    exit: 2,
  },
  SIGN_IN_TOKEN_FOR_NOBODY: {
    message: (p: Fields<"variable">) =>
      `${p.variable} is set, but not which Vault it is for: it is sent to no server that is only remembered or in the client file`,
    hint: (p: Fields<"variable">) => [
      { say: "name the server", run: "export VAULT_ADDR=https://vault.example.org:8200" },
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
      `Vault at ${p.address} refused the sign-in: ${p.user} does not exist there (${p.method}), or the password is wrong`,
    hint: (p: Fields<"user">) => [
      { say: "try again; after five wrong passwords Vault refuses all of them for a while" },
      {
        say: "where it is lost, whoever looks after people makes a new invitation",
        run: verb(`people reset ${p.user} --out <file>`),
      },
    ],
    exit: 1,
  },
  SIGN_IN_LOCKED: {
    message: (p: Fields<"user" | "address">) =>
      `Vault at ${p.address} refused ${p.user} without looking at the password: there were too many wrong ones`,
    hint: () => [
      { say: "wait 15 minutes (Vault's default), then try again" },
      {
        say: "or have whoever looks after people end the lock, with a new invitation",
        run: verb("people reset <name> --out <file>"),
      },
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
      { say: `wait ${p.seconds} s, and try the next code; the clock of the phone has to be right`, run: verb("login") },
      {
        say: "for a new phone, ask whoever looks after people for a new invitation",
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
    hint: () => ({ say: "try again", run: verb("login") }),
    exit: 1,
  },
  SIGN_IN_USER_INVALID: {
    message: (p: Fields<"user">) => `"${p.user}" is not a user's name`,
    hint: () => ({ say: "write the name alone", run: verb("login --user alice") }),
    exit: 2,
  },
  SIGN_IN_WITHOUT_GROUP: {
    message: (p: Fields<"name" | "address">) =>
      `${p.name} is signed in at ${p.address}, but is in no group of people of the fleet there, and may log in nowhere`,
    hint: () => [
      {
        say: "ask whoever looks after people, or after the groups of your identity provider; then sign in again",
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
    hint: () => ({ say: "mend it, or keep the token in memory", run: verb("login") }),
    exit: 1,
  },
  SIGN_IN_OVER: {
    message: (p: Fields<"source" | "address">) => `Vault at ${p.address} does not accept the token of ${p.source} (any more)`,
    /** `variable`: the name of the variable that the token is from; undefined: it is of a sign-in. */
    hint: (p: { readonly variable?: string | undefined }): readonly Advice[] =>
      p.variable === undefined
        ? [
            { say: "sign in again", run: verb("login") },
            { say: "or, where you got a new invitation", run: verb("login --invitation <file>") },
          ]
        : [{ say: "do without it, and sign in", run: `unset ${p.variable}` }, { say: "or set it to a token that is valid" }],
    exit: 1,
  },
  OIDC_ROLE_REFUSED: {
    message: (p: Fields<"role" | "mount" | "reason">) =>
      `Vault does not begin a sign-in by the role "${p.role}" of "${p.mount}": ${p.reason}`,
    hint: (p: Fields<"role" | "mount">) => [
      {
        say: "choose the role and the mount that your operator names",
        run: verb("login --method oidc --role <name> --mount <path>"),
      },
      { say: "an operator sees what the role allows", run: vaultCall(`vault read auth/${p.mount}/role/${p.role}`) },
    ],
    exit: 1,
  },
  OIDC_REFUSED: {
    message: (p: Fields<"reason">) => `the identity provider refused the sign-in: ${p.reason}`,
    hint: () => ({ say: "sign in again, in the browser as the person that you are there", run: verb("login --method oidc") }),
    exit: 1,
  },
  OIDC_NOT_COMPLETED: {
    message: (p: Fields<"address" | "reason">) =>
      `the identity provider let you in, but Vault at ${p.address} did not complete the sign-in: ${p.reason}`,
    hint: () => [
      { say: "sign in again: what a browser brings back can be used once, for some minutes", run: verb("login --method oidc") },
      { say: "where it happens again, tell your operator the reason", run: docsPage("sign-in.md") },
    ],
    exit: 1,
  },
  OIDC_WITHOUT_GROUPS: {
    message: (p: Fields<"claim">) =>
      `the identity provider let you in, but did not say which groups you are in (the claim "${p.claim}")`,
    hint: () => [
      { say: "ask whoever looks after its groups to put you into one, then sign in again", run: verb("login --method oidc") },
      {
        say: "where this happens to everybody, the provider wants a scope for it: scopes of sign-in.oidc in the fleet file",
        run: docsPage("fleet.md"),
      },
    ],
    exit: 1,
  },
  OIDC_PERSON_REFUSED: {
    message: (p: Fields<"address" | "mount">) =>
      `the identity provider let you in, but Vault at ${p.address} does not: you were removed there (auth/${p.mount})`,
    hint: () => ({ say: "ask whoever looks after people: an administrator of Vault enables your entity again" }),
    exit: 1,
  },
  OIDC_OTHER_SIGN_IN: {
    message: () => "what came back from the browser belongs to another sign-in, or is not the whole address",
    hint: () => ({
      say: "copy the whole address that the browser ended at, from http to the last letter",
      run: verb("login --method oidc --no-browser"),
    }),
    exit: 1,
  },
  OIDC_PORT_TAKEN: {
    message: (p: Fields<"port" | "reason">) =>
      `port ${p.port} of this machine, where the browser comes back, is taken: ${p.reason}`,
    hint: () => [{ say: "end the other sign-in, or sign in without that port", run: verb("login --method oidc --no-browser") }],
    exit: 1,
  },
  OIDC_NOBODY_CAME: {
    message: (p: Fields<"minutes">) => `no browser came back within ${p.minutes} minutes`,
    hint: () => ({ say: "where the browser is on another machine", run: verb("login --method oidc --no-browser") }),
    exit: 1,
  },
  CLIENT_FILE_INVALID: {
    message: (p: Fields<"file" | "problem">) => `the client file ${p.file} cannot be used: ${p.problem}`,
    hint: () => [
      { say: "what it may say", run: docsPage("sign-in.md") },
      { say: "somebody who is signed in can make a new one", run: verb("login --print-client-file") },
    ],
    exit: 1,
  },
  PASSWORD_UNFIT: {
    message: (p: Fields<"problem">) => `this password cannot be used: ${p.problem}`,
    hint: () => ({
      say: "choose another one, of 8 characters or more, and run the same command again: the invitation was not opened",
    }),
    exit: 2,
  },
  INVITATION_UNREADABLE: {
    message: (p: Fields<"file" | "reason">) => `the invitation ${p.file} cannot be read: ${p.reason}`,
    hint: (p: Readonly<{ how: Advice }>) => p.how,
    exit: 1,
  },
  INVITATION_OPENED: {
    message: (p: Fields<"user" | "file">) =>
      `the invitation of ${p.user} in ${p.file} was opened already. If that was not you, somebody else may be signing in as you`,
    hint: (p: Fields<"user">) => [
      { say: "if it was you, you have a password and a second factor already", run: verb("login") },
      {
        say: "if not, tell whoever invited you at once; they end it with a new invitation",
        run: verb(`people reset ${p.user} --out <file>`),
      },
    ],
    exit: 1,
  },
  INVITATION_EXPIRED: {
    message: (p: Fields<"user" | "file" | "until">) => `the invitation of ${p.user} in ${p.file} was good until ${p.until}`,
    hint: (p: Fields<"user">) => ({
      say: "ask whoever invited you for a new one",
      run: verb(`people reset ${p.user} --out <file>`),
    }),
    exit: 1,
  },
  INVITATION_HALF_TAKEN: {
    message: (p: Fields<"user" | "reason">) =>
      `the invitation of ${p.user} was opened, and the password could not be set: ${p.reason}. It cannot be opened again`,
    hint: (p: Fields<"user">) => ({
      say: "ask whoever invited you for a new one",
      run: verb(`people reset ${p.user} --out <file>`),
    }),
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
