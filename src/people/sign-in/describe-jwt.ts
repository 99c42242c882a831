/** What a JSON web token claims (RFC 7519), for a message: nothing of it is checked, and nothing in it opens anything. */
import * as z from "zod";
import { moment } from "../../ground/moment.js";
import { printable } from "../../ground/printable.js";

const text = z.string().max(200).transform(printable);
const payload = z.object({
  iss: text.optional(),
  sub: text.optional(),
  aud: z.union([text, z.array(text).max(8)]).optional(),
  exp: z.number().optional(),
});

/** @returns such as `it is by https://ci.example.org for "vault", and expired 2026-11-28 10:00:00 UTC`; "" for what cannot be read */
export function describeJwt(token: string, now = new Date()): string {
  const claims = read(token);
  if (claims === undefined) return "";
  const { iss, sub, aud, exp } = claims;
  const time = exp === undefined ? undefined : timeOf(exp);
  const parts = [
    ...(iss === undefined ? [] : [`by ${iss}`]),
    ...(sub === undefined ? [] : [`about ${sub}`]),
    ...(aud === undefined ? [] : [`for ${[aud].flat().join(", ")}`]),
    ...(time === undefined ? [] : [`${time < now ? "expired" : "valid until"} ${moment(time)}`]),
  ];
  return parts.length === 0 ? "" : `the token is ${parts.join(", ")}`;
}

function read(token: string): z.output<typeof payload> | undefined {
  try {
    return payload.parse(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")));
  } catch {
    return undefined;
  }
}

function timeOf(seconds: number): Date | undefined {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
