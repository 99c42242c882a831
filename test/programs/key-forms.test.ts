/** Each of what is refused as a public key has a hint of its own: it is done, and then there is a public key, that of what was named. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execa } from "execa";
import { SshTrustError } from "../../src/errors/failure.js";
import { readCertificateFile, readPublicKeyFile } from "../../src/ssh/key-file.js";
import { parsePublicKey, type PublicKey } from "../../src/ssh/public-key.js";
import { strings } from "./build-certificate.js";
import { keyLine } from "./support.js";

jest.setTimeout(60_000);

let folder = "";
const path = (name: string) => join(folder, name);
const sh = async (script: string) => (await execa("sh", ["-euc", script], { cwd: folder })).stdout;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-forms-"));
  await sh(`for each in rsa ecdsa ed25519; do ssh-keygen -q -t $each -N "" -C "of $each" -f $each; done
    ssh-keygen -q -s ed25519 -I id -n name rsa.pub`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function refusalOf(file: string): Promise<SshTrustError> {
  const refusal: unknown = await readPublicKeyFile(file).catch((error: unknown) => error);
  if (refusal instanceof SshTrustError && refusal.code === "KEY_NOT_PUBLIC") return refusal;
  throw new Error(`${file} was not refused`, { cause: refusal });
}

/** Runs a command of the hint, and reads the public key that it wrote. */
async function mended({ hint }: SshTrustError, which = -1, more = ""): Promise<PublicKey> {
  const run = hint.at(which)?.run;
  const command = (typeof run === "string" ? run : "").replaceAll("<key>", path("step")).replaceAll("<file>", path("new"));
  expect(command).not.toMatch(/^$|<[a-z]/);
  await sh(`${command}${more}`);
  return readPublicKeyFile(/ > (\S+)$/.exec(command)?.[1] ?? path("new.pub"));
}

const fingerprintOf = async (name: string) => parsePublicKey(await readFile(path(`${name}.pub`), "utf8")).fingerprint;
const pem = (name: string, form: string) =>
  `cp ${name} copy && ssh-keygen -q -p -N '' -m ${form} -f copy > keygen.log && cat copy`;
const tls = `${pem("rsa", "PEM")} > tls.key && openssl req -key tls.key -subj /CN=x`;

