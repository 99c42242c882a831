/** What a client says of its session: each field cut off, wrong, or too long. */
import { describe, expect, test } from "@jest/globals";
import { readSessionBind } from "../../../../src/ssh/agent/session-bind.js";
import { ed25519Signer, rsaSigner, strings } from "../../../programs/build-certificate.js";
import { bindContents, hostOf } from "../../people/agent/party.js";

const refuse = (problem: string) => new Error(problem);
const read = (contents: Buffer) => readSessionBind(contents, refuse);
const host = hostOf();
const sessionId = Buffer.alloc(32, 9);
const good = bindContents(host, { sessionId });
const signed = host.signer.sign(sessionId);
const built = (key: Buffer, id: Buffer, signature: Buffer, ...rest: readonly number[]) =>
  Buffer.concat([strings(key, id, signature), Buffer.from(rest)]);
const rsa = rsaSigner();
const changed = (signature: Buffer) => {
  const other = Buffer.from(signature);
  other.writeUInt8(other.readUInt8(other.length - 1) ^ 1, other.length - 1);
  return other;
};

describe("refused", () => {
  test("wherever it is cut off", () => {
    for (let length = 0; length < good.length; length++) expect(() => read(good.subarray(0, length))).toThrow("cut off");
  });

  test.each<[what: string, contents: Buffer, says: string]>([
    ["what follows its end", Buffer.concat([good, Buffer.of(0)]), "1 bytes follow the end"],
    ["no session id", built(host.certificate, Buffer.alloc(0), host.signer.sign(Buffer.alloc(0)), 0), "wrong length"],
    ["a longer session id", built(host.certificate, Buffer.alloc(65), host.signer.sign(Buffer.alloc(65)), 0), "wrong length"],
    ["no signature", built(host.certificate, sessionId, Buffer.alloc(0), 0), "signature over the session id is wrong"],
    ["another signature", built(host.certificate, sessionId, changed(signed), 0), "signature over the session id is wrong"],
    ["bytes behind the signature", built(host.certificate, sessionId, Buffer.concat([signed, Buffer.of(0)]), 0), "is wrong"],
    ["a signature by another key", built(host.certificate, sessionId, ed25519Signer().sign(sessionId), 0), "is wrong"],
    ["one over another session id", built(host.certificate, sessionId, host.signer.sign(Buffer.alloc(32, 8)), 0), "is wrong"],
    ["one of another type", built(host.certificate, sessionId, strings("ssh-rsa", Buffer.alloc(64)), 0), "is wrong"],
    ["one of the old RSA type", built(rsa.blob, sessionId, strings("ssh-rsa", rsa.sign(sessionId)), 0), "is wrong"],
    ["no key", built(Buffer.alloc(0), sessionId, signed, 0), "cut off"],
    ["a key of a type that nobody knows", built(strings("ssh-dss", "x"), sessionId, signed, 0), "ssh-dss"],
    [
      "a key with bytes behind it",
      built(Buffer.concat([host.signer.blob, Buffer.of(0)]), sessionId, signed, 0),
      "follow the end",
    ],
    ["half a certificate", built(host.certificate.subarray(0, -70), sessionId, signed, 0), "cut off"],
    [
      "a certificate with bytes behind it",
      built(Buffer.concat([host.certificate, Buffer.of(0)]), sessionId, signed, 0),
      "follow",
    ],
  ])("%s", (_what, contents, says) => {
    expect(() => read(contents)).toThrow(says);
  });
});

test("the good one, with a certificate and with a plain key", () => {
  expect(read(good)).toMatchObject({ forwarded: false, sessionId, certificate: { keyId: "web:token-web-1:web-1.example.org" } });
  expect(read(bindContents(host, { sessionId, plain: true })).certificate).toBeUndefined();
  expect(read(built(rsa.blob, sessionId, strings("rsa-sha2-256", rsa.sign(sessionId)), 0)).key.kind).toBe("RSA");
  const longest = Buffer.alloc(64, 1);
  expect(read(bindContents(host, { sessionId: longest })).sessionId).toEqual(longest);
});

test.each([
  [0, false],
  [1, true],
  [2, true],
  [255, true],
])("the flag for forwarding is %d: %s", (flag, forwarded) => {
  expect(read(built(host.certificate, sessionId, signed, flag)).forwarded).toBe(forwarded);
});
