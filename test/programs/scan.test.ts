import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { scanHost, scanHostCertificates } from "../../src/ssh/scan.js";
import { buildCertificate, strings } from "./build-certificate.js";
import { keyLine, securityKeys } from "./support.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-scan-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A program that prints this in place of ssh-keyscan; its arguments go to a file. */
async function keyscanThat(prints: string, end = "exit 0"): Promise<string> {
  await writeFile(join(folder, "output"), prints);
  const file = join(folder, "keyscan");
  await writeFile(file, `#!/bin/sh\necho "$*" > "${folder}/arguments"\ncat "${folder}/output"\n${end}\n`, { mode: 0o755 });
  return file;
}

const request = { host: "localhost", port: 2022, timeoutSeconds: 1 };
const certificate = (keyId: string) => `${buildCertificate({ keyId }).split(" ").slice(0, 2).join(" ")}\n`;

describe("the certificates that a server presents", () => {
  test.each([
    ["none", "", []],
    ["none, with what old versions print about the server", "# localhost:2022 SSH-2.0-OpenSSH_9.2\n", []],
    ["one", certificate("a"), ["a"]],
    ["one for each type of key", certificate("a") + certificate("b"), ["a", "b"]],
  ])("%s", async (_what, prints, keyIds) => {
    const keyscan = await keyscanThat(prints);
    const certificates = await scanHostCertificates({ ...request, keyscan });
    expect(certificates.map(({ keyId }) => keyId)).toEqual(keyIds);
  });

  test("one, though ssh-keyscan failed for the others", async () => {
    const keyscan = await keyscanThat(certificate("a"), "echo 'Connection reset' >&2; exit 1");
    expect(await scanHostCertificates({ ...request, keyscan })).toHaveLength(1);
  });

  test.each([
    ["a plain key", securityKeys.ed25519],
    ["half a certificate", certificate("a").slice(0, 200)],
    ["a certificate of no known kind", buildCertificate({ certType: 9 })],
    ["a certificate that takes over the terminal", buildCertificate({ keyId: "\u001b[2J", principals: strings("\0") })],
  ])("are not %s", async (_what, prints) => {
    const keyscan = await keyscanThat(prints);
    await expect(scanHostCertificates({ ...request, keyscan })).rejects.toMatchObject({ code: "CERTIFICATE_INVALID" });
  });
});

/** What OpenSSH 10.6 presents besides: a type without a version, and 4 KiB of key, which are left out here. */
const newType = `${keyLine("ssh-mldsa44-ed25519-cert", strings("ssh-mldsa44-ed25519-cert", "nonce"))}\n`;
/** A known type, by a CA whose key is of a new one. */
const newCa = buildCertificate({ ca: strings("ssh-mldsa44-ed25519", "key") })
  .split(" ")
  .slice(0, 2)
  .join(" ");

describe("one that cannot be read does not hide the others, and is named", () => {
  const unknown = { kind: "unknown-type", problem: "ssh-trust does not know this type" };
  const unreadable = { kind: "unreadable", type: "ssh-ed25519-cert-v01@openssh.com" };
  test.each([
    ["a certificate of a type of 10.6", newType, { ...unknown, type: "ssh-mldsa44-ed25519-cert" }],
    [
      "half a certificate",
      `${certificate("c").slice(0, 200)}\n`,
      { ...unreadable, problem: expect.stringMatching(/cut off|base64/) },
    ],
    [
      "a type whose certificate is of another",
      newType.replace("-cert ", "-cart "),
      { kind: "unreadable", type: "ssh-mldsa44-ed25519-cart" },
    ],
    [
      "a certificate by a CA of a type of 10.6",
      `${newCa}\n`,
      { ...unreadable, problem: "its CA key: its type is ssh-mldsa44-ed25519, which ssh-trust does not know" },
    ],
    ["a type that moves the cursor", "\u001b[2J AAAA\n", { kind: "unreadable", type: "\\033[2J" }],
  ])("%s", async (_what, odd, named) => {
    const keyscan = await keyscanThat(certificate("a") + odd + certificate("b"));
    const { certificates, leftOut } = await scanHost({ ...request, keyscan });
    expect(certificates.map(({ keyId }) => keyId)).toEqual(["a", "b"]);
    expect(leftOut).toHaveLength(1);
    expect(leftOut[0]).toMatchObject(named);
    expect(await scanHostCertificates({ ...request, keyscan })).toHaveLength(2);
  });

  test("where there are only such as a newer OpenSSH knows, none is seen", async () => {
    const keyscan = await keyscanThat(newType);
    expect(await scanHostCertificates({ ...request, keyscan })).toEqual([]);
    expect((await scanHost({ ...request, keyscan })).leftOut).toHaveLength(1);
  });
});

describe("the forms of ssh-keyscan's output", () => {
  const banner = "# localhost:2200 SSH-2.0-OpenSSH_10.6p1 Debian-1\n";
  test.each([
    ["8.4 and 9.2: nothing but certificates", certificate("a") + certificate("b")],
    ["10.0 and 10.6: a comment before each", banner + certificate("a") + banner + banner + certificate("b") + banner],
    ["its manual: the host in front", `localhost ${certificate("a")}[localhost]:2200 ${certificate("b")}`],
    [
      "line ends of Windows, blanks, no line end at the end",
      `${certificate("a").trim()}\r\n\r\n \t\r\n  ${certificate("b").trim()}`,
    ],
  ])("%s", async (_what, prints) => {
    const keyscan = await keyscanThat(prints);
    const { certificates, leftOut } = await scanHost({ ...request, keyscan });
    expect({ keyIds: certificates.map(({ keyId }) => keyId), leftOut }).toEqual({ keyIds: ["a", "b"], leftOut: [] });
  });
});

describe("refused before anything runs", () => {
  test.each([
    ["an option for a host", { host: "-oProxyCommand=id" }],
    ["no host", { host: "" }],
    ["two hosts", { host: "a,b" }],
    ["a blank in a host", { host: "a b" }],
    ["a line break in a host", { host: "a\nb" }],
    ["a network for a host", { host: "10.0.0.0/8" }],
    ["port 0", { port: 0 }],
    ["port 65536", { port: 65536 }],
    ["half a port", { port: 22.5 }],
    ["no port", { port: Number.NaN }],
    ["no time", { timeoutSeconds: 0 }],
    ["half a second", { timeoutSeconds: 0.5 }],
  ])("%s", async (_what, wrong) => {
    await expect(scanHostCertificates({ ...request, keyscan: "/nonexistent", ...wrong })).rejects.toMatchObject({
      code: "USAGE",
    });
  });

  test("a program that is not there", async () => {
    await expect(scanHostCertificates({ ...request, keyscan: "/nonexistent" })).rejects.toMatchObject({ code: "TOOL_MISSING" });
  });
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("no port");
  return address.port;
}

async function close(server: Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}

describe("with the real ssh-keyscan, nothing is seen", () => {
  test("where nobody listens", async () => {
    const server = createServer();
    const port = await listen(server);
    await close(server);
    expect(await scanHostCertificates({ ...request, host: "127.0.0.1", port })).toEqual([]);
  });

  test.each([
    ["hangs up", ""],
    ["speaks another protocol", "220 mail.example.org ESMTP\r\n"],
    ["stops after its greeting", "SSH-2.0-Silent\r\n"],
  ])("where a server %s", async (_what, greeting) => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      if (greeting === "") socket.destroy();
      else socket.resume().write(greeting);
    });
    const port = await listen(server);
    expect(await scanHostCertificates({ ...request, host: "127.0.0.1", port })).toEqual([]);
    await close(server);
  });
});
