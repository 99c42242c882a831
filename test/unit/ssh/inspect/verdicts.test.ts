/** What is said of certificates that are not as they should be: each made by hand, with a signature that fits. */
import { describe, expect, test } from "@jest/globals";
import { isFailure } from "../../../../src/errors/catalogue.js";
import { inspectionToJson } from "../../../../src/ssh/inspect/inspection-to-json.js";
import { inspectKey } from "../../../../src/ssh/inspect/inspect.js";
import { verdictCodes, type VerdictCode } from "../../../../src/ssh/inspect/verdict-codes.js";
import { wireString } from "../../../../src/ssh/wire.js";
import {
  buildCertificate,
  ecdsaToken,
  ed25519Signer,
  ed25519Token,
  options,
  rsaSigner,
  strings,
  type Parts,
} from "../../../programs/build-certificate.js";
import { blobOf, keyLine, securityKeys, thrownBy } from "../../../programs/support.js";

const now = new Date("2026-06-01T12:00:00Z");
const seconds = (time: string) => BigInt(new Date(time).getTime() / 1000);
const pty = options("permit-pty", "");
const aDay = { validAfter: seconds("2026-06-01T00:00:00Z"), validBefore: seconds("2026-06-02T00:00:00Z") };
const host: Partial<Parts> = { ...aDay, principals: strings("web.example.org") };
const user: Partial<Parts> = { ...aDay, certType: 1, principals: strings("deploy"), extensions: pty };
const say = (changes: Partial<Parts>) => inspectKey(buildCertificate(changes), { now }).verdicts;
const codes = (changes: Partial<Parts>) => say(changes).map(({ code }) => code);

const good = ["ca-is-not-checked", "signature-valid", "valid-now"];

test("certificates that are in order have one warning: that nobody has said whether to trust their CA", () => {
  expect(codes(host)).toEqual([...good, "host-certificate", "strong-key"]);
  expect(codes(user)).toEqual([...good, "user-certificate", "strong-key"]);
});

const ca = ed25519Signer();
const own = (signer: ReturnType<typeof ed25519Signer>) => signer.blob.subarray(4 + "ssh-ed25519".length);
const weak = rsaSigner();
const sha1 = { ca: weak.blob, sign: () => strings("ssh-rsa", Buffer.alloc(128, 1)) };
const sha2 = { ca: weak.blob, sign: (data: Buffer) => strings("rsa-sha2-256", weak.sign(data)) };
const rsaKey = { type: "ssh-rsa-cert-v01@openssh.com", key: weak.blob.subarray(4 + "ssh-rsa".length) };
const token = (signer: ReturnType<typeof ed25519Token>, type: string) => ({
  type: `${type.replace("@openssh.com", "")}-cert-v01@openssh.com`,
  key: signer.blob.subarray(4 + type.length),
});
const onToken = token(ed25519Token(), "sk-ssh-ed25519@openssh.com");

