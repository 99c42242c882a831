/** Every verdict that there is, in one table; docs/inspect.md has them all, and a test fails when the two differ. */
import { verb, type Hint } from "../../errors/hint.js";

/** "bad": do not use it as it is. "warn": know it. "ok": nothing to do. */
export type VerdictLevel = "bad" | "warn" | "ok";

interface Row {
  readonly level: VerdictLevel;
  /** What to do; empty for "ok". */
  readonly hint: Hint;
}

const bad = (...hint: Hint): Row => ({ level: "bad", hint });
const warn = (...hint: Hint): Row => ({ level: "warn", hint });
const ok: Row = { level: "ok", hint: [] };

const checkCa = {
  say: "compare the fingerprint with the CA's, or name the CA's public key",
  run: verb("inspect --ca <ca.pub> <file>"),
};
const eachByName = "have it signed again with each name in full: the accounts of a user, the names of a host";

/** The codes are permanent: they never change and are never used again for something else. */
export const verdictCodes = {
  unreadable: bad({ say: "look at that line; one whole key or certificate belongs on it" }),
  "unknown-type": bad({
    say: "nothing of it was checked; see what a newer ssh-keygen says of it",
    run: "ssh-keygen -l -f <file>",
  }),
  "weak-key": bad({ say: "make a new key, and use that instead", run: "ssh-keygen -t ed25519 -f <file>" }),
  "weak-ca-key": bad({ say: "tell whoever runs the CA: it needs a new key, and every certificate has to be signed again" }),
  "signature-invalid": bad({ say: "do not use it: it was changed, or is damaged; get it again from the CA" }),
  "signature-sha1": bad({ say: "have the CA sign with SHA-2", run: "ssh-keygen -s <ca> -t rsa-sha2-512 -I <key id> <key.pub>" }),
  "self-signed": bad({ say: "have a CA sign the key; a CA's own key is for signing only" }),
  "unknown-ca": bad({ say: "have it signed by a CA that you trust, or find out whose key this is before you trust it" }),
  "not-yet-valid": bad({ say: "wait until then, or correct the clock, here or at the CA; this one says", run: "date -u" }),
  expired: bad({ say: "have a new one signed; if it should still be valid, see whether the clock is right", run: "date -u" }),
  "never-valid": bad({ say: "have it signed again, with an end that is later than its start" }),
  "no-principals": bad({ say: eachByName }),
  "wildcard-principal": bad({ say: eachByName }),
  "malformed-principal": bad({ say: "do not use it; have it signed again with one name in each principal" }),
  "host-critical-option": bad({ say: "have it signed again without critical options" }),
  "unknown-critical-option": bad({ say: "have it signed again without that option" }),
  "restriction-ignored": bad({ say: "have it signed again with that restriction as a critical option, not as an extension" }),
  "duplicate-option": bad({ say: "have it signed again with that option once" }),
  "malformed-source-address": bad({ say: "have it signed again with addresses such as 192.0.2.7,10.0.0.0/8,2001:db8::/32" }),
  "ca-is-not-checked": warn(checkCa),
  "never-expires": warn({ say: "have it signed again with an end: this one is good until somebody revokes it everywhere" }),
  "long-life": warn({ say: "have it signed again for a shorter time: until its end, only a revocation everywhere stops it" }),
  "source-address-anywhere": warn({ say: "have it signed again with the addresses that are meant, such as 10.0.0.0/8" }),
  "unusual-principal": warn({
    say: "see whether it is meant: usual names have letters, digits and . _ @ - only, and those of hosts are in lower case",
  }),
  "host-extension": warn({ say: "have it signed again without; ssh ignores it" }),
  "no-terminal": warn({ say: "if a shell is wanted, have it signed again with the extension permit-pty" }),
  "no-touch": warn({ say: "if a touch is wanted, have it signed again without the extension no-touch-required" }),
  "plain-key": ok,
  "user-certificate": ok,
  "host-certificate": ok,
  "signature-valid": ok,
  "trusted-ca": ok,
  "valid-now": ok,
  "strong-key": ok,
  "fido-key": ok,
  "force-command": ok,
  "source-address": ok,
  "verify-required": ok,
  "other-extension": ok,
} as const satisfies Record<string, Row>;

export type VerdictCode = keyof typeof verdictCodes;
