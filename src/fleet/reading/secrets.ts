/** What must not stand in the fleet file, which lies in a repository; and is never shown, should it stand there. */

/** Tokens of Vault and OpenBao, new and old (s., b., r.); private keys; keys of AWS. Names of hosts have no capitals: they are none. */
const secret = new RegExp(
  [
    /hv[sbr]\.(?=[\w-]*[A-Z])[\w-]{20,}/,
    /(?<![\w-])[sbr]\.(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{24,}(?![\w.-])/,
    /(?<!\w)(?:AKIA|ASIA)[A-Z0-9]{16}(?!\w)/,
    /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

/** Where in a text something begins that looks like a secret. */
export const secretsIn = (text: string): number[] => [...text.matchAll(secret)].map(({ index }) => index);

/** A password in an address: `postgres://name:password@host`. */
const password = /:\/\/[^/\s@]*:[^/\s@]*@/;

export const holdsSecret = (text: string): boolean => secretsIn(text).length > 0 || password.test(text);
