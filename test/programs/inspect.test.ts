/** `ssh-trust inspect` as a person types it, on certificates that ssh-keygen makes and describes. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execa } from "execa";
import type { InspectionJson } from "../../src/ssh/inspect/inspection-to-json.js";
import type { VerdictCode } from "../../src/ssh/inspect/verdict-codes.js";
import { sshTrustInHost } from "../support/in-host.js";
import { run, sshTrustFile } from "../support/project.js";
import { badAddressLists, goodAddressLists } from "./address-lists.js";
import { buildCertificate } from "./build-certificate.js";
import { keyNames, openWorkshop, securityKeys, type Workshop } from "./support.js";

jest.setTimeout(180_000);

let shop: Workshop;
const path = (name: string) => join(shop.folder, name);
const keygen = (...args: string[]) => execa("ssh-keygen", ["-q", ...args], { cwd: shop.folder });
const save = (name: string, text: string) => writeFile(path(name), text);
const inspect = (args: readonly string[], input?: string) =>
  sshTrustInHost(["inspect", ...args], { cwd: shop.folder, ...(input === undefined ? {} : { input }) });
/** The same as a process of its own, with a pipe as its standard input. */
const inspectProcess = (args: readonly string[], input: string) =>
  run(process.execPath, [sshTrustFile, "inspect", ...args], { cwd: shop.folder, input });

interface Entry extends InspectionJson {
  readonly file: string;
  readonly line: number;
  readonly prefix: string;
}
async function inspectJson(...args: string[]): Promise<{ readonly entries: Entry[]; readonly exit: number }> {
  const { stdout, exit } = await inspect(["--format", "json", ...args]);
  return { entries: JSON.parse(stdout) as Entry[], exit };
}

beforeAll(async () => {
  shop = await openWorkshop();
  await keygen("-t", "rsa", "-b", "1024", "-N", "", "-C", "old", "-f", "weak");
  await save("hosts", `web ${await shop.publicKey("rsa")}`);
  await save("cert.pub", await shop.certify(await shop.publicKey("ecdsa256"), "ed25519", user));
});
afterAll(() => shop[Symbol.asyncDispose]());

const short = ["-V", "-5m:+1h"];
const user = ["-n", "deploy", ...short];
const host = ["-h", "-n", "web.example.org", ...short];

