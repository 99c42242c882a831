import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { isFailure } from "../../src/errors/catalogue.js";
import { parsePublicKey } from "../../src/ssh/public-key.js";
import { mpint, strings } from "./build-certificate.js";
import { blobOf, keyLine, keyNames, openWorkshop, securityKeys, thrownBy, type Workshop } from "./support.js";

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop();
});
afterAll(() => shop[Symbol.asyncDispose]());

/** `ssh-keygen -l`: bits, fingerprint, comment, kind. */
async function fingerprintLine(publicKey: string): Promise<string> {
  return (await execa("ssh-keygen", ["-l", "-f", "-"], { input: publicKey })).stdout;
}

describe("a public key", () => {
  test.each(keyNames)("%s reads as ssh-keygen -l reads it", async (name) => {
    const line = await shop.publicKey(name);
    const { type, kind, bits, fingerprint, comment, blob } = parsePublicKey(line);
    expect(`${String(bits)} ${fingerprint} ${comment} (${kind})`).toBe(await fingerprintLine(line));
    expect(`${type} ${blob.toString("base64")} ${comment}\n`).toBe(line);
  });

  test.each(Object.values(securityKeys))("%s", async (line) => {
    const { kind, bits, fingerprint, comment } = parsePublicKey(line);
    expect(`${String(bits)} ${fingerprint} ${comment} (${kind})`).toBe(await fingerprintLine(line));
  });

  test.each([
    ["no comment", (type: string, base64: string) => `${type} ${base64}`, ""],
    ["tabs and several blanks", (type: string, base64: string) => `  ${type}\t ${base64}  \ta  b\tc \n\n`, "a  b\tc"],
    ["Windows' line end", (type: string, base64: string) => `${type} ${base64} alice@pc\r\n`, "alice@pc"],
    ["a comment in any script", (type: string, base64: string) => `${type} ${base64} Zoë 鍵 🔑`, "Zoë 鍵 🔑"],
    ["a comment that looks like a key", (type: string, base64: string) => `${type} ${base64} ssh-rsa AAAA`, "ssh-rsa AAAA"],
  ])("may have %s", async (_what, format, comment) => {
    const [type = "", base64 = ""] = (await shop.publicKey("ed25519")).split(" ");
    expect(parsePublicKey(format(type, base64)).comment).toBe(comment);
  });
});

const edKey = strings("ssh-ed25519", Buffer.alloc(32, 1));
const edLine = keyLine("ssh-ed25519", edKey);
const rsa = (e: Buffer, n: Buffer) => keyLine("ssh-rsa", strings("ssh-rsa", e, n));
const e65537 = Buffer.from("010001", "hex");
/** A modulus of so many bits. */
const modulus = (bits: number) => mpint(Buffer.from((2n ** BigInt(bits) - 1n).toString(16).padStart(4098, "0"), "hex"));
const ec = (curve: string, point: Buffer) => keyLine("ecdsa-sha2-nistp256", strings("ecdsa-sha2-nistp256", curve, point));
const point = blobOf(securityKeys.ecdsa).subarray(-65 - 8, -8);

test.each([1024, 1025, 1031, 2047, 16384])("an RSA key of %d bits counts as ssh-keygen -l counts it", async (bits) => {
  const line = rsa(e65537, modulus(bits));
  expect(parsePublicKey(line).bits).toBe(bits);
  expect(await fingerprintLine(line)).toMatch(new RegExp(`^${String(bits)} `));
});

