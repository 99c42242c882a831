/** A platform that gives its machines tokens, as Kubernetes and clouds do: signed JWTs (RFC 7519), and the mount in Vault that takes them. */
import { createSign, generateKeyPairSync } from "node:crypto";

export interface Issuer {
  /** For `auth/<mount>/config`: its key, and its name. */
  readonly config: Readonly<Record<string, unknown>>;
  /** A token with these claims, for five minutes and the audience "vault" where they say nothing else. */
  readonly token: (claims: Readonly<Record<string, unknown>>) => string;
}

export function tokenIssuer(issuer = "https://platform.example.org"): Issuer {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return {
    config: {
      jwt_validation_pubkeys: [publicKey.export({ type: "spki", format: "pem" })],
      bound_issuer: issuer,
      jwt_supported_algs: ["RS256"],
    },
    token(claims) {
      const now = Math.floor(Date.now() / 1000);
      const all = { iss: issuer, aud: "vault", sub: "system:serviceaccount:web", iat: now, exp: now + 300, ...claims };
      const text = `${part({ alg: "RS256", typ: "JWT" })}.${part(all)}`;
      return `${text}.${createSign("RSA-SHA256").update(text).sign(privateKey).toString("base64url")}`;
    },
  };
}
