/**
 * What ssh-trust-host makes of a certificate before it installs it, by the script itself: each of the checks, refused for
 * its own reason. (The certificates are made by ssh-keygen, and by hand where ssh-keygen makes no such thing.)
 */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { isHostName } from "../../src/ground/host-name.js";
import { root } from "../support/project.js";

const script = join(root, "src/host/ssh-trust-host.sh");
let folder: string;
let ca: string;

const file = (name: string) => join(folder, name);
const keygen = (...args: string[]) => execa("ssh-keygen", ["-q", ...args]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-host-"));
  await Promise.all(
    ["ca", "other-ca", "key", "other-key"].map((name) => keygen("-t", "ed25519", "-N", "", "-C", name, "-f", file(name))),
  );
  ca = (await execa("ssh-keygen", ["-l", "-f", file("ca.pub")])).stdout.split(" ")[1] ?? "";
});
afterAll(() => rm(folder, { recursive: true }));

/** Certifies the key as told and asks the script about it. */
async function checked(args: readonly string[], options: { signer?: string; key?: string; principals?: string } = {}) {
  const { signer = "ca", key = "key", principals = "localhost" } = options;
  await keygen("-s", file(signer), "-I", "id", ...args, file(`${key}.pub`));
  return ask(file(`${key}-cert.pub`), principals);
}

async function ask(certificate: string, principals = "localhost") {
  const env = { SSH_TRUST_PRINCIPALS: principals };
  const { exitCode, stderr } = await execa("sh", [script, "check", certificate, file("key"), ca], { env, reject: false });
  return { exit: exitCode, says: stderr };
}

const now = ["-V", "-1m:+1h"];
const host = ["-h", "-n", "localhost", ...now];

test.each([
  ["as asked for", host, {}],
  ["several names, in another order", ["-h", "-n", "b.test,a.test", ...now], { principals: "a.test,b.test" }],
  ["an IPv6 address for a name", ["-h", "-n", "fe80::1", ...now], { principals: "fe80::1" }],
])("accepted: %s", async (_what, args, options) => {
  expect(await checked(args, options)).toEqual({ exit: 0, says: "" });
});

test.each([
  ["a user certificate", ["-n", "localhost", ...now], {}, "it is not a host certificate"],
  ["by another CA", host, { signer: "other-ca" }, "another CA signed it"],
  ["for another key", host, { key: "other-key" }, "it is for another key"],
  ["for another name", ["-h", "-n", "evil", ...now], {}, "its principals are not exactly localhost"],
  ["for one name more", ["-h", "-n", "localhost,evil", ...now], {}, "its principals are not exactly"],
  ["for one name more, with a colon", ["-h", "-n", "localhost,*:evil", ...now], {}, "its principals are not exactly"],
  ["for one name less", host, { principals: "localhost,b.test" }, "its principals are not exactly"],
  ["for a pattern", ["-h", "-n", "*", ...now], {}, "its principals are not exactly"],
  ["for nobody, and so for everybody", ["-h", ...now], {}, "its principals are not exactly"],
  ["expired", ["-h", "-n", "localhost", "-V", "-2h:-1h"], {}, "it is not valid now"],
  ["not valid yet", ["-h", "-n", "localhost", "-V", "+1h:+2h"], {}, "it is not valid now"],
  ["valid for ever", ["-h", "-n", "localhost"], {}, "it has no beginning or no end"],
  ["without an end", ["-h", "-n", "localhost", "-V", "-1h:forever"], {}, "it has no beginning or no end"],
  ["without a beginning", ["-h", "-n", "localhost", "-V", "always:+1h"], {}, "it has no beginning or no end"],
  ["with a critical option", [...host, "-O", "critical:source-address=10.0.0.0/8"], {}, "it has critical options"],
])("refused: %s", async (_what, args, options, says) => {
  const answer = await checked(args, options);
  expect(answer.says).toContain(says);
  expect(answer.exit).toBe(1);
});

test.each([
  [
    "a validity",
    "x\n        Valid: from 2020-01-01T00:00:00 to 2099-01-01T00:00:00",
    ["-V", "-2h:-1h"],
    "it has no beginning or no end",
  ],
  [
    "the absence of critical options",
    "x\n        Critical Options: (none)",
    [...now, "-O", "critical:x=y"],
    "it has critical options",
  ],
  ["a CA", `x\n        Signing CA: ED25519 SHA256:0 (using ssh-ed25519)`, now, "another CA signed it"],
])("refused: a key id with a line break in it that forges %s", async (_what, keyId, args, says) => {
  await keygen("-s", file("ca"), "-I", keyId, "-h", "-n", "localhost", ...args, file("key.pub"));
  const answer = await ask(file("key-cert.pub"));
  expect(answer.says).toContain(says);
  expect(answer.exit).toBe(1);
});

