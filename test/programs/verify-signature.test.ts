import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { isFailure } from "../../src/errors/catalogue.js";
import { parseCertificate, type Certificate } from "../../src/ssh/certificate.js";
import { parsePublicKey } from "../../src/ssh/public-key.js";
import { verifySignature } from "../../src/ssh/verify-signature.js";
import { WireReader } from "../../src/ssh/wire.js";
import { buildCertificate, ecdsaToken, ed25519Signer, ed25519Token, rsaSigner, strings } from "./build-certificate.js";
import { blobOf, keyLine, keyNames, openWorkshop, type Workshop } from "./support.js";

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop();
});
afterAll(() => shop[Symbol.asyncDispose]());

function readStrings(data: Buffer): Buffer[] {
  const reader = new WireReader(data, (problem) => new Error(problem));
  const found: Buffer[] = [];
  while (!reader.atEnd) found.push(reader.string("part"));
  return found;
}

/** What becomes of a certificate with one bit turned around. */
function judge(type: string, blob: Buffer, bit: number): "refused" | "verified" | "not verified" {
  const other = Buffer.from(blob);
  other.writeUInt8(other.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  try {
    return verifySignature(parseCertificate(keyLine(type, other))) ? "verified" : "not verified";
  } catch (error) {
    if (isFailure(error, "CERTIFICATE_INVALID")) return "refused";
    throw error;
  }
}

describe("one bit turned around", () => {
  test("anywhere in a certificate of Ed25519: it never verifies", () => {
    const blob = blobOf(buildCertificate());
    for (let bit = 0; bit < blob.length * 8; bit++) {
      expect(judge("ssh-ed25519-cert-v01@openssh.com", blob, bit)).not.toBe("verified");
    }
  });

  test.each(keyNames)("somewhere in a certificate by %s: it never verifies", async (ca) => {
    const line = await shop.certify(await shop.publicKey("ed25519"), ca, ["-n", "alice"]);
    expect(verifySignature(parseCertificate(line))).toBe(true);
    const blob = blobOf(line);
    fc.assert(
      fc.property(fc.nat(blob.length * 8 - 1), (bit) => {
        expect(judge("ssh-ed25519-cert-v01@openssh.com", blob, bit)).not.toBe("verified");
      }),
      { numRuns: 300 },
    );
  });

  test("in a serial, a principal or an option changes the text but not the form, and is not verified", async () => {
    const line = await shop.certify(await shop.publicKey("rsa"), "ecdsa256", ["-n", "alice", "-z", "5"]);
    const blob = blobOf(line);
    for (const field of ["key id", "alice", "permit-pty"]) {
      expect(judge("ssh-rsa-cert-v01@openssh.com", blob, blob.indexOf(field) * 8)).toBe("not verified");
    }
  });
});

describe("not verified", () => {
  const edType = (signature: Buffer) => strings("ssh-ed25519", signature);

  test.each([
    ["another CA's signature", { sign: ed25519Signer().sign }],
    ["zeros", { sign: () => edType(Buffer.alloc(64)) }],
    ["a short signature", { sign: () => edType(Buffer.alloc(63)) }],
    ["a long signature", { sign: () => edType(Buffer.alloc(65)) }],
    ["an empty signature", { sign: () => edType(Buffer.alloc(0)) }],
    ["a type alone", { sign: () => strings("ssh-ed25519") }],
    ["another type", { sign: () => strings("ssh-rsa", Buffer.alloc(64)) }],
    ["a type that is none", { sign: () => strings("none", Buffer.alloc(0)) }],
    ["no type", { sign: () => strings("") }],
  ])("%s", (_what, changes) => {
    expect(verifySignature(parseCertificate(buildCertificate(changes)))).toBe(false);
  });

  test("a signature with bytes behind it", () => {
    const { blob, sign } = ed25519Signer();
    expect(verifySignature(parseCertificate(buildCertificate({ ca: blob, sign })))).toBe(true);
    const longer = (data: Buffer) => Buffer.concat([sign(data), Buffer.alloc(1)]);
    expect(verifySignature(parseCertificate(buildCertificate({ ca: blob, sign: longer })))).toBe(false);
  });

  test.each([
    ["ed25519-sk", ed25519Token, "sk-ssh-ed25519@openssh.com"],
    ["ecdsa-sk", ecdsaToken, "sk-ecdsa-sha2-nistp256@openssh.com"],
  ])("what a FIDO token of type %s signed, when its flags, its counter or its type are others", (_name, token, type) => {
    const { blob: ca, sign } = token();
    const alter = (change: (signature: Buffer) => Buffer) =>
      verifySignature(parseCertificate(buildCertificate({ ca, sign: (data) => change(sign(data)) })));
    const byte = (offset: number) => (signature: Buffer) => {
      const at = signature.length - offset;
      signature.writeUInt8(signature.readUInt8(at) ^ 1, at);
      return signature;
    };
    expect(alter((signature) => signature)).toBe(true);
    expect(alter(byte(5))).toBe(false);
    expect(alter(byte(1))).toBe(false);
    expect(alter((signature) => signature.subarray(0, -1))).toBe(false);
    expect(
      alter((signature) =>
        Buffer.concat([strings("webauthn-sk-ecdsa-sha2-nistp256@openssh.com"), signature.subarray(4 + type.length)]),
      ),
    ).toBe(false);
  });

  test.each([
    ["r and s of zero", strings(Buffer.alloc(0), Buffer.alloc(0))],
    ["r larger than the curve", strings(Buffer.concat([Buffer.from([0]), Buffer.alloc(33, 0xff)]), Buffer.from([1]))],
    ["r and s of one", strings(Buffer.from([1]), Buffer.from([1]))],
    ["r without s", strings(Buffer.from([1]))],
    ["the form of other protocols", Buffer.alloc(64, 1)],
  ])("an ECDSA signature with %s", async (_what, numbers) => {
    const ca = parsePublicKey(await shop.publicKey("ecdsa256")).blob;
    const certificate = parseCertificate(buildCertificate({ ca, sign: () => strings("ecdsa-sha2-nistp256", numbers) }));
    expect(verifySignature(certificate)).toBe(false);
  });

  test.each([
    ["a third number", (numbers: Buffer) => Buffer.concat([numbers, strings(Buffer.from([1]))])],
    ["its last byte missing", (numbers: Buffer) => numbers.subarray(0, -1)],
    ["r and s changed around", (numbers: Buffer) => strings(...readStrings(numbers).reverse())],
  ])("a good ECDSA signature with %s", async (_what, change) => {
    const certificate = parseCertificate(await shop.certify(await shop.publicKey("ed25519"), "ecdsa256"));
    const [type = "", numbers = Buffer.alloc(0)] = readStrings(certificate.signature);
    expect(verifySignature({ ...certificate, signature: strings(type, numbers) })).toBe(true);
    expect(verifySignature({ ...certificate, signature: strings(type, change(numbers)) })).toBe(false);
  });

  test.each([
    ["another type in front", "rsa-sha2-256", (signature: Buffer) => signature],
    ["SHA-1's type in front", "ssh-rsa", (signature: Buffer) => signature],
    ["a certificate's type in front", "rsa-sha2-512-cert-v01@openssh.com", (signature: Buffer) => signature],
    ["a byte too many", "rsa-sha2-512", (signature: Buffer) => Buffer.concat([Buffer.alloc(1), signature])],
    ["a byte too few", "rsa-sha2-512", (signature: Buffer) => signature.subarray(1)],
    ["no byte", "rsa-sha2-512", () => Buffer.alloc(0)],
  ])("an RSA signature with %s", async (_what, type, change) => {
    const certificate = parseCertificate(await shop.certify(await shop.publicKey("ed25519"), "rsa"));
    const [, bytes = Buffer.alloc(0)] = readStrings(certificate.signature);
    const forged: Certificate = { ...certificate, signature: strings(type, change(bytes)) };
    expect(verifySignature(certificate)).toBe(true);
    expect(verifySignature(forged)).toBe(false);
  });

  test("an RSA key that OpenSSL cannot compute with", () => {
    const even = Buffer.concat([Buffer.from([0]), Buffer.alloc(256, 0xfe)]);
    const ca = strings("ssh-rsa", Buffer.from([2]), even);
    const certificate = parseCertificate(buildCertificate({ ca, sign: () => strings("rsa-sha2-512", Buffer.alloc(256, 1)) }));
    expect(verifySignature(certificate)).toBe(false);
  });
});

test("an RSA signature without its leading zero is verified, as by OpenSSH", async () => {
  const { blob: ca, sign } = rsaSigner();
  let signature: Buffer = Buffer.alloc(1, 1);
  let line = "";
  // one signature in 256 begins with a zero
  for (let serial = 0n; signature[0] !== 0; serial++) {
    line = buildCertificate({
      ca,
      serial,
      sign: (data) => {
        signature = sign(data);
        return strings("rsa-sha2-256", signature.subarray(1));
      },
    });
  }
  expect(verifySignature(parseCertificate(line))).toBe(true);
  expect(await shop.list(line)).toBeDefined();
});
