/** An OpenID provider, as far as a connection to it goes: its discovery document and its keys. */
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";

export interface Provider extends AsyncDisposable {
  readonly issuer: string;
}

/** @param tls its certificate, by a private CA; http where it is left out */
export async function startProvider(tls?: { readonly cert: string; readonly key: string }): Promise<Provider> {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = { ...publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" };
  const issuerOf = () => `${tls === undefined ? "http" : "https"}://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const answering: RequestListener = (request, response) => {
    const issuer = issuerOf();
    const answers: Readonly<Record<string, unknown>> = {
      "/.well-known/openid-configuration": {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        id_token_signing_alg_values_supported: ["RS256"],
        subject_types_supported: ["public"],
        response_types_supported: ["code"],
      },
      "/keys": { keys: [key] },
    };
    const answer = answers[request.url ?? ""];
    response
      .writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" })
      .end(JSON.stringify(answer ?? {}));
  };
  const server = tls === undefined ? createServer(answering) : createSecureServer(tls, answering);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    issuer: issuerOf(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
