/** Whatever ssh-keygen signs, our description of it is what `ssh-keygen -L` prints. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseCertificate } from "../../src/ssh/certificate.js";
import { describeCertificate } from "../../src/ssh/describe-certificate.js";
import { verifySignature } from "../../src/ssh/verify-signature.js";
import { buildCertificate, ecdsaToken, ed25519Token, options, strings } from "./build-certificate.js";
import { keyNames, openWorkshop, securityKeys, type KeyName, type Workshop } from "./support.js";

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop();
});
afterAll(() => shop[Symbol.asyncDispose]());

const subjects = [...keyNames, "sk-ed25519", "sk-ecdsa"] as const;
type Subject = (typeof subjects)[number];

async function publicKeyOf(subject: Subject): Promise<string> {
  if (subject === "sk-ed25519") return securityKeys.ed25519;
  return subject === "sk-ecdsa" ? securityKeys.ecdsa : shop.publicKey(subject);
}

async function compare(subject: Subject, ca: KeyName, args: readonly string[]): Promise<void> {
  const line = await shop.certify(await publicKeyOf(subject), ca, args);
  const certificate = parseCertificate(line);
  expect(describeCertificate(certificate)).toBe(await shop.list(line));
  expect(verifySignature(certificate)).toBe(true);
}

describe("every type of key by every type of CA", () => {
  test.each(subjects.flatMap((subject) => keyNames.map((ca) => [subject, ca] as const)))("%s by %s", async (subject, ca) => {
    await compare(subject, ca, ["-n", "alice", "-z", "1"]);
    await compare(subject, ca, ["-h", "-n", "localhost", "-V", "-1w:+2w"]);
  });

  test.each([
    ["rsa-sha2-256", true],
    ["rsa-sha2-512", true],
    ["ssh-rsa", false],
  ])("an RSA CA that signs with %s", async (algorithm, verified) => {
    const line = await shop.certify(await shop.publicKey("rsa"), "rsa", ["-t", algorithm]);
    const certificate = parseCertificate(line);
    expect(describeCertificate(certificate)).toBe(await shop.list(line));
    expect(verifySignature(certificate)).toBe(verified);
  });

  test.each([
    ["ed25519-sk", ed25519Token],
    ["ecdsa-sk", ecdsaToken],
  ])("a CA on a FIDO token: %s", async (_type, token) => {
    const { blob: ca, sign } = token();
    const line = buildCertificate({ ca, sign });
    const certificate = parseCertificate(line);
    expect(describeCertificate(certificate)).toBe(await shop.list(line));
    expect(verifySignature(certificate)).toBe(true);
  });
});

describe("what ssh-keygen itself would not make", () => {
  test.each([
    ["options out of order, and twice", { extensions: options("permit-pty", "", "a@b", strings("1"), "a@b", strings("1")) }],
    ["an extension's name as a critical option", { critical: options("permit-pty", "", "no-touch-required", "") }],
    ["a critical option's name as an extension", { extensions: options("force-command", strings("id"), "verify-required", "") }],
    ["data of its own form", { critical: options("x@example.com", Buffer.from("0a0b0cff", "hex")) }],
    ["names without letters", { extensions: options("", ""), principals: strings("") }],
    ["a validity that ends before it starts", { validAfter: 10n, validBefore: 5n }],
    ["a validity that ended in 1970", { validBefore: 0n }],
    ["the last year of four digits", { validAfter: 253_402_300_799n }],
    ["the first year of five", { validAfter: 253_402_300_800n }],
    ["the last second of a Date, and the next", { validAfter: 8_640_000_000_000n, validBefore: 8_640_000_000_001n }],
    ["the last year that C's tm holds", { validAfter: 67_767_976_233_446_399n }],
  ])("%s", async (_what, changes) => {
    const line = buildCertificate(changes);
    expect(describeCertificate(parseCertificate(line))).toBe(await shop.list(line));
  });
});

// what ssh-keygen prints raw and we escape: describe-certificate.test.ts
const unsafe = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;
const text = (constraints: { minLength?: number; maxLength: number }) =>
  fc.string({ unit: "grapheme", ...constraints }).filter((sample) => !unsafe.test(sample));
const name = text({ minLength: 1, maxLength: 12 }).filter((sample) => !sample.includes(","));
const keyId = fc.oneof(
  text({ maxLength: 60 }),
  fc.constantFrom('"quoted" id', "back\\slash %s $HOME `id`", "-n", " ", "é 鍵 🔑"),
);
const serial = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

const second = fc.bigInt({ min: 1n, max: 2n ** 48n });
const hex = (seconds: bigint) => `0x${seconds.toString(16)}`;
const validity = fc.oneof(
  fc.constantFrom("always:forever", "+52w", "-1d:+1h", "20260228:20280229", "20200101123456:forever", "always:20380119031408"),
  second.map((from) => `${hex(from)}:forever`),
  second.map((to) => `always:${hex(to)}`),
  fc.tuple(second, second).map(([from, length]) => `${hex(from)}:${hex(from + length)}`),
);

const flags = ["x11-forwarding", "agent-forwarding", "port-forwarding", "pty", "user-rc"];
const customName = fc.stringMatching(/^[a-z-]{1,10}$/).map((local) => `${local}@example.com`);
const option = fc.oneof(
  fc.constantFrom("clear", "no-touch-required", "verify-required", ...flags.flatMap((flag) => [`permit-${flag}`, `no-${flag}`])),
  customName.map((custom) => `extension:${custom}`),
  customName.map((custom) => `critical:${custom}`),
  fc.tuple(customName, text({ maxLength: 20 })).map(([custom, value]) => `extension:${custom}=${value}`),
  fc.tuple(customName, text({ maxLength: 20 })).map(([custom, value]) => `critical:${custom}=${value}`),
);
/** ssh-keygen takes each of these once. */
const restrictions = fc
  .tuple(
    fc.option(text({ minLength: 1, maxLength: 40 })),
    fc.option(fc.constantFrom("10.0.0.0/8", "192.0.2.1,2001:db8::/32", "::1")),
  )
  .map(([command, address]) => [
    ...(command === null ? [] : [`force-command=${command}`]),
    ...(address === null ? [] : [`source-address=${address}`]),
  ]);

test("any key id, serial, principals, validity and options", async () => {
  const certificates = fc.record({
    subject: fc.constantFrom(...subjects),
    ca: fc.constantFrom(...keyNames),
    host: fc.boolean(),
    id: keyId,
    serial,
    principals: fc.array(name, { maxLength: 5 }),
    validity: fc.option(validity),
    options: fc.tuple(fc.array(option, { maxLength: 6 }), restrictions).map((lists) => lists.flat()),
  });
  await fc.assert(
    fc.asyncProperty(certificates, async (made) => {
      await compare(made.subject, made.ca, [
        ...(made.host ? ["-h"] : []),
        ...["-I", made.id, "-z", String(made.serial)],
        ...(made.principals.length === 0 ? [] : ["-n", made.principals.join(",")]),
        ...(made.validity === null ? [] : ["-V", made.validity]),
        ...made.options.flatMap((one) => ["-O", one]),
      ]);
    }),
    { numRuns: 60 },
  );
}, 180_000);
