import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { parseCertificate } from "../../src/ssh/certificate.js";
import { certificateToJson, describeCertificate } from "../../src/ssh/describe-certificate.js";
import { printable } from "../../src/ground/printable.js";
import { buildCertificate, options, strings, type Parts } from "./build-certificate.js";

const read = (changes: Partial<Parts>) => parseCertificate(buildCertificate(changes));

describe("text that a stranger chose cannot take over the terminal", () => {
  test.each([
    ["a line break", "a\nb", "a\\012b"],
    ["a carriage return", "a\rb", "a\\015b"],
    ["a tab", "a\tb", "a\\011b"],
    ["an escape sequence", "\u001b[2Ja", "\\033[2Ja"],
    ["delete", "a\u007f", "a\\177"],
    ["an 8-bit control character", "\u009b2J", "\\302\\2332J"],
    ["text turned around", "a\u202eb", "a\\342\\200\\256b"],
    ["a separator of lines", "a\u2028b", "a\\342\\200\\250b"],
  ])("%s", (_what, text, safe) => {
    expect(printable(text)).toBe(safe);
    const lines = describeCertificate(
      read({
        keyId: text,
        principals: strings(text),
        critical: options("force-command", strings(text), text, ""),
        extensions: options(text, strings(text)),
      }),
    ).split("\n");
    expect(lines).toHaveLength(13);
    expect(lines[3]).toBe(`        Key ID: "${safe}"`);
    expect(lines[7]).toBe(`                ${safe}`);
    expect(lines[9]).toBe(`                force-command ${safe}`);
    expect(lines[10]).toBe(`                ${safe} UNKNOWN FLAG OPTION`);
    expect(lines[12]).toContain(`                ${safe} UNKNOWN OPTION: `);
  });

  test.each(["plain", "Zoë", "鍵 🔑", "back\\slash", 'quo"te', "\u00a0", "\u200d"])("%j stays as it is", (text) => {
    expect(printable(text)).toBe(text);
  });
});

describe("times are local, as ssh-keygen's are", () => {
  const certificate = buildCertificate({ validAfter: 1_743_296_400n, validBefore: 2_550_000_000n });
  const script = fileURLToPath(new URL("describe-file.ts", import.meta.url));

  // summer time begins in Berlin at validAfter + 0 s; Kolkata is off by half an hour
  test.each(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"])("%s", async (zone) => {
    if (!existsSync(`/usr/share/zoneinfo/${zone}`)) return;
    const inZone = { input: certificate, env: { TZ: zone }, cwd: dirname(script) };
    const [ours, theirs] = await Promise.all([
      execa(process.execPath, ["--import", "tsx", script], inZone),
      execa("ssh-keygen", ["-L", "-f", "-"], inZone),
    ]);
    expect(`(stdin):1:\n${ours.stdout}`).toBe(theirs.stdout);
  });
});

describe("as JSON", () => {
  test("everything, in a form that survives", () => {
    const json = certificateToJson(
      read({
        serial: 2n ** 64n - 1n,
        certType: 1,
        keyId: "user-ssh:alice",
        principals: strings("admin-ssh-user"),
        validAfter: 1_767_225_600n,
        validBefore: 1_767_226_500n,
        critical: options("force-command", strings("id")),
        extensions: options("permit-pty", "", "__proto__", strings("x")),
      }),
    );
    const fingerprint = expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(JSON.parse(JSON.stringify(json))).toEqual({
      type: "ssh-ed25519-cert-v01@openssh.com",
      certType: "user",
      publicKey: { type: "ssh-ed25519", fingerprint },
      signingCa: { type: "ssh-ed25519", bits: 256, fingerprint },
      signatureType: "ssh-ed25519",
      keyId: "user-ssh:alice",
      serial: "18446744073709551615",
      validFrom: "2026-01-01T00:00:00Z",
      validTo: "2026-01-01T00:15:00Z",
      principals: ["admin-ssh-user"],
      criticalOptions: { "force-command": "id" },
      extensions: JSON.parse('{ "permit-pty": "", "__proto__": "x" }') as unknown,
    });
  });

  test("without an end", () => {
    expect(certificateToJson(read({}))).toMatchObject({ validFrom: "always", validTo: "forever" });
  });

  test("with an end that no Date can hold", () => {
    expect(certificateToJson(read({ validBefore: 2n ** 63n }))).toMatchObject({ validTo: "+275760-09-13T00:00:00Z" });
  });
});
