/** What an agent is asked to sign: a login, and nothing else. */
import { describe, expect, test } from "@jest/globals";
import { readLoginProof, readSignRequest } from "../../../../src/ssh/agent/sign-request.js";
import { strings } from "../../../programs/build-certificate.js";
import { hostOf, proofOf, signContents, type ProofOf } from "../../people/agent/party.js";

const refuse = (problem: string) => new Error(problem);
const { certificate: hostKey } = hostOf();
const login = { sessionId: Buffer.alloc(32, 7), key: Buffer.from("key") };
const plain = proofOf(login);
const bound = proofOf({ ...login, hostKey });

describe("refused", () => {
  test("a request or a login, wherever it is cut off", () => {
    const request = signContents(login.key, plain, 4);
    for (let length = 0; length < request.length; length++)
      expect(() => readSignRequest(request.subarray(0, length), refuse)).toThrow("cut off");
    for (const whole of [plain, bound])
      for (let length = 0; length < whole.length; length++)
        expect(() => readLoginProof(whole.subarray(0, length), refuse)).toThrow("cut off");
    expect(() => readSignRequest(Buffer.concat([request, Buffer.of(0)]), refuse)).toThrow("follow the end");
  });

  test.each<[what: string, changes: Partial<ProofOf>, says: string]>([
    ["another message", { type: 51 }, "not a login"],
    ["another service", { service: "ssh-userauth" }, "another service"],
    ["a password", { method: "password" }, "not a login with a key"],
    ["a host that vouches for a user", { method: "hostbased" }, "not a login with a key"],
    ["a method that nobody knows", { method: "publickey-hostbound-v01@openssh.com" }, "not a login with a key"],
    ["a method with something behind it", { method: "publickey\n" }, "not a login with a key"],
    ["a question", { flag: 0 }, "a question"],
    ["bytes behind it", { tail: Buffer.of(1) }, "follow the end"],
    ["a plain login with a host's key behind it", { method: "publickey", hostKey }, "follow the end"],
    ["a host-bound login without one", { method: "publickey-hostbound-v00@openssh.com" }, "cut off"],
    ["a user with a zero byte", { user: "deploy\0root" }, "zero byte"],
  ])("%s", (_what, changes, says) => {
    expect(() => readLoginProof(proofOf({ ...login, ...changes }), refuse)).toThrow(says);
  });

  test.each<[what: string, data: Buffer]>([
    ["nothing", Buffer.alloc(0)],
    ["what ssh-keygen -Y signs", Buffer.concat([Buffer.from("SSHSIG"), strings("git", "", "sha512", Buffer.alloc(64))])],
    ["a certificate, as a CA signs it", hostKey],
    ["a challenge of 32 bytes", Buffer.alloc(32, 3)],
  ])("%s", (_what, data) => {
    expect(() => readLoginProof(data, refuse)).toThrow();
  });
});

test("the good ones", () => {
  const algorithm = "ssh-ed25519-cert-v01@openssh.com";
  expect(readLoginProof(plain, refuse)).toEqual({ ...login, user: "deploy", algorithm, hostKey: undefined });
  expect(readLoginProof(bound, refuse)).toEqual({ ...login, user: "deploy", algorithm, hostKey });
  expect(readSignRequest(signContents(login.key, plain, 4), refuse)).toEqual({ key: login.key, data: plain, flags: 4 });
});
