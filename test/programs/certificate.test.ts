import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { isFailure } from "../../src/errors/catalogue.js";
import { parseCertificate } from "../../src/ssh/certificate.js";
import { parsePublicKey } from "../../src/ssh/public-key.js";
import { buildCertificate, ed25519Signer, options, strings } from "./build-certificate.js";
import { blobOf, keyLine, keyNames, openWorkshop, securityKeys, thrownBy, type Workshop } from "./support.js";

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop();
});
afterAll(() => shop[Symbol.asyncDispose]());

const rich = [
  ...["-n", "alice,bob", "-z", "18446744073709551615", "-V", "20260101:20260201"],
  ...["-O", "force-command=/bin/echo hi", "-O", "source-address=10.0.0.0/8", "-O", "clear", "-O", "permit-pty"],
  ...["-O", "extension:login@example.com=alice", "-O", "extension:flag@example.com"],
];

describe("a certificate of ssh-keygen's", () => {
  test("has every field", async () => {
    const key = await shop.publicKey("ecdsa256");
    const certificate = parseCertificate(await shop.certify(key, "ed25519", rich));
    const ca = parsePublicKey(await shop.publicKey("ed25519"));
    expect(certificate).toMatchObject({
      type: "ecdsa-sha2-nistp256-cert-v01@openssh.com",
      keyType: "ecdsa-sha2-nistp256",
      publicKeyFingerprint: parsePublicKey(key).fingerprint,
      certType: "user",
      serial: 2n ** 64n - 1n,
      keyId: "key id",
      principals: ["alice", "bob"],
      signatureKey: { type: ca.type, kind: ca.kind, bits: ca.bits, fingerprint: ca.fingerprint, blob: ca.blob },
      signatureType: "ssh-ed25519",
    });
    expect(certificate.validBefore - certificate.validAfter).toBe(31n * 86400n);
    expect(Object.fromEntries(certificate.criticalOptions)).toEqual({
      "force-command": "/bin/echo hi",
      "source-address": "10.0.0.0/8",
    });
    expect(Object.fromEntries(certificate.extensions)).toEqual({
      "permit-pty": "",
      "login@example.com": "alice",
      "flag@example.com": "",
    });
    expect(certificate.reserved).toHaveLength(0);
    expect(certificate.nonce).toHaveLength(32);
  });

  test("names its key by the plain key's fingerprint, whatever the type", async () => {
    for (const key of [...(await Promise.all(keyNames.map(shop.publicKey))), ...Object.values(securityKeys)]) {
      const certificate = parseCertificate(await shop.certify(key, "ed25519"));
      expect(certificate.publicKeyFingerprint).toBe(parsePublicKey(key).fingerprint);
      expect(certificate.keyType).toBe(parsePublicKey(key).type);
    }
  });
});