describe("bad", () => {
  test.each<[what: string, changes: Partial<Parts>, code: VerdictCode, says: RegExp]>([
    [
      "a signature that does not fit",
      { ...user, sign: () => strings("ssh-ed25519", Buffer.alloc(64)) },
      "signature-invalid",
      /is not valid/,
    ],
    [
      "a signature of another type",
      { ...user, sign: () => strings("ssh-rsa2", Buffer.alloc(64)) },
      "signature-invalid",
      /is not valid/,
    ],
    ["a weak CA", { ...user, ...sha2 }, "weak-ca-key", /RSA key of 1024 bits is too small/],
    ["a weak key", { ...user, ...rsaKey }, "weak-key", /^an RSA key of 1024 bits is too small/],
    ["a key that signed itself", { ...user, ca: ca.blob, key: own(ca), sign: ca.sign }, "self-signed", /signed itself/],
    ["expired", { ...user, validBefore: seconds("2026-06-01T11:00:00Z") }, "expired", /1 hour ago, at 2026-06-01 11:00:00 UTC$/],
    ["expired this second", { ...user, validBefore: seconds("2026-06-01T12:00:00Z") }, "expired", /0 seconds ago/],
    ["not yet valid", { ...user, validAfter: seconds("2026-06-01T12:00:01Z") }, "not-yet-valid", /in 1 second, from 2026/],
    ["without any time", { ...user, validBefore: aDay.validAfter }, "never-valid", /never valid/],
    ["an end before its start", { ...user, validAfter: 9n, validBefore: 3n }, "never-valid", /never valid/],
    ["a user without principals", { ...user, principals: Buffer.alloc(0) }, "no-principals", /every account .* authorized_keys/],
    ["a host without principals", { ...host, principals: Buffer.alloc(0) }, "no-principals", /every host/],
    ["a star for hosts", { ...host, principals: strings("*.lab.test") }, "wildcard-principal", /"\*\.lab\.test"; OpenSSH 10\.3/],
    ["a question mark for hosts", { ...host, principals: strings("web?") }, "wildcard-principal", /"web\?"/],
    ["an exclusion", { ...host, principals: strings("web", "!db") }, "wildcard-principal", /"!db"/],
    ["a star for users", { ...user, principals: strings("foo", "*") }, "wildcard-principal", /"\*"; .* letter by letter/],
    ["a comma", { ...user, principals: strings("alice,root") }, "malformed-principal", /"alice,root"; .*CVE-2026-35414/],
    ["a comma and a star", { ...user, principals: strings("alice,*") }, "malformed-principal", /"alice,\*"/],
    ["a blank", { ...user, principals: strings("alice root") }, "malformed-principal", /"alice root"/],
    ["a no-break space", { ...user, principals: strings("alice\u00a0root") }, "malformed-principal", /alice/],
    ["a line break", { ...user, principals: strings("alice\nroot") }, "malformed-principal", /"alice\\012root"/],
    ["a name turned around", { ...user, principals: strings("a\u202etoor") }, "malformed-principal", /\\342\\200\\256/],
    ["an empty name", { ...user, principals: strings("") }, "malformed-principal", /""/],
    [
      "a host with source-address",
      { ...host, critical: options("source-address", strings("10.0.0.1")) },
      "host-critical-option",
      /source-address$/,
    ],
    ["a host with an unknown one", { ...host, critical: options("x@y", "") }, "host-critical-option", /x@y$/],
    ["a user with an unknown one", { ...user, critical: options("x@y", "") }, "unknown-critical-option", /x@y/],
    [
      "force-command twice",
      { ...user, critical: options("force-command", strings("id"), "force-command", strings("id")) },
      "duplicate-option",
      /force-command is there more than once/,
    ],
    ...["force-command", "source-address", "verify-required"].map((name): [string, Partial<Parts>, VerdictCode, RegExp] => [
      `${name} as an extension`,
      { ...user, extensions: options(name, strings("x"), "permit-pty", "") },
      "restriction-ignored",
      new RegExp(`^${name} .*OpenSSH ignores it`),
    ]),
    [
      "a source-address that is a name",
      { ...user, critical: options("source-address", strings("home")) },
      "malformed-source-address",
      /: home$/,
    ],
  ])("%s", (_what, changes, code, says) => {
    const found = say(changes);
    expect(found.filter(({ level }) => level === "bad")).toEqual([
      { code, level: "bad", text: expect.stringMatching(says) as unknown, hint: verdictCodes[code].hint },
    ]);
    expect(found[0]?.code).toBe(code); // the worst comes first
  });
});

describe("a warning", () => {
  test.each<[what: string, changes: Partial<Parts>, code: VerdictCode, says: RegExp]>([
    ["no end", { ...user, validBefore: 2n ** 64n - 1n }, "never-expires", /never expires/],
    ["ten years", { ...user, validBefore: seconds("2036-06-01") }, "long-life", /^it is valid for 3653 days; a week/],
    ["eight days", { ...user, validBefore: seconds("2026-06-09") }, "long-life", /^it is valid for 8 days; a week/],
    ["two years of a host", { ...host, validBefore: seconds("2028-06-01") }, "long-life", /731 days; a year/],
    ["without a start", { ...user, validAfter: 0n, validBefore: seconds("2026-07-01") }, "long-life", /29 days/],
    ["the year 275760", { ...host, validBefore: 2n ** 63n }, "long-life", /^it is valid for more than 100 years;/],
    ...["0.0.0.0/0", "10.0.0.0/8,::/0"].map((list): [string, Partial<Parts>, VerdictCode, RegExp] => [
      `from ${list}`,
      { ...user, critical: options("source-address", strings(list)) },
      "source-address-anywhere",
      /every address/,
    ]),
    ["a name with a slash", { ...user, principals: strings("ops/alice") }, "unusual-principal", /"ops\/alice"/],
    ["a host in capitals", { ...host, principals: strings("Web") }, "unusual-principal", /"Web"/],
    ["a host with an account", { ...host, principals: strings("root@web") }, "unusual-principal", /"root@web"/],
    ["a host with extensions", { ...host, extensions: pty }, "host-extension", /permit-pty/],
    ["no terminal", { ...user, extensions: Buffer.alloc(0) }, "no-terminal", /terminal/],
    [
      "a FIDO2 key without a touch",
      { ...user, ...onToken, extensions: options("no-touch-required", "", "permit-pty", "") },
      "no-touch",
      /no touch/,
    ],
  ])("%s", (_what, changes, code, says) => {
    const found = say(changes).filter((each) => each.level !== "ok" && each.code !== "ca-is-not-checked");
    expect(found).toEqual([{ code, level: "warn", text: expect.stringMatching(says) as unknown, hint: verdictCodes[code].hint }]);
  });
});