describe("refused as a public key", () => {
  test.each([
    ["nothing", "", "it is empty"],
    ["blank space", " \n\t\n", "it is empty"],
    [
      "an OpenSSH private key",
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n",
      "it is a private key",
    ],
    ["an RSA private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n", "it is a private key"],
    ["a PKCS#8 private key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIE\n", "it is a private key"],
    ["a PuTTY key", "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n", "it is a private key of PuTTY's"],
    ["a TLS certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n", "it is a certificate of TLS (X.509), not of SSH"],
    ["a PEM public key", "-----BEGIN PUBLIC KEY-----\nMFkw\n", "it is in PEM form (PKCS#8)"],
    ["RFC 4716", "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n", "it is in the form of RFC 4716"],
    ["two keys", `${edLine}\n${edLine}\n`, "it has 2 lines, where one belongs"],
    ["a key and a comment line", `${edLine}\n# mine\n`, "it has 2 lines, where one belongs"],
    ["two keys with Mac's old line end", `${edLine}\r${edLine}`, "it has 2 lines, where one belongs"],
    ["a comment", "# my key", "it is a comment"],
    ["prose", "please let me in", "it does not begin with a key type that OpenSSH uses"],
    ["a DSA key", "ssh-dss AAAAB3NzaC1kc3MAAACB", "it is a DSA key, which OpenSSH no longer accepts"],
    [
      "a signature algorithm",
      `rsa-sha2-512 ${blobOf(edLine).toString("base64")}`,
      "it does not begin with a key type that OpenSSH uses",
    ],
    [
      "options",
      `no-pty,command="/bin/true" ${edLine}`,
      "there is something in front of the key's type, as in authorized_keys or known_hosts",
    ],
    [
      "a known_hosts line",
      `localhost ${edLine}`,
      "there is something in front of the key's type, as in authorized_keys or known_hosts",
    ],
    [
      "a CA line",
      `@cert-authority * ${edLine}`,
      "there is something in front of the key's type, as in authorized_keys or known_hosts",
    ],
    ["a type alone", "ssh-ed25519", "what follows the type is not base64"],
    ["a type and a comment", "ssh-ed25519 alice@pc", "what follows the type is not base64"],
    [
      "base64 without its padding",
      `ssh-rsa ${Buffer.alloc(4).toString("base64").replaceAll("=", "")}`,
      "what follows the type is not base64",
    ],
    ["base64 with bits left over", "ssh-rsa AAAAB3NzaC1yc2F=", "what follows the type is not base64"],
    ["base64 for URLs", edLine.replace("AAAA", "-_AA"), "what follows the type is not base64"],
    ["a control character", `${edLine}\u001b[2J`, "it holds control characters"],
    ["a zero byte", `${edLine}\0`, "it holds control characters"],
    ["an 8-bit control character", `${edLine}\u009b2J`, "it holds control characters"],
    ["another type inside", keyLine("ssh-rsa", edKey), "it says ssh-rsa, but inside it is ssh-ed25519"],
    ["a stranger's type inside", keyLine("ssh-rsa", strings("\u001b[2J")), "it says ssh-rsa, but inside it is of another type"],
    ["half a type inside", keyLine("ssh-rsa", Buffer.from("00000009ff", "hex")), "the type is cut off"],
    [
      "an Ed25519 key of 31 bytes",
      keyLine("ssh-ed25519", strings("ssh-ed25519", Buffer.alloc(31))),
      "the Ed25519 key has 31 bytes, not 32",
    ],
    ["an Ed25519 key without bytes", keyLine("ssh-ed25519", strings("ssh-ed25519")), "the Ed25519 key is cut off"],
    [
      "bytes behind the key",
      keyLine("ssh-ed25519", Buffer.concat([edKey, Buffer.alloc(3)])),
      "3 bytes follow the end of the key",
    ],
    ["RSA of 1023 bits", rsa(e65537, modulus(1023)), "an RSA key of 1023 bits is too small (at least 1024)"],
    ["RSA of 1016 bits", rsa(e65537, modulus(1016)), "an RSA key of 1016 bits is too small (at least 1024)"],
    ["RSA of 16392 bits", rsa(e65537, modulus(16392)), "an RSA key of 16392 bits is too large (at most 16384)"],
    ["RSA with a negative modulus", rsa(e65537, Buffer.alloc(256, 0xff)), "the RSA modulus is negative"],
    [
      "RSA with a padded modulus",
      rsa(e65537, Buffer.concat([Buffer.alloc(2), Buffer.alloc(256, 0xff)])),
      "the RSA modulus has needless zeros in front",
    ],
    ["RSA without an exponent", rsa(Buffer.alloc(0), modulus(2048)), "the RSA exponent is zero"],
    ["ECDSA on another curve", ec("nistp384", point), "the curve is not nistp256, which the key's type names"],
    [
      "a compressed point",
      ec("nistp256", Buffer.concat([Buffer.from([2]), point.subarray(1, 33)])),
      "the point is not an uncompressed one of nistp256",
    ],
    [
      "a point in the hybrid form",
      ec("nistp256", Buffer.concat([Buffer.from([6 + ((point.at(-1) ?? 0) % 2)]), point.subarray(1)])),
      "the point is not an uncompressed one of nistp256",
    ],
    ["the point at infinity", ec("nistp256", Buffer.from([0])), "the point is not an uncompressed one of nistp256"],
    [
      "a point beside the curve",
      ec("nistp256", Buffer.concat([point.subarray(0, 64), Buffer.from([0])])),
      "its numbers are not a key",
    ],
    ["a FIDO key without application", securityKeys.ed25519.replace("AAAABHNzaDo=", ""), "the FIDO application is cut off"],
  ])("%s", (_what, line, what) => {
    const error = thrownBy(() => parsePublicKey(line));
    expect(isFailure(error, "KEY_NOT_PUBLIC")).toBe(true);
    expect(error.message).toBe(`the line is not an SSH public key: ${what}`);
  });

  test("a certificate", async () => {
    const certificate = await shop.certify(await shop.publicKey("ed25519"), "rsa");
    expect(() => parsePublicKey(certificate)).toThrow("it is a certificate, not the plain key");
  });

  test.each([
    ["ssh-keys/alice.pub", "chmod 600 ssh-keys/alice.pub && ssh-keygen -y -f ssh-keys/alice.pub > ssh-keys/alice-new.pub"],
    ["ssh-keys/alice", "chmod 600 ssh-keys/alice && ssh-keygen -y -f ssh-keys/alice > ssh-keys/alice.pub"],
    ["a b", "chmod 600 'a b' && ssh-keygen -y -f 'a b' > 'a b.pub'"],
  ])("with a hint for %s", (file, run) => {
    const error = thrownBy(() => parsePublicKey("-----BEGIN OPENSSH PRIVATE KEY-----", file));
    expect(error).toMatchObject({ message: `${file} is not an SSH public key: it is a private key`, hint: [{ run }] });
  });

  test.each(keyNames)("%s cut off anywhere, and for no other reason than that", async (name) => {
    const [type = "", base64 = ""] = (await shop.publicKey(name)).split(" ");
    const blob = Buffer.from(base64, "base64");
    for (let length = 0; length < blob.length; length++) {
      const error = thrownBy(() => parsePublicKey(keyLine(type, blob.subarray(0, length))));
      expect(isFailure(error, "KEY_NOT_PUBLIC")).toBe(true);
    }
  });
});
