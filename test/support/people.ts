/** Somebody who signs in at the fleet's own method: a password, then a code. */
import { createHmac } from "node:crypto";
import type { Server } from "./servers.js";

/** @returns a token. The person is made, with a second factor. */
export async function signedIn(server: Server, name: string): Promise<string> {
  const at = "ssh-trust/people";
  const data = async (path: string, body?: unknown, method?: "LIST") =>
    (await server.ask(path, { ...(body === undefined ? {} : { body }), ...(method === undefined ? {} : { method }) })).body
      .data ?? {};
  await server.ask(`auth/${at}/users/${name}`, { body: { password: "open sesame" } });
  const { id } = await data("identity/entity", { name });
  const { accessor } = await data(`sys/auth/${at}`);
  await data("identity/entity-alias", { name, canonical_id: id, mount_accessor: accessor });
  const { keys } = await data("identity/mfa/method/totp", undefined, "LIST");
  const [method = ""] = keys as string[];
  const { url } = await data("identity/mfa/method/totp/admin-generate", { method_id: method, entity_id: id });
  const first = await server.ask(`auth/${at}/login/${name}`, { token: "", body: { password: "open sesame" } });
  const { mfa_requirement: asked } = first.body.auth as unknown as { mfa_requirement: { mfa_request_id: string } };
  const code = codeOf(new URL(String(url)).searchParams.get("secret") ?? "");
  const body = { mfa_request_id: asked.mfa_request_id, mfa_payload: { [method]: [code] } };
  return (await server.ask("sys/mfa/validate", { token: "", body })).body.auth?.client_token ?? "";
}

/** RFC 6238, as authenticator apps do it. @param secret in base 32 */
function codeOf(secret: string): string {
  const bits = Array.from(secret.replaceAll("=", ""), (each) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(each).toString(2).padStart(5, "0"),
  );
  const key = Buffer.from((bits.join("").match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac("sha1", key).update(step).digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