describe("its key is that of", () => {
  test.each([
    ["a private key of OpenSSH", "ed25519", "cat ed25519", /it is a private key$/],
    ["a private key in PEM form", "rsa", pem("rsa", "PEM"), /a private key$/],
    ["a private key in the form of PKCS#8", "ecdsa", pem("ecdsa", "PKCS8"), /a private key$/],
    [
      "a private key behind the parameters of its curve",
      "ecdsa",
      `printf '%s\\n' '-----BEGIN EC PARAMETERS-----' 'BggqhkjOPQMBBw==' '-----END EC PARAMETERS-----' && ${pem("ecdsa", "PEM")}`,
      /a private key$/,
    ],
    ["X.509 behind a text", "rsa", `${tls} -x509 -text`, /a certificate of TLS/],
    ["RFC 4716", "ed25519", "ssh-keygen -e -f ed25519.pub", /RFC 4716$/],
    ["PKCS#8, RSA", "rsa", "ssh-keygen -e -m PKCS8 -f rsa.pub", /in PEM form \(PKCS#8\)$/],
    ["PKCS#8, ECDSA", "ecdsa", "ssh-keygen -e -m PKCS8 -f ecdsa.pub", /in PEM form \(PKCS#8\)$/],
    ["PKCS#1", "rsa", "ssh-keygen -e -m PEM -f rsa.pub", /in PEM form \(PKCS#1\)$/],
    ["X.509", "rsa", `${tls} -x509`, /a certificate of TLS \(X\.509\), not of SSH$/],
    ["a request for X.509", "rsa", `${tls} -new`, /a request for a certificate of TLS$/],
    ["a line of known_hosts", "ecdsa", "printf 'web,192.0.2.1 ' && cat ecdsa.pub", /there is something in front/],
    ["a line of authorized_keys", "rsa", "printf 'command=\"echo hello\",no-pty ' && cat rsa.pub", /there is something in front/],
    ["two keys: the first", "ecdsa", "cat ecdsa.pub rsa.pub", /it has 2 lines/],
  ])("%s", async (_what, name, make, says) => {
    for (const file of [path("what.txt"), path("what.pub")]) {
      const content = `${await sh(make)}\n`;
      await writeFile(file, content, { mode: 0o644 });
      const refusal = await refusalOf(file);
      expect(refusal.message).toMatch(says);
      expect((await mended(refusal)).fingerprint).toBe(await fingerprintOf(name));
      expect(await readFile(file, "utf8")).toBe(content);
    }
  });

  test("PKCS#8, Ed25519, which ssh-keygen does not convert", async () => {
    await sh("openssl genpkey -algorithm ed25519 -out tls.key && openssl pkey -in tls.key -pubout -out what.pem");
    const { stdout } = await execa("openssl", ["pkey", "-in", path("tls.key"), "-pubout", "-outform", "DER"], {
      encoding: "buffer",
    });
    const refusal = await refusalOf(path("what.pem"));
    expect(refusal.message).toMatch(/in PEM form \(PKCS#8\)$/);
    expect((await mended(refusal)).blob.subarray(-32)).toEqual(Buffer.from(stdout).subarray(-32));
  });

  test("PGP, with a part for authentication", async () => {
    const home = await mkdtemp("/tmp/pgp-");
    const gpg = `GNUPGHOME=${home} gpg --batch --quiet --passphrase ''`;
    await sh(`${gpg} --quick-generate-key alice@example.org ed25519 auth && ${gpg} --armor --export > what.asc`);
    const refusal = await refusalOf(path("what.asc"));
    expect(refusal.message).toMatch(/it is a PGP key, not one of SSH$/);
    const run = refusal.hint[0]?.run;
    await sh(`GNUPGHOME=${home} ${typeof run === "string" ? run.replace("<key id>", "alice@example.org") : ""}`);
    expect((await readPublicKeyFile(path("what.asc.pub"))).kind).toBe("ED25519");
    await sh(`GNUPGHOME=${home} gpgconf --kill all`);
    await rm(home, { recursive: true, force: true });
  });
});

describe("where only the private key can help, it writes the public one again", () => {
  test.each([
    ["nothing", "", /it is empty$/],
    ["a comment", "# of Alice\n", /it is a comment$/],
    ["half a key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI\n", /not base64$|cut off$/],
    ["something else", "please let me in\n", /does not begin with a key type/],
    ["its certificate", undefined, /it is a certificate, not the plain key$/],
  ])("%s", async (_what, content, says) => {
    const before = await fingerprintOf("rsa");
    await writeFile(path("rsa.pub"), content ?? (await readFile(path("rsa-cert.pub"), "utf8")));
    const refusal = await refusalOf(path("rsa.pub"));
    expect(refusal.message).toMatch(says);
    expect((await mended(refusal)).fingerprint).toBe(before);
  });

  test("a certificate's own file", async () => {
    const refusal = await refusalOf(path("rsa-cert.pub"));
    expect((await mended(refusal)).fingerprint).toBe(await fingerprintOf("rsa"));
  });
});

describe("where no key can be saved, a new one is generated", () => {
  const another = /^generate a new key/;
  test.each([
    ["a DSA key", keyLine("ssh-dss", strings("ssh-dss", "p")), /it is a DSA key/, another],
    ["an RSA key of 768 bits", keyLine("ssh-rsa", strings("ssh-rsa", "\u0001", Buffer.alloc(96, 0x7f))), /too small/, another],
    [
      "an RSA key of 16392 bits",
      keyLine("ssh-rsa", strings("ssh-rsa", "\u0001", Buffer.alloc(2049, 0x7f))),
      /too large/,
      another,
    ],
    ["other PEM", "-----BEGIN DH PARAMETERS-----\n", /in PEM form, and no public key$/, /^name an SSH public key/],
  ])("%s", async (_what, content, says, say) => {
    await writeFile(path("old.pub"), content);
    await rm(path("new"), { force: true });
    const refusal = await refusalOf(path("old.pub"));
    expect(refusal.message).toMatch(says);
    expect(refusal.hint[0]?.say).toMatch(say);
    expect((await mended(refusal, -1, " -q -N ''")).kind).toBe("ED25519");
  });
});

test("a private key of PuTTY's: its own program writes the public one", async () => {
  await writeFile(path("key.ppk"), "PuTTY-User-Key-File-3: ssh-ed25519\n");
  const { hint } = await refusalOf(path("key.ppk"));
  const run = `puttygen ${path("key.ppk")} -O public-openssh -o ${path("key.ppk.pub")}`;
  expect(hint).toEqual([{ say: "keep it secret, and name its public key; where there is none, write it", run }]);
});

test("where nobody knows which file it is from, its places are left open", () => {
  expect(() => parsePublicKey("-----BEGIN PUBLIC KEY-----")).toThrow(
    expect.objectContaining({ hint: [{ say: "convert it", run: "ssh-keygen -i -m PKCS8 -f <file> > <new>.pub" }] }),
  );
});

describe("where a certificate belongs", () => {
  const refused = async (script: string): Promise<SshTrustError> => {
    await sh(`${script} > named-cert.pub`);
    const refusal: unknown = await readCertificateFile(path("named-cert.pub")).catch((error: unknown) => error);
    if (refusal instanceof SshTrustError && refusal.code === "CERTIFICATE_INVALID") return refusal;
    throw new Error(`${script} was not refused`, { cause: refusal });
  };
  const says = ({ hint }: SshTrustError) => hint.map(({ say }) => say).join("; ");
  const command = ({ hint }: SshTrustError) => hint.map(({ run }) => (typeof run === "string" ? run : "")).join("\n");

  test.each(["rsa.pub", "rsa"])("%s: the hinted command shows the certificate beside it", async (name) => {
    const refusal: unknown = await readCertificateFile(path(name)).catch((error: unknown) => error);
    expect(await sh(command(refusal as SshTrustError))).toContain('Key ID: "id"');
  });

  test("two of them: the first is written to a file, and is read there", async () => {
    const error = await refused("cat rsa-cert.pub rsa-cert.pub");
    await sh(command(error));
    const { keyId } = await readCertificateFile(/ > (\S+)$/.exec(command(error))?.[1] ?? "");
    expect(keyId).toBe("id");
  });

  test.each([
    ["half of one", "head -c 300 rsa-cert.pub", /copy it again/],
    ["a request that failed", "echo '<html>'", /copy it again/],
    ["a plain key under a certificate's name", "cat rsa.pub", /have the key signed again/],
    ["nothing", "true", /have the key signed again/],
    ["a certificate of TLS", `${tls} -x509`, /name an SSH certificate/],
    ["a line of authorized_keys", "sed 's/^/cert-authority /' rsa-cert.pub", /write the certificate alone/],
  ])("%s", async (_, script, words) => {
    expect(says(await refused(script))).toMatch(words);
  });
});
