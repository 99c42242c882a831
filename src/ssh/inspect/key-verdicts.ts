/** What is to be said of the key itself, certified or not. */
import { weaknessOf } from "../key-strength.js";
import type { SshKey } from "../public-key.js";
import { verdict, type Verdict } from "./verdict.js";

/** A key with what only a look at it shows. */
export interface InspectedKey extends SshKey {
  /** "MD5:" and hexadecimal, as `ssh-keygen -l -E md5` prints it. */
  readonly md5: string;
  /** What a FIDO2 key is for, such as "ssh:"; undefined for a key that is not on a token. */
  readonly application: string | undefined;
}

export function strengthOf(key: SshKey): Verdict {
  const weakness = weaknessOf(key);
  if (weakness !== undefined) return verdict("weak-key", `${weakness} to be safe`);
  return verdict("strong-key", `the key is strong enough: ${key.kind}, ${String(key.bits)} bits`);
}

/** PROTOCOL.u2f: sshd refuses a signature that was made without a touch, unless it is told otherwise. */
export function plainKeyVerdicts(key: InspectedKey): Verdict[] {
  return [
    verdict("plain-key", "a plain public key, not a certificate: it does not say whose it is or until when it is valid"),
    strengthOf(key),
    ...(key.application === undefined ? [] : [touchNeeded("unless authorized_keys has no-touch-required before it")]),
  ];
}

/** sshd_config(5), authorized_keys, no-touch-required: a certificate may say so as well. */
export function touchVerdicts({ application }: InspectedKey, extensions: ReadonlyMap<string, string>): Verdict[] {
  if (application === undefined) return [];
  if (!extensions.has("no-touch-required")) return [touchNeeded()];
  return [verdict("no-touch", "a FIDO2 key that needs no touch: a program on the person's machine can log in with it unnoticed")];
}

const touchNeeded = (unless?: string) =>
  verdict("fido-key", `a FIDO2 key: each login needs its token, and a touch of it${unless === undefined ? "" : `, ${unless}`}`);