// the third column: what `ssh-keygen -L` does with the very same certificate
describe("refused as a certificate, though its signature fits", () => {
  test.each([
    ["certificate type 0", { certType: 0 }, "refuses", "its certificate type is 0, neither 1 (user) nor 2 (host)"],
    ["certificate type 3", { certType: 3 }, "refuses", "its certificate type is 3, neither 1 (user) nor 2 (host)"],
    ["bytes behind the signature", { tail: Buffer.alloc(1) }, "refuses", "1 bytes follow the end of the certificate"],
    ["an Ed25519 key of 33 bytes", { key: strings(Buffer.alloc(33)) }, "refuses", "the Ed25519 key has 33 bytes, not 32"],
    ["257 principals", { principals: strings(...Array<string>(257).fill("a")) }, "refuses", "it has more than 256 principals"],
    ["half a principal", { principals: Buffer.from("0000000561", "hex") }, "refuses", "the principal is cut off"],
    ["a zero byte in a principal", { principals: strings("ro\0ot") }, "refuses", "the principal holds a zero byte"],
    ["a zero byte behind a principal", { principals: strings("root\0") }, "accepts", "the principal holds a zero byte"],
    ["a principal that is no UTF-8", { principals: strings(Buffer.from([0xe9])) }, "accepts", "the principal is not UTF-8"],
    ["a zero byte in the key id", { keyId: "a\0b" }, "refuses", "the key id holds a zero byte"],
    ["a key id that is no UTF-8", { keyId: Buffer.from("caf\u00e9", "latin1") }, "accepts", "the key id is not UTF-8"],
    ["an option without data", { extensions: strings("a@b") }, "refuses", "the value of the extension a@b is cut off"],
    [
      "half an option's name",
      { critical: Buffer.from("00000005", "hex") },
      "refuses",
      "the name of the critical option is cut off",
    ],
    [
      "permit-pty with a value",
      { extensions: options("permit-pty", strings("yes")) },
      "refuses",
      "the extension permit-pty takes no value, but has one",
    ],
    [
      "permit-pty with an empty value",
      { extensions: options("permit-pty", strings("")) },
      "refuses",
      "the extension permit-pty takes no value, but has one",
    ],
    [
      "verify-required with a value",
      { critical: options("verify-required", strings("1")) },
      "refuses",
      "the critical option verify-required takes no value, but has one",
    ],
    [
      "force-command as a flag",
      { critical: options("force-command", "") },
      "refuses",
      "the value of the critical option force-command is cut off",
    ],
    [
      "force-command unwrapped",
      { critical: options("force-command", "/bin/sh") },
      "refuses",
      "the value of the critical option force-command is cut off",
    ],
    [
      "force-command wrapped twice over",
      { critical: options("force-command", strings("a", "b")) },
      "refuses",
      "5 bytes follow the end of the value of the critical option force-command",
    ],
    [
      "a zero byte in force-command",
      { critical: options("force-command", strings("a\0b")) },
      "refuses",
      "the value of the critical option force-command holds a zero byte",
    ],
    [
      "an option's name that takes over the terminal",
      { extensions: strings("\u001b[2J") },
      "refuses",
      "the value of the extension \\033[2J is cut off",
    ],
    [
      "a certificate as the CA's key",
      { ca: blobOf(buildCertificate()) },
      "refuses",
      "its CA key: its type is not one that OpenSSH uses for keys",
    ],
    [
      "a CA key with bytes behind it",
      { ca: Buffer.concat([ed25519Signer().blob, Buffer.alloc(2)]) },
      "refuses",
      "its CA key: 2 bytes follow the end of the key",
    ],
    ["no CA key", { ca: Buffer.alloc(0) }, "refuses", "its CA key: the type is cut off"],
    ["no signature", { sign: () => Buffer.alloc(0) }, "refuses", "the signature's type is cut off"],
  ] as const)("%s", async (_what, changes, openssh, problem) => {
    const certificate = buildCertificate(changes);
    const error = thrownBy(() => parseCertificate(certificate, "host-cert.pub"));
    expect(isFailure(error, "CERTIFICATE_INVALID")).toBe(true);
    expect(error.message).toBe(`host-cert.pub is not an SSH certificate that can be read: ${problem}`);
    expect((await shop.list(certificate)) === undefined ? "refuses" : "accepts").toBe(openssh);
  });

  test.each([
    ["nothing", "", "it is empty"],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\n", "it is a private key"],
    ["a plain key", securityKeys.ed25519, "it is a plain public key (sk-ssh-ed25519@openssh.com)"],
    ["two certificates", `${buildCertificate()}\n${buildCertificate()}`, "it has 2 lines, where one belongs"],
    ["a DSA certificate", "ssh-dss-cert-v01@openssh.com AAAA", "it is a DSA key, which OpenSSH no longer accepts"],
    ["the old format", "ssh-rsa-cert-v00@openssh.com AAAA", "it does not begin with a key type that OpenSSH uses"],
    [
      "a type of two suffixes",
      "sk-ssh-ed25519@openssh.com-cert-v01@openssh.com AAAA",
      "it does not begin with a key type that OpenSSH uses",
    ],
    [
      "another type in front",
      buildCertificate().replace("ssh-ed25519-", "ssh-rsa-"),
      "it says ssh-rsa-cert-v01@openssh.com, but inside it is ssh-ed25519-cert-v01@openssh.com",
    ],
  ])("%s", (_what, line, problem) => {
    expect(() => parseCertificate(line)).toThrow(`the line is not an SSH certificate that can be read: ${problem}`);
  });
});

