/** Who signed a certificate, and whether that counts. */
import type { Certificate } from "../certificate.js";
import { weaknessOf } from "../key-strength.js";
import type { PublicKey } from "../public-key.js";
import { verifySignature } from "../verify-signature.js";
import { verdict, type Verdict } from "./verdict.js";

/** A CA whose certificates count: its public key. */
export type TrustedCa = Pick<PublicKey, "fingerprint" | "comment">;

/** @param trusted undefined where nobody said which CAs count */
export function trustVerdicts(certificate: Certificate, trusted: readonly TrustedCa[] | undefined): Verdict[] {
  const { signatureKey, publicKey } = certificate;
  const weakness = weaknessOf(signatureKey);
  const selfSigned = signatureKey.fingerprint === publicKey.fingerprint;
  return [
    ...signatureVerdicts(certificate, trusted),
    ...(selfSigned ? [verdict("self-signed", "the key signed itself: the CA's key and the certified key are the same")] : []),
    ...(weakness === undefined ? [] : [verdict("weak-ca-key", `the CA's key is weak: ${weakness} to be safe`)]),
  ];
}

/** That a CA is trusted is said only where it made the signature. */
function signatureVerdicts(certificate: Certificate, trusted: readonly TrustedCa[] | undefined): Verdict[] {
  const { signatureKey, signatureType } = certificate;
  const ca = `${signatureKey.kind} ${signatureKey.fingerprint}`;
  const known = trusted?.find(({ fingerprint }) => fingerprint === signatureKey.fingerprint);
  const unknown =
    trusted !== undefined && known === undefined ? [verdict("unknown-ca", `the CA is none of those that you trust: ${ca}`)] : [];
  // OpenSSH 8.2, CASignatureAlgorithms: the first release without it
  if (signatureType === "ssh-rsa") {
    return [verdict("signature-sha1", "the CA signed with RSA and SHA-1, which OpenSSH refuses since 8.2"), ...unknown];
  }
  if (!verifySignature(certificate)) {
    const who = known === undefined ? "the CA that it names" : "the CA that it names, which you trust,";
    return [verdict("signature-invalid", `the signature is not valid: ${who} did not sign what it says`), ...unknown];
  }
  const valid = verdict("signature-valid", "the signature is valid: nothing was changed since the CA signed it");
  if (trusted === undefined)
    return [verdict("ca-is-not-checked", `no trusted CA was given (--ca), so its CA was not checked: ${ca}`), valid];
  if (known === undefined) return [...unknown, valid];
  const name = known.comment === "" ? "" : `, ${known.comment}`;
  return [verdict("trusted-ca", `a CA that you trust signed it: ${ca}${name}`), valid];
}