test.each([
  ["nothing", ""],
  ["garbage", "not a certificate\n"],
  ["the plain key", undefined],
])("refused: %s", async (_what, content) => {
  const certificate = content === undefined ? file("key.pub") : file("garbage");
  if (content !== undefined) await writeFile(certificate, content);
  expect(await ask(certificate)).toEqual({ exit: 1, says: "ssh-trust-host: error: it is not one certificate" });
});

test("refused: two certificates in one file", async () => {
  await checked(host);
  await execa("sh", ["-c", "cat key-cert.pub key-cert.pub > two"], { cwd: folder });
  expect((await ask(file("two"))).says).toContain("it is not one certificate");
});

/** As files come from editors, from curl and from other systems; ssh-keygen reads them all. */
test.each([
  ["without a final line break", (line: string) => line],
  ["with the line ends of Windows", (line: string) => `${line}\r\n`],
  ["after a comment and an empty line", (line: string) => `# of Monday\n\n${line}\n`],
  ["after a blank", (line: string) => `  ${line}\n`],
  ["with a comment that names a certificate", (line: string) => `${line} root@web-cert-v01\n`],
])("accepted: a file %s", async (_what, written) => {
  await checked(host);
  const [type, key] = (await readFile(file("key-cert.pub"), "utf8")).split(" ");
  await writeFile(file("written"), written(`${type ?? ""} ${key ?? ""}`));
  expect(await ask(file("written"))).toEqual({ exit: 0, says: "" });
});

test.each([
  ["in capitals, with final dots and blanks, and twice", " A.test. ,B.Test,a.test", ["-h", "-n", "a.test,b.test", ...now]],
  ["twice in the certificate", "a.test", ["-h", "-n", "a.test,a.test", ...now]],
])("accepted: names %s", async (_what, principals, args) => {
  expect(await checked(args, { principals })).toEqual({ exit: 0, says: "" });
});

test("accepted: a certificate for a key whose public file is another's, or is not there", async () => {
  await checked(host);
  const certificate = file("key-cert.pub");
  const mine = await readFile(file("key.pub"));
  try {
    await writeFile(file("key.pub"), await readFile(file("other-key.pub")));
    expect(await ask(certificate)).toEqual({ exit: 0, says: "" });
    await rm(file("key.pub"));
    expect(await ask(certificate)).toEqual({ exit: 0, says: "" });
  } finally {
    await writeFile(file("key.pub"), mine);
  }
});

test.each([
  "web_1.example.org",
  "_web",
  "web_",
  "-web",
  "web-",
  "web..eu",
  "web.",
  "*",
  "w eb",
  "[::1]",
  "a".repeat(64),
  "a".repeat(63),
])("%j is a name for it where it is one for the toolkit", async (name) => {
  await checked(host);
  const { says } = await ask(file("key-cert.pub"), name);
  // One form first: a final dot is not part of a name that somebody typed.
  const taken = isHostName(name.replace(/\.$/, ""));
  expect(says.includes("is not a host name")).toBe(!taken);
});

test.each(["curl", "jq", "flock", "ssh", "ssh-keygen"])("without %s it says so, and does nothing", async (absent) => {
  const bin = await mkdtemp(join(folder, "bin-"));
  await mkdir(join(bin, "etc"));
  for (const tool of [
    "curl",
    "jq",
    "flock",
    "ssh",
    "ssh-keygen",
    "awk",
    "mktemp",
    "od",
    "paste",
    "readlink",
    "sync",
    "tail",
    "timeout",
  ]) {
    if (tool !== absent) await symlink("/bin/true", join(bin, tool));
  }
  // The script looks in the system's folders too: they are out of sight here.
  const env = { PATH: bin, SSH_TRUST_DIR: join(bin, "etc") };
  const text = (await readFile(script, "utf8")).replace(/^PATH=.*$/m, "");
  await writeFile(join(bin, "script"), text);
  const { exitCode, stderr } = await execa("/bin/sh", [join(bin, "script"), "once"], { env, extendEnv: false, reject: false });
  expect(stderr).toBe(`ssh-trust-host: error: not installed: ${absent}`);
  expect(exitCode).toBe(1);
});

test("its help is printed where it is asked for", async () => {
  const { exitCode, stdout, stderr } = await execa("sh", [script, "--help"], { reject: false });
  expect(stdout).toContain("ssh-trust-host once");
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
});

test("without a command it shows its help and does nothing", async () => {
  const { exitCode, stderr } = await execa("sh", [script], { reject: false });
  expect(stderr).toContain("ssh-trust-host once");
  expect(exitCode).toBe(2);
});
