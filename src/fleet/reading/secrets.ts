/** What must not stand in the fleet file, which lies in a repository; and is never shown, should it stand there. */

/** Tokens of Vault and OpenBao, old (s., b., r.) and new; private keys; keys of AWS. */
const secret =
  /(?<![\w.-])(?:hv[sbr]\.[\w-]{20,}|[sbr]\.(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{24,}(?![\w.-])|(?:AKIA|ASIA)[A-Z0-9]{16}(?!\w))|-----BEGIN [A-Z ]*PRIVATE KEY-----/g;

/** Where in a text something begins that looks like a secret. */
export const secretsIn = (text: string): number[] => [...text.matchAll(secret)].map(({ index }) => index);

/** A password in an address: `postgres://name:password@host`. */
const password = /:\/\/[^/\s@]*:[^/\s@]*@/;

export const holdsSecret = (text: string): boolean => secretsIn(text).length > 0 || password.test(text);
