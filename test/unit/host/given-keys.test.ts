/** The keys that an operator gives for a host: people believe what is stored, so nothing doubtful is. */
import { describe, expect, test } from "@jest/globals";
import { isFailure, type SshTrustError } from "../../../src/errors/catalogue.js";
import { givenKeys } from "../../../src/host/given-keys.js";
import { ed25519, rsa } from "../../support/keys.js";

const name = "old-1.example.org";
const [own, other, hostCa, userCa] = [ed25519(1), ed25519(2), ed25519(3), ed25519(4)];
const strong = rsa(2048);
const stored = { cas: { host: [hostCa.publicKey], user: [userCa.publicKey] } };
const read = (text: string) => givenKeys(text, name, "keys.pub", stored);
const certificateType = "ssh-ed25519-cert-v01@openssh.com";

function refusedWith(text: string): SshTrustError {
  try {
    read(text);
  } catch (error) {
    if (isFailure(error)) return error;
    throw error;
  }
  throw new Error("it was taken");
}

describe("refused", () => {
  test.each<[what: string, text: string, says: string]>([
    ["nothing", "", "no host key in it"],
    ["remarks alone", "# old-1.example.org:22 SSH-2.0-OpenSSH_9.2\n\n", "no host key in it"],
    ["the line of another host", `web-1.example.org ${own.publicKey}`, '"web-1.example.org" is in front of the key'],
    ["a line of several names", `${name},192.0.2.1 ${own.publicKey}`, `"${name},192.0.2.1" is in front`],
    ["a pattern", `*.example.org ${own.publicKey}`, '"*.example.org" is in front'],
    ["a name in capitals", `OLD-1.example.org ${own.publicKey}`, "is in front"],
    ["a port that is none", `[${name}]:x ${own.publicKey}`, "is in front"],
    ["another name with a port", `[web-1.example.org]:22 ${own.publicKey}`, "is in front"],
    ["a hashed name", `|1|c2FsdHNhbHRzYWx0c2FsdHNhbHQ=|aGFzaGhhc2hoYXNoaGFzaGhhc2g= ${own.publicKey}`, "is hashed"],
    ["a CA", `@cert-authority ${name} ${own.publicKey}`, "it is a CA (@cert-authority)"],
    ["a revoked key", `@revoked ${name} ${own.publicKey}`, "the key is revoked (@revoked)"],
    ["options of authorized_keys", `no-pty,command="x" ${own.publicKey}`, "is in front"],
    ["a control character in front", `\x1b[2J ${own.publicKey}`, "\\033[2J"],
    ["the fleet's CA of hosts", hostCa.publicKey, `it is the key of a CA of the fleet, ${hostCa.sha256}`],
    ["the fleet's CA of people", `${name} ${userCa.publicKey}`, `it is the key of a CA of the fleet, ${userCa.sha256}`],
    ["a weak key", rsa(1024).publicKey, "an RSA key of 1024 bits is too small"],
    ["the same key twice", `${own.publicKey} a\n${name} ${own.publicKey}`, `line 2: it is there twice: ${own.sha256}`],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END", "it is a private key"],
    ["PEM", "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END", "it is in PEM form"],
    ["a DSA key", "ssh-dss AAAAB3NzaC1kc3MAAAAA", "it is a DSA key"],
    ["a certificate", `${certificateType} ${own.publicKey.split(" ")[1] ?? ""}`, "line 1"],
    ["a key that is cut off", own.publicKey.slice(0, -8), "line 1"],
    ["a page", "<html><body>not found</body></html>", "line 1"],
    ["a key of a type that is not known", unknown(), "ssh-new"],
    ["too many keys", Array.from({ length: 17 }, (_, at) => ed25519(100 + at).publicKey).join("\n"), "17 keys"],
  ])("%s", (_what, text, says) => {
    const error = refusedWith(text);
    expect(error).toMatchObject({ code: "HOST_KEYS_INVALID", message: expect.stringContaining(says) as unknown });
    expect(error.message).toMatch(/^keys\.pub has /);
    expect(error.hint.length).toBeGreaterThan(0);
  });

  test("all mistakes at once, each by its line; a private key ends the list", () => {
    const { message } = refusedWith(`${own.publicKey}\n@revoked a ${other.publicKey}\nx\n-----BEGIN RSA PRIVATE KEY-----\nx\nx`);
    expect(message.split("\n").map((line) => line.split(":")[0])).toEqual([
      "keys.pub has 3 mistakes",
      "line 2",
      "line 3",
      "line 4",
    ]);
    const many = refusedWith("x\n".repeat(500)).message.split("\n");
    expect(many).toHaveLength(22);
    expect(many.at(-1)).toBe("and 480 more");
  });

  test("of a secret, nothing is said again", () => {
    expect(refusedWith("-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0").message).not.toContain("c2VjcmV0");
  });
});

function unknown(): string {
  const type = "ssh-new";
  const blob = Buffer.concat([Buffer.from([0, 0, 0, type.length]), Buffer.from(type), Buffer.alloc(40)]);
  return `${type} ${blob.toString("base64")}`;
}

describe("taken", () => {
  test.each<[what: string, text: string]>([
    ["lines of .pub files", `${own.publicKey} root@old-1\n${strong.publicKey} root@old-1\n`],
    ["what ssh-keyscan prints", `# ${name}:22 SSH-2.0-x\n${name} ${own.publicKey}\n${name} ${strong.publicKey}`],
    ["the same of another port", `[${name}]:2222 ${own.publicKey}\r\n[${name}]:2222 ${strong.publicKey}\r\n`],
    ["both together", `${own.publicKey}\n\n# RSA\n${name}\t${strong.publicKey} comment`],
  ])("%s", (_what, text) => {
    expect(read(text).map(({ fingerprint }) => fingerprint)).toEqual([own.sha256, strong.sha256]);
  });
});