describe("what the specification forbids and OpenSSH reads, we read", () => {
  test.each([
    ["options out of order", { extensions: options("permit-pty", "", "a@example.com", "") }, ["permit-pty", "a@example.com"]],
    ["the same option twice", { extensions: options("a@b", strings("1"), "a@b", strings("2")) }, ["a@b", "a@b"]],
    ["an option without a name", { extensions: options("", "") }, [""]],
    ["256 principals", { principals: strings(...Array<string>(256).fill("a")) }, []],
    ["something in the reserved field", { reserved: Buffer.from("later") }, []],
    ["no nonce", { nonce: Buffer.alloc(0) }, []],
    ["a validity that ends before it starts", { validAfter: 10n, validBefore: 5n }, []],
  ])("%s", async (_what, changes, names) => {
    const certificate = buildCertificate(changes);
    expect(parseCertificate(certificate).options.extensions.map(({ name }) => name)).toEqual(names);
    expect(await shop.list(certificate)).toBeDefined();
  });

  test("of an option that is there twice, the first value counts", () => {
    const extensions = options("a@b", strings("1"), "a@b", strings("2"));
    expect(parseCertificate(buildCertificate({ extensions })).extensions.get("a@b")).toBe("1");
  });

  test.each([
    ["a wrapped string", strings("alice"), "alice"],
    ["an empty wrapped string", strings(""), ""],
    ["a flag", Buffer.alloc(0), ""],
    ["data of its own form", Buffer.from("0a0b", "hex"), "0x0a0b"],
    ["a string with something behind it", strings("a", "b"), "0x00000001610000000162"],
    ["a string that is no text", strings(Buffer.from([0xff])), "0x00000001ff"],
  ])("an option that OpenSSH does not know may hold %s", (_what, data, value) => {
    const certificate = parseCertificate(buildCertificate({ extensions: options("x@example.com", data) }));
    expect(certificate.options.extensions).toEqual([{ name: "x@example.com", data, value }]);
  });
});

describe("whatever happens to the bytes", () => {
  test.each(keyNames)("a certificate of %s cut off anywhere is refused", async (name) => {
    const line = await shop.certify(await shop.publicKey(name), "ecdsa521", rich);
    const [type = ""] = line.split(" ");
    const blob = blobOf(line);
    for (let length = 0; length < blob.length; length++) {
      const error = thrownBy(() => parseCertificate(keyLine(type, blob.subarray(0, length))));
      expect(isFailure(error, "CERTIFICATE_INVALID")).toBe(true);
    }
  });

  test.each(keyNames)("a certificate of %s with other bytes is read or refused, never a crash", async (name) => {
    const line = await shop.certify(await shop.publicKey(name), "rsa", rich);
    const [type = ""] = line.split(" ");
    const blob = blobOf(line);
    const change = fc.record({ at: fc.nat(blob.length - 1), byte: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const other = Buffer.from(blob);
        for (const { at, byte } of changes) other[at] = byte;
        expect(["read", "CERTIFICATE_INVALID"]).toContain(outcome(keyLine(type, other)));
      }),
      { numRuns: 500 },
    );
  });

  test("any bytes behind a type are refused, and any text", () => {
    const types = fc.constantFrom("ssh-rsa-cert-v01@openssh.com", "ssh-ed25519-cert-v01@openssh.com");
    fc.assert(
      fc.property(types, fc.uint8Array({ maxLength: 300 }), fc.string({ unit: "binary" }), (type, bytes, text) => {
        const line = keyLine(type, Buffer.concat([strings(type), bytes]));
        expect(outcome(line)).toBe("CERTIFICATE_INVALID");
        expect(outcome(text)).toBe("CERTIFICATE_INVALID");
      }),
      { numRuns: 300 },
    );
  });
});

function outcome(line: string): string {
  try {
    parseCertificate(line);
    return "read";
  } catch (error) {
    return isFailure(error) ? error.code : String(error);
  }
}