describe("explained", () => {
  test.each<[what: string, changes: Partial<Parts>, code: VerdictCode, says: RegExp]>([
    [
      "a command",
      { ...user, extensions: Buffer.alloc(0), critical: options("force-command", strings("/bin/x\u001b[2J")) },
      "force-command",
      /only this runs: \/bin\/x\\033\[2J$/,
    ],
    [
      "addresses",
      { ...user, critical: options("source-address", strings("10.0.0.0/8,::1")) },
      "source-address",
      /only from 10\.0\.0\.0\/8,::1$/,
    ],
    ["a PIN", { ...user, ...onToken, critical: options("verify-required", "") }, "verify-required", /^each login needs .* PIN/],
    ["a PIN without a token", { ...user, critical: options("verify-required", "") }, "verify-required", /no effect/],
    ["a FIDO2 key", { ...user, ...onToken }, "fido-key", /a touch of it$/],
    ["a FIDO2 key on a curve", { ...user, ...token(ecdsaToken(), "sk-ecdsa-sha2-nistp256@openssh.com") }, "fido-key", /touch/],
    [
      "an extension of others",
      { ...user, extensions: options("permit-pty", "", "login@github.com", strings("a")) },
      "other-extension",
      /: login@github\.com$/,
    ],
    [
      "many principals",
      { ...host, principals: strings("a", "b", "c", "d", "e", "f", "g", "h") },
      "host-certificate",
      /called a, b, c, d, e and 3 more$/,
    ],
    [
      "an address",
      { ...host, principals: strings("192.0.2.7", "2001:db8::1") },
      "host-certificate",
      /192\.0\.2\.7 and 2001:db8::1$/,
    ],
  ])("%s", (_what, changes, code, says) => {
    const found = say(changes);
    expect(found.find((each) => each.code === code)?.text).toMatch(says);
    expect(found.filter((each) => each.level !== "ok").map((each) => each.code)).toEqual(["ca-is-not-checked"]);
  });

  test("a text of a stranger's is cut off", () => {
    const [long] = say({ ...user, principals: strings("*".repeat(10_000)) });
    expect(long?.code).toBe("wildcard-principal");
    expect(long?.text.length).toBeLessThan(500);
  });
});

describe("the CA", () => {
  const signed = buildCertificate({ ...user, ca: ca.blob, sign: ca.sign });
  const fingerprint = inspectKey(signed, { now }).certificate?.signatureKey.fingerprint ?? "";
  const trusted = [{ fingerprint, comment: "users" }];
  const about = (line: string, cas: typeof trusted) => inspectKey(line, { now, trusted: cas }).verdicts.map(({ code }) => code);

  test.each<[what: string, line: string, cas: typeof trusted, first: string[], never: string]>([
    ["none is trusted", signed, [], ["unknown-ca"], "trusted-ca"],
    ["another is trusted", signed, [{ fingerprint: "SHA256:x", comment: "" }], ["unknown-ca"], "trusted-ca"],
    ["is named, but did not sign", buildCertificate({ ...user, ca: ca.blob }), trusted, ["signature-invalid"], "trusted-ca"],
    [
      "is neither known nor did it sign",
      buildCertificate({ ...user, ca: ca.blob }),
      [],
      ["signature-invalid", "unknown-ca"],
      "trusted-ca",
    ],
    [
      "signed with SHA-1",
      buildCertificate({ ...user, ...sha1 }),
      [],
      ["signature-sha1", "unknown-ca", "weak-ca-key"],
      "trusted-ca",
    ],
    ["is trusted", signed, trusted, ["trusted-ca", "signature-valid"], "unknown-ca"],
  ])("%s", (_what, line, cas, first, never) => {
    expect(about(line, cas).slice(0, first.length)).toEqual(first);
    expect(about(line, cas)).not.toContain(never);
    expect(about(line, cas)).not.toContain("ca-is-not-checked");
  });
});

describe("plain keys", () => {
  test.each<[what: string, line: string, expected: string[]]>([
    ["RSA of 1024 bits", keyLine("ssh-rsa", weak.blob), ["weak-key", "plain-key"]],
    ["DSA", keyLine("ssh-dss", strings("ssh-dss", "p")), ["weak-key"]],
    ["a DSA certificate", keyLine("ssh-dss-cert-v01@openssh.com", strings("ssh-dss-cert-v01@openssh.com", "")), ["weak-key"]],
    ["a type of OpenSSH 10.6", keyLine("ssh-mldsa44-ed25519", strings("ssh-mldsa44-ed25519", "k")), ["unknown-type"]],
    ["Ed25519", keyLine("ssh-ed25519", ca.blob), ["plain-key", "strong-key"]],
    ["a FIDO2 key", securityKeys.ed25519, ["plain-key", "strong-key", "fido-key"]],
  ])("%s", (_what, line, expected) => {
    expect(inspectKey(line, { now }).verdicts.map(({ code }) => code)).toEqual(expected);
  });

  test("the application of a FIDO2 key", () => {
    expect(inspectKey(securityKeys.ecdsa, { now }).key?.application).toBe("ssh:");
    expect(inspectKey(buildCertificate({ ...user, ...onToken }), { now }).key?.application).toBe("ssh:lab");
  });
});

describe("refused", () => {
  test.each([
    ["nothing", "", "KEY_NOT_PUBLIC", "it is empty"],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----", "KEY_NOT_PUBLIC", "it is a private key"],
    ["prose", "please let me in", "KEY_NOT_PUBLIC", "key type"],
    ["half a certificate", buildCertificate(user).slice(0, 200), "CERTIFICATE_INVALID", "base64|cut off"],
    [
      "a CA that is itself a certificate",
      buildCertificate({ ...user, ca: blobOf(buildCertificate(user)) }),
      "CERTIFICATE_INVALID",
      "its CA key",
    ],
    [
      "a certified certificate",
      buildCertificate({ ...user, key: wireString(blobOf(buildCertificate(user))) }),
      "CERTIFICATE_INVALID",
      "not 32",
    ],
    [
      "a CA key of DSA",
      buildCertificate({ ...user, ca: strings("ssh-dss", "p") }),
      "CERTIFICATE_INVALID",
      "its CA key: its type is ssh-dss",
    ],
  ])("%s", (_what, line, code, says) => {
    const error = thrownBy(() => inspectKey(line, { now }, "id.pub"));
    expect(isFailure(error, code as "KEY_NOT_PUBLIC")).toBe(true);
    expect(error.message).toMatch(new RegExp(`^id\\.pub is not .*(${says})`));
  });
});

test("as JSON", () => {
  const json = inspectionToJson(
    inspectKey(`${buildCertificate({ ...user, serial: 2n ** 64n - 1n })} `, { now }),
    "npx ssh-trust",
  );
  expect(JSON.parse(JSON.stringify(json))).toMatchObject({
    kind: "certificate",
    type: "ssh-ed25519-cert-v01@openssh.com",
    ok: true,
    key: { type: "ssh-ed25519", bits: 256, application: null, md5: expect.stringMatching(/^MD5(:[0-9a-f]{2}){16}$/) as unknown },
    comment: "comment",
    certificate: { serial: "18446744073709551615", validTo: "2026-06-02T00:00:00Z", extensions: { "permit-pty": "" } },
  });
  expect(json.verdicts[0]?.hint[0]?.run).toBe("npx ssh-trust inspect --ca <ca.pub> <file>");
  const expired = inspectionToJson(inspectKey(buildCertificate({ ...user, validBefore: 9n, validAfter: 0n }), { now }));
  expect(expired.ok).toBe(false);
});
