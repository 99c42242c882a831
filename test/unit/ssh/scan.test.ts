import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { scanHostCertificates } from "../../../src/ssh/scan.js";
import { buildCertificate, strings } from "./build-certificate.js";
import { openWorkshop, securityKeys, type Workshop } from "./support.js";

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

const sshd = "/usr/sbin/sshd";

(existsSync(sshd) ? describe : describe.skip)("of OpenSSH's own sshd", () => {
  let shop: Workshop;
  beforeAll(async () => {
    shop = await openWorkshop(["ecdsa256", "ed25519"]);
    for (const name of ["ecdsa256", "ed25519"] as const) {
      const line = await shop.certify(await shop.publicKey(name), "ed25519", ["-h", "-I", name, "-n", "localhost"]);
      await writeFile(join(shop.folder, `${name}-cert.pub`), line);
    }
  });
  afterAll(() => shop[Symbol.asyncDispose]());

  /** What a scan sees of an sshd with both keys and these certificates. */
  async function scan(certificates: readonly string[]): Promise<string[]> {
    const free = createServer();
    const port = await listen(free);
    await close(free);
    const keys = ["ecdsa256", "ed25519"].map((name) => `HostKey=${join(shop.folder, name)}`);
    const certified = certificates.map((name) => `HostCertificate=${join(shop.folder, `${name}-cert.pub`)}`);
    const options = ["ListenAddress=127.0.0.1", `Port=${String(port)}`, "PidFile=none", ...keys, ...certified];
    // root's sshd wants a folder that only a service has: run as nobody
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    if (process.getuid?.() === 0) await execa("chown", ["-R", "65534", shop.folder]);
    const args = ["-D", "-e", "-f", "/dev/null", ...options.flatMap((one) => ["-o", one])];
    const server = execa(sshd, args, { ...nobody, reject: false });
    const listening = new Promise<void>((resolve) => {
      server.stderr.on("data", (chunk: Buffer) => {
        if (chunk.includes("Server listening")) resolve();
      });
    });
    await Promise.race([listening, server.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
    try {
      const seen = await scanHostCertificates({ host: "127.0.0.1", port, timeoutSeconds: 10 });
      return seen.map(({ keyId }) => keyId).sort();
    } finally {
      server.kill();
      await server;
    }
  }

  test.each([
    ["both", ["ecdsa256", "ed25519"]],
    ["one", ["ed25519"]],
    ["none", []],
  ])("%s", async (_what, certificates) => {
    expect(await scan(certificates)).toEqual(certificates);
  });
});
