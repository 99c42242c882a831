import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { showStatus } from "../../../../lab/face/show-status.js";
import type { CertificateStatus, Status } from "../../../../lab/status.js";

const certificate = (parts: Partial<CertificateStatus>): CertificateStatus => ({
  type: "ssh-rsa-cert-v01@openssh.com",
  certType: "user",
  publicKey: { type: "ssh-rsa", fingerprint: "SHA256:key" },
  signingCa: { type: "ssh-ed25519", bits: 256, fingerprint: "SHA256:0123456789abcdefghij" },
  signatureType: "ssh-ed25519",
  keyId: "alice",
  serial: "1",
  validFrom: "2001-01-01T00:00:00Z",
  validTo: "2001-01-01T00:15:00Z",
  principals: ["admin-ssh-user"],
  criticalOptions: {},
  extensions: {},
  validNow: false,
  ...parts,
});
const status = (parts: Partial<Status>): Status => ({
  docker: "runs",
  vault: { address: "http://localhost:8200", state: "runs, OpenBao 2.7.2" },
  cas: [],
  hosts: [],
  cloud: undefined,
  people: [],
  ...parts,
});

/** Without the colours that it has where the tests run at a terminal. */
const shown = (of: Status) => stripVTControlCharacters(showStatus(of));

describe("a certificate", () => {
  test.each([
    ["that has ended", {}, "ended at 2001-01-01T00:15:00Z"],
    ["that was always valid, and has ended", { validFrom: "always" }, "ended at 2001-01-01T00:15:00Z"],
    ["that has not begun", { validFrom: "2999-01-01T00:00:00Z", validTo: "forever" }, "begins at 2999-01-01T00:00:00Z"],
    ["that is valid", { validNow: true, validTo: "2999-01-01T00:00:00Z" }, "valid until 2999-01-01T00:00:00Z"],
  ])("%s", (_what, parts, verdict) => {
    expect(shown(status({ people: [{ name: "alice", certificate: certificate(parts) }] }))).toContain(
      `alice\n    RSA, for admin-ssh-user, ${verdict}, by SHA256:01234567…`,
    );
  });
});

test("a certificate is by an authority that is there now, or by another", () => {
  const { fingerprint } = certificate({}).signingCa;
  const by = (cas: Status["cas"]) => shown(status({ cas, people: [{ name: "bob", certificate: certificate({}) }] }));
  expect(by([{ mount: "user-ssh", fingerprint }])).toMatch(/, by user-ssh$/);
  expect(by([{ mount: "user-ssh", fingerprint: "SHA256:another" }])).toMatch(/, by SHA256:01234567…$/);
  expect(by([{ mount: "user-ssh", unknown: "Vault does not answer" }])).toMatch(/, by SHA256:01234567…$/);
});

test("the cloud: what runs, and where each service leads", () => {
  const cloud = {
    laptop: true,
    objectStore: false,
    machines: [
      { name: "blue", state: "stopped" },
      { name: "web", state: "running" },
    ],
    services: [
      { name: "shop", leadsTo: undefined },
      { name: "www", leadsTo: "eve" },
    ],
  } as const;
  expect(shown(status({ cloud })).split("\n\n")[3]?.split("\n")).toEqual([
    "cloud",
    "laptop                      runs",
    "object store                does not run",
    "blue                        does not run",
    "web                         runs",
    "shop.lab.test               leads nowhere",
    "www.lab.test                leads to eve",
  ]);
  expect(shown(status({}))).toContain("cloud\nunknown: Docker does not answer");
});

test("fits in 80 columns", () => {
  const long = certificate({ publicKey: { type: "ecdsa-sha2-nistp256", fingerprint: "" }, principals: ["localhost"] });
  const person = { name: "alice", certificate: certificate({}) } as const;
  const host = { name: "ssh-with-signed-hostkey", port: 2022, running: true, certificates: [long] } as const;
  const lines = shown(status({ hosts: [host], people: [person] })).split("\n");
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

describe("an authority", () => {
  test.each([
    ["that cannot be asked for", { unknown: "Vault does not answer" }, "unknown: Vault does not answer"],
    ["without a key", {}, "no key yet"],
    ["with one", { fingerprint: "SHA256:abc" }, "SHA256:abc"],
  ])("%s", (_what, parts, key) => {
    expect(shown(status({ cas: [{ mount: "host-ssh", ...parts }] }))).toContain(`host-ssh                    ${key}\n`);
  });
});