describe("a certificate of ssh-keygen's with a problem: exit status 1", () => {
  // the third column: what follows `ssh-keygen -s`; the fourth: which CAs are trusted
  const all = "ed25519.pub,weak.pub,rsa.pub";
  test.each<[code: VerdictCode, args: readonly string[], signer: string, cas: string]>([
    ["expired", ["-n", "deploy", "-V", "20200101:20200102"], "ed25519", all],
    ["not-yet-valid", ["-n", "deploy", "-V", "+1d:+2d"], "ed25519", all],
    ["no-principals", short, "ed25519", all],
    ["no-principals", ["-h", ...short], "ed25519", all],
    ["wildcard-principal", ["-h", "-n", "*.example.org", ...short], "ed25519", all],
    ["wildcard-principal", ["-n", "deploy,*", ...short], "ed25519", all],
    ["malformed-principal", ["-n", "deploy root", ...short], "ed25519", all],
    ["unknown-critical-option", [...user, "-O", "critical:x@example.org=y"], "ed25519", all],
    ["restriction-ignored", [...user, "-O", "extension:force-command=x"], "ed25519", all],
    ["host-critical-option", [...host, "-O", "critical:x@example.org=y"], "ed25519", all],
    ["weak-ca-key", user, "weak", all],
    ["signature-sha1", user, "rsa -t ssh-rsa", all],
    ["self-signed", user, "ecdsa256", "ecdsa256.pub"],
    ["unknown-ca", user, "ed25519", "rsa.pub"],
  ])("%s: %j, signed with %s", async (code, args, signer, cas) => {
    await save("key.pub", await shop.publicKey("ecdsa256"));
    await keygen("-s", ...signer.split(" "), "-I", "key id", ...args, "key.pub");
    const { stdout, stderr, exit } = await inspect([...cas.split(",").flatMap((file) => ["--ca", file]), "key-cert.pub"]);
    expect(stdout).toMatch(new RegExp(`^ {16}BAD {3}.* {2}\\[${code}\\]\\n {22}→ .`, "m"));
    expect([...stdout.matchAll(/BAD/g)]).toHaveLength(1);
    expect(stderr).toMatch(
      /^ssh-trust: error: key-cert\.pub has a problem: .* {2}\[INSPECT_FOUND_PROBLEMS\]\nssh-trust: hint: ./,
    );
    expect(exit).toBe(1);
  });

  test("weak-key, as a certificate and as a plain key", async () => {
    await keygen("-s", "ed25519", "-I", "key id", ...user, "weak.pub");
    const { entries, exit } = await inspectJson("weak-cert.pub", "weak.pub");
    expect(entries.map(({ ok, verdicts }) => [ok, verdicts[0]?.code])).toEqual([
      [false, "weak-key"],
      [false, "weak-key"],
    ]);
    expect(exit).toBe(1);
  });

  test("signature-invalid: one byte of the key id was changed", async () => {
    const [type = "", base64 = ""] = (await readFile(path("cert.pub"), "utf8")).split(" ");
    const blob = Buffer.from(base64, "base64");
    blob.write("kex id", blob.indexOf("key id"), "latin1");
    await save("forged.pub", `${type} ${blob.toString("base64")}\n`);
    expect((await inspectJson("--ca", "ed25519.pub", "forged.pub")).entries[0]?.verdicts[0]?.code).toBe("signature-invalid");
  });

  test("several problems are counted, and the hint mends the first", async () => {
    await save("old.pub", await shop.certify(await shop.publicKey("rsa"), "ed25519", ["-n", "*", "-V", "20200101:20200102"]));
    const { stderr } = await inspect(["--ca", "rsa.pub", "cert.pub", "old.pub"]);
    expect(stderr).toMatch(/cert\.pub has a problem: the CA is none .* \(and 3 more problems\) {2}\[INSPECT/);
    expect(stderr).toContain("hint: have it signed by a CA that you trust");
  });
});

describe("in order: exit status 0", () => {
  test.each(["user", "host"] as const)("a %s certificate by a trusted CA has no warning", async (kind) => {
    await save("good.pub", await shop.certify(await shop.publicKey("ed25519"), "rsa", kind === "user" ? user : host));
    await save("known_hosts", `web ${await shop.publicKey("ed25519")}@cert-authority * ${await shop.publicKey("rsa")}`);
    for (const ca of ["rsa.pub", "known_hosts"]) {
      const { entries, exit } = await inspectJson("--ca", ca, "good.pub");
      expect(entries[0]?.verdicts.map(({ code, level }) => `${level} ${code}`)).toEqual([
        "ok trusted-ca",
        "ok signature-valid",
        "ok valid-now",
        `ok ${kind}-certificate`,
        "ok strong-key",
      ]);
      expect(exit).toBe(0);
    }
  });

  test("without --ca, that is a warning with the CA's fingerprint", async () => {
    const { stdout, stderr, exit } = await inspect(["cert.pub"]);
    const { stdout: print } = await execa("ssh-keygen", ["-l", "-f", path("ed25519.pub")]);
    expect(stdout).toContain(
      `warn  no trusted CA was given (--ca), so its CA was not checked: ED25519 ${print.split(" ")[1] ?? ""}  [ca-is-not-checked]`,
    );
    expect({ stderr, exit }).toEqual({ stderr: "", exit: 0 });
  });
});

describe("shows what ssh-keygen shows", () => {
  test.each([
    ["a user's", [...user, "-z", "7", "-O", "force-command=/bin/echo hi", "-O", "source-address=10.0.0.0/8", "-O", "no-pty"]],
    ["a host's", host],
    ["one of everything", ["-n", "a,b", "-z", "18446744073709551615", "-O", "extension:login@example.org=alice"]],
  ])("%s certificate", async (_what, args) => {
    for (const key of [...(await Promise.all(keyNames.map(shop.publicKey))), ...Object.values(securityKeys)]) {
      const certificate = await shop.certify(key, "ecdsa521", args);
      const { stdout } = await inspect(["-"], certificate);
      expect(stdout.replace("(stdin):\n", "")).toMatch(/\n {8}Comment: .*\n {8}Verdicts: \n/);
      expect(stdout.split(/\n {8}(?:Application|Comment): /)[0]).toBe(`(stdin):\n${(await shop.list(certificate)) ?? ""}`);
    }
  });

  test.each(["sha256", "md5"])("the fingerprint of a key and of its certificate, as %s", async (hash) => {
    for (const key of [...(await Promise.all(keyNames.map(shop.publicKey))), ...Object.values(securityKeys)]) {
      await save("both.pub", `${key.trim()}\n${await shop.certify(key, "ed25519", user)}`);
      const { stdout } = await execa("ssh-keygen", ["-l", "-E", hash, "-f", path("both.pub")]);
      const said = (await inspectJson("both.pub")).entries.map((each) => ({
        bits: String(each.key?.bits),
        print: hash === "md5" ? each.key?.md5 : each.key?.fingerprint,
      }));
      const theirs = stdout.split("\n").map((line) => ({ bits: line.split(" ")[0], print: line.split(" ")[1] }));
      expect(said).toEqual(theirs);
    }
  });

  test("a plain key", async () => {
    const sha256 = (await execa("ssh-keygen", ["-l", "-f", path("rsa.pub")])).stdout.split(" ")[1] ?? "";
    const md5 = (await execa("ssh-keygen", ["-l", "-E", "md5", "-f", path("rsa.pub")])).stdout.split(" ")[1] ?? "";
    expect((await inspect(["rsa.pub"])).stdout).toBe(
      `rsa.pub:
        Type: ssh-rsa public key
        Public key: RSA ${sha256}
                        ${md5}
        Size: 2048 bits
        Comment: rsa comment
        Verdicts: 
                ok    a plain public key, not a certificate: it does not say whose it is or until when it is valid  [plain-key]
                ok    the key is strong enough: RSA, 2048 bits  [strong-key]`,
    );
  });
});

describe("files", () => {
  test("several lines, with comments, line ends of Windows and no final one, from standard input", async () => {
    const text = `# mine\r\n${(await shop.publicKey("rsa")).trim()}\r\n\r\nweb ${(await shop.publicKey("ed25519")).trim()}`;
    const { stdout, exit } = await inspectProcess(["-"], text);
    expect(stdout.match(/^\S.*$/gm)).toEqual(["(stdin):2:", "(stdin):4: web"]);
    expect(exit).toBe(0);
  });

  test("a line that cannot be read is a problem of its own", async () => {
    await save("some.pub", `${await shop.publicKey("rsa")}what is this\n`);
    const { entries, exit } = await inspectJson("some.pub");
    expect(entries).toMatchObject([
      { file: "some.pub", line: 1, prefix: "", kind: "key", ok: true },
      { line: 2, kind: "unreadable", type: "", ok: false, key: null, certificate: null, comment: "" },
    ]);
    expect(exit).toBe(1);
  });

  test.each([
    ["a private key", ["rsa"], 1, "rsa is not an SSH public key: it is a private key  [KEY_NOT_PUBLIC]"],
    ["no file", ["nope.pub"], 1, "there is no key file nope.pub  [KEY_FILE_MISSING]"],
    ["no CA's file", ["--ca", "nope.pub", "cert.pub"], 1, "there is no key file nope.pub  [KEY_FILE_MISSING]"],
    ["a certificate as CA", ["--ca", "cert.pub", "cert.pub"], 1, "it is a certificate, not the plain key  [KEY_NOT_PUBLIC]"],
    ["a folder", ["."], 1, "it is a folder  [KEY_FILE_UNREADABLE]\nssh-trust: hint: name a file in it, such as: ls ."],
    ["a known_hosts without a CA", ["--ca", "hosts", "cert.pub"], 1, "hosts names no CA: none of its lines is marked with"],
    ["no argument", [], 2, "<file...> is missing"],
    ["an unknown format", ["--format", "yaml", "cert.pub"], 2, '--format is text or json, not "yaml"'],
    ["nothing on standard input", ["-"], 1, "nothing came in on standard input  [KEY_FILE_UNREADABLE]"],
  ])("refused: %s", async (_what, args, exit, says) => {
    const ran = await inspect(args, "");
    expect(ran).toMatchObject({ exit, stdout: "", stderr: expect.stringContaining(says) as unknown });
    expect(ran.stderr).toContain("ssh-trust: hint: ");
  });

  test("refused: more on standard input than a key file may have", async () => {
    const { stderr, exit } = await inspectProcess(["-"], "#".repeat(1024 * 1024 + 1));
    expect(stderr).toContain("it is too large for a key (over 1 MiB)  [KEY_FILE_UNREADABLE]");
    expect(exit).toBe(1);
  });

  test("one that cannot be read does not hide the others", async () => {
    const { stdout, stderr, exit } = await inspect(["nope.pub", "rsa.pub", "rsa"]);
    expect(stdout).toMatch(/^rsa\.pub:\n/);
    expect(stderr).toMatch(/^there is no key file nope\.pub\nssh-trust: error: rsa is not .* \[KEY_NOT_PUBLIC\]\n/);
    expect(exit).toBe(1);
  });
});

test("text in a certificate cannot take over the terminal", async () => {
  const evil = "a\u001b[2J\u009b\u202eb";
  await save("comment.pub", `${(await shop.publicKey("rsa")).trim()} \u202eevil\n`);
  await keygen("-s", "ed25519", "-I", evil, "-n", evil, "-O", `force-command=${evil}`, "comment.pub");
  await save("host.pub", `${evil.replaceAll(/\p{Cc}/gu, "")} ${await shop.publicKey("rsa")}`);
  const built = buildCertificate({ keyId: evil });
  await save("built.pub", built);
  for (const args of [[], ["--format", "json"]]) {
    const { all } = await inspect([...args, "comment-cert.pub", "comment.pub", "built.pub", "host.pub"]);
    expect(all.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    expect(all).toContain("evil");
  }
});

describe("source-address: ssh-keygen agrees", () => {
  const accepted = async (list: string) => {
    await save("address.pub", await shop.publicKey("ed25519"));
    const args = ["-q", "-s", "ed25519", "-I", "x", "-O", `source-address=${list}`, "address.pub"];
    return !(await execa("ssh-keygen", args, { cwd: shop.folder, reject: false })).failed;
  };
  test.each(badAddressLists)("%j is refused", async (list) => {
    expect(await accepted(list)).toBe(false);
  });
  test.each(goodAddressLists)("%j is accepted", async (list) => {
    expect(await accepted(list)).toBe(true);
  });
});
