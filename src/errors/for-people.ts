/**
 * What helps somebody who only signs in and logs in, where an error's own hint is for those who operate Vault and the fleet: what they can
 * look at themselves, and whom to ask.
 */
import type { ErrorCode } from "./catalogue.js";
import type { Fields } from "./entry.js";
import type { SshTrustError } from "./failure.js";
import { verb, withInvitation, type Advice, type Hint } from "./hint.js";

const tell: Advice = { say: "otherwise tell your operator" };
const signInAgain: Advice = { say: "sign in again", run: verb("login") };
/** Where a variable has the address, it stays the one that counts. */
const otherAddress = (source: string): Advice =>
  /^[A-Z]+_ADDR$/.test(source)
    ? { say: "to name another one", run: `export ${source}=<address>` }
    : { say: "to sign in at another one", run: verb("login --vault <address>") };
const fleetMayHaveChanged: Hint = [
  { say: "the fleet may have changed: see what you may do now", run: verb("whoami") },
  { say: "if it says that you may do this, tell your operator" },
];

export const hintsForPeople = {
  VAULT_UNREACHABLE: (p: Fields<"source">) => [
    { say: `check your network and your VPN, then whether the address is right (it is from ${p.source})` },
    otherAddress(p.source),
    tell,
  ],
  VAULT_TLS_FAILED: (p: Readonly<{ how: Advice; untrusted?: true }>) =>
    p.untrusted === true
      ? [
          { say: "ask your operator for the file of its CA, and name it", run: "export VAULT_CACERT=<file>" },
          { say: "or ask for a client file, which names the CA" },
        ]
      : [p.how, tell],
  VAULT_SEALED: () => [{ say: "only an operator can unseal it: tell yours, and run the same command again after that" }],
  VAULT_NOT_INITIALISED: () => [{ say: "check whether its address is the right one" }, tell],
  VAULT_NAMESPACE_MISSING: () => [
    { say: "if the variable was not meant for this server", run: "unset VAULT_NAMESPACE" },
    { say: "otherwise ask your operator for the namespace, or for a client file, which says it" },
  ],
  VAULT_REDIRECTED: (p: Fields<"source">) => [
    { say: `the address is from ${p.source}: ask your operator for that of the active server` },
    otherAddress(p.source),
  ],
  VAULT_TOKEN_MISSING: () => [signInAgain, withInvitation],
  VAULT_TOKEN_REFUSED: () => [signInAgain, withInvitation],
  VAULT_PERMISSION_DENIED: () => [
    { say: "sign in again: your groups may have changed", run: verb("login") },
    { say: "otherwise ask your operator" },
  ],
  VAULT_MOUNT_MISSING: () => fleetMayHaveChanged,
  VAULT_ROLE_MISSING: () => fleetMayHaveChanged,
  CA_NOT_GENERATED: () => [{ say: "only an operator can fix it: tell yours" }],
  VAULT_SIGN_DENIED: () => fleetMayHaveChanged,
  VAULT_ANSWER_UNEXPECTED: () => [
    {
      say: "check that the address is that of a Vault or an OpenBao server, and that no proxy in between answers instead",
    },
    tell,
  ],
  FLEET_NOT_APPLIED: () => [{ say: "check whether the address and the namespace are the right ones" }, tell],
  DIRECTORY_MISSING: () => [{ say: "only an operator can set one up: ask yours" }],
  DIRECTORY_IN_CLEAR: () => [{ say: "only an operator can fix it: tell yours" }],
  DIRECTORY_UNREACHABLE: () => [{ say: "check your network and your VPN" }, tell],
  DIRECTORY_TLS_FAILED: (p: Readonly<{ how: Advice; untrusted?: true }>) =>
    p.untrusted === true
      ? [
          {
            say: "ask your operator for the file of its CA, and name that, with Vault's in the same file",
            run: "export VAULT_CACERT=<file>",
          },
        ]
      : [p.how, tell],
  DIRECTORY_REFUSED: () => [signInAgain, tell],
  DIRECTORY_PROOF_MISSING: () => [
    { say: "a token in VAULT_TOKEN that nobody signed in for does not say who you are: do without it", run: "unset VAULT_TOKEN" },
    signInAgain,
    tell,
  ],
  DIRECTORY_ANSWER_UNEXPECTED: () => [{ say: "use the newest ssh-trust" }, tell],
  DIRECTORY_BUSY: () => [{ say: "wait, then run the same command again" }],
  PIN_HOST_UNKNOWN: () => [
    { say: "see which hosts it knows", run: verb("hosts") },
    { say: "ask your operator to register its keys there" },
  ],
  PIN_KEYS_UNREADABLE: () => [{ say: "ask your operator to register them again" }],
  PIN_KEYS_DIFFER: (p: Fields<"name">) => [
    {
      say: "nothing was sent there: it may be another machine. Tell your operator; or compare with the machine's own console",
      run: verb(`hosts ${p.name} --console <file>`),
    },
  ],
  FLEET_STORE_UNKNOWN: () => [{ say: "use the newest ssh-trust" }, tell],
} as const satisfies Partial<Record<ErrorCode, (p: never) => Hint>>;

/** @returns undefined where the error's own hint is as good for anybody */
export function hintForPeople({ code, fields }: SshTrustError): Hint | undefined {
  const found = Object.entries(hintsForPeople).find(([known]) => known === code)?.[1];
  return found?.(fields as never);
}
