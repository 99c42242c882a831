/** Files of several lines, what may stand in front of a key, and which CAs a file names. */
import { describe, expect, test } from "@jest/globals";
import { isFailure } from "../../../../src/errors/catalogue.js";
import { inspectLines } from "../../../../src/ssh/inspect/inspect-lines.js";
import { splitPrefix } from "../../../../src/ssh/inspect/prefix.js";
import { trustedCas } from "../../../../src/ssh/inspect/trusted-cas.js";
import { buildCertificate, ed25519Signer, strings } from "../../../programs/build-certificate.js";
import { keyLine, thrownBy } from "../../../programs/support.js";

const now = new Date("2026-06-01T12:00:00Z");
const [one = "", two = "", three = ""] = ["one", "two", "three"].map((name) =>
  keyLine("ssh-ed25519", ed25519Signer().blob, name),
);
const certificate = buildCertificate();
const dsa = keyLine("ssh-dss", strings("ssh-dss", "p"));
const seen = (text: string) => inspectLines(text, { now }, "keys").map(({ line, inspection }) => [line, inspection.kind]);
const failureOf = (use: () => unknown) => {
  const error = thrownBy(use);
  return isFailure(error) ? `${error.code} ${error.message}` : error;
};

describe("a file is refused", () => {
  test.each([
    ["nothing", "", "KEY_NOT_PUBLIC keys is not an SSH public key: it is empty"],
    ["blank lines", " \r\n\n", "KEY_NOT_PUBLIC keys is not an SSH public key: it is empty"],
    ["comments", "# mine\n# too\n", "KEY_NOT_PUBLIC keys is not an SSH public key: it is a comment"],
    [
      "a private key",
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n",
      "KEY_NOT_PUBLIC keys is not an SSH public key: it is a private key",
    ],
    [
      "a private key behind a public one",
      `${one}\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n`,
      "KEY_NOT_PUBLIC keys is not an SSH public key: it is a private key",
    ],
    [
      "PuTTY's private key",
      "PuTTY-User-Key-File-3: ssh-ed25519\n",
      "KEY_NOT_PUBLIC keys is not an SSH public key: it is a private key of PuTTY's",
    ],
    [
      "a page",
      "<html>\n<body>\n",
      "KEY_NOT_PUBLIC keys is not an SSH public key: it does not begin with a key type that OpenSSH uses",
    ],
  ])("%s", (_what, text, failure) => {
    expect(failureOf(() => inspectLines(text, { now }, "keys"))).toBe(failure);
  });
});

describe("every line is read", () => {
  test.each([
    [
      "comments and blank lines between",
      `# a\n${one}\n\n${certificate}\n`,
      [
        [2, "key"],
        [4, "certificate"],
      ],
    ],
    [
      "line ends of Windows, and none at the end",
      `${one}\r\n${two}`,
      [
        [1, "key"],
        [2, "key"],
      ],
    ],
    [
      "line ends of old Macs",
      `${one}\r${two}\r`,
      [
        [1, "key"],
        [2, "key"],
      ],
    ],
    ["a mark of UTF-8 at the start", `\ufeff${one}\n`, [[1, "key"]]],
    [
      "one that cannot be read",
      `${one}\nwhat?\n${two}\n`,
      [
        [1, "key"],
        [2, "unreadable"],
        [3, "key"],
      ],
    ],
    ["DSA", `${dsa}\n`, [[1, "unknown"]]],
  ])("%s", (_what, text, expected) => {
    expect(seen(text)).toEqual(expected);
  });

  test("of one that cannot be read, nothing is shown: it may be a secret", () => {
    const [, odd] = inspectLines(`${one}\nhunter2 hunter2\n`, { now });
    expect(JSON.stringify(odd)).not.toContain("hunter2");
    expect(odd?.inspection.verdicts).toMatchObject([{ code: "unreadable", level: "bad" }]);
  });
});

describe("what stands in front of a key", () => {
  test.each([
    ["a host, as ssh-keyscan prints it", "web.example.org", one],
    ["a hashed host", "|1|c2FsdA==|aGFzaA==", one],
    ["a marker and patterns", "@cert-authority *.example.org,!db.example.org", one],
    ["options", "no-pty,no-port-forwarding", certificate],
    ["options with blanks in quotes", String.raw`command="echo \"hi\" there",from="10.0.0.0/8"`, one],
    ["a command with a key in it", `command="echo ${two}"`, one],
    ["a host before DSA", "web", dsa],
  ])("%s", (_what, prefix, key) => {
    expect(splitPrefix(`  ${prefix} \t${key}\n`)).toEqual({ prefix, key });
  });

  test.each([
    ["nothing", one],
    ["no key", "please let me in"],
    ["too many words", `a b c ${one}`],
    ["an open quote", `command="echo ${one}`],
    ["a long open quote", `"${'\\"'.repeat(50_000)}`],
    ["a type alone", "web ssh-ed25519"],
  ])("%s: the line stays whole", (_what, line) => {
    expect(splitPrefix(line)).toEqual({ prefix: "", key: line });
  });
});

describe("the CAs that a file names", () => {
  const unmarked = "none of its lines is marked with @cert-authority (known_hosts) or cert-authority (authorized_keys)";
  const names = (text: string) => trustedCas(text, "cas").map(({ comment }) => comment);

  test.each([
    ["a public key", `${one}\n`, ["one"]],
    ["TrustedUserCAKeys", `# ours\n${one}\n${two}\n`, ["one", "two"]],
    ["known_hosts: its marked lines only", `web ${one}\n@cert-authority * ${two}\n`, ["two"]],
    ["known_hosts: none that is revoked", `@cert-authority * ${one}\n@revoked * ${one}\n@cert-authority * ${two}\n`, ["two"]],
    ["authorized_keys: its marked lines only", `no-pty ${one}\ncert-authority,principals="a b" ${two}\n`, ["two"]],
  ])("%s", (_what, text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  test.each([
    ["nothing", "", "NO_CA_IN_FILE cas names no CA: it has no line with a key"],
    ["known_hosts without a CA", `web ${one}\n`, `NO_CA_IN_FILE cas names no CA: ${unmarked}`],
    ["authorized_keys without a CA", `no-pty ${one}\n`, `NO_CA_IN_FILE cas names no CA: ${unmarked}`],
    ["a command that speaks of it", `command="a,cert-authority,b" ${one}\n`, `NO_CA_IN_FILE cas names no CA: ${unmarked}`],
    ["another marker", `@cert-authorityx * ${one}\n`, `NO_CA_IN_FILE cas names no CA: ${unmarked}`],
    ["only a revoked CA", `@revoked * ${one}\n${one}\n`, "NO_CA_IN_FILE cas names no CA: each CA in it is marked as @revoked"],
    ["only @revoked", `@revoked * ${one}\nweb ${two}\n`, `NO_CA_IN_FILE cas names no CA: ${unmarked}`],
    ["a certificate", certificate, "KEY_NOT_PUBLIC cas is not an SSH public key: it is a certificate, not the plain key"],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----", "KEY_NOT_PUBLIC cas is not an SSH public key: it is a private key"],
    [
      "a line that cannot be read",
      `${three}\nwhat\n`,
      "KEY_NOT_PUBLIC cas is not an SSH public key: it does not begin with a key type that OpenSSH uses",
    ],
  ])("refused: %s", (_what, text, failure) => {
    expect(failureOf(() => trustedCas(text, "cas"))).toBe(failure);
  });
});
