/** Codes as an authenticator app makes them: RFC 6238. */
import { createHmac } from "node:crypto";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** @param otpauth the address that the app reads, such as "otpauth://totp/…?secret=…" */
export function codeOf(otpauth: string, now: Date): string {
  const asked = new URL(otpauth).searchParams;
  const number = (name: string) => Number(asked.get(name));
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(Math.floor(now.getTime() / 1000 / number("period"))));
  const digest = createHmac(asked.get("algorithm") ?? "", base32(asked.get("secret") ?? ""))
    .update(time)
    .digest();
  const from = (digest.at(-1) ?? 0) & 15;
  const code = (digest.readUInt32BE(from) & 0x7fffffff) % 10 ** number("digits");
  return String(code).padStart(number("digits"), "0");
}

/** RFC 4648, section 6; without the = at its end. */
function base32(text: string): Buffer {
  const bits = text.replaceAll(/./g, (each) => alphabet.indexOf(each).toString(2).padStart(5, "0"));
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((each) => Number.parseInt(each, 2)));
}

/** One that is right neither now nor in the half minutes around. */
export function wrongCodeOf({ otpauth }: { readonly otpauth: string }): string {
  const near = [-1, 0, 1].map((each) => codeOf(otpauth, new Date(Date.now() + each * 30_000)));
  return ["000000", "111111", "222222", "333333"].find((each) => !near.includes(each)) ?? "";
}
