/** What Vault signed is looked at before anybody uses it. The Vault here answers what it is told to. */
import { expect, test } from "@jest/globals";
import { signKey } from "../../../src/people/sign.js";
import type { SshRole } from "../../../src/roles.js";
import { parsePublicKey } from "../../../src/ssh/public-key.js";
import type { VaultClient } from "../../../src/vault/vault-client.js";
import { buildCertificate, ed25519Signer, options, strings, type Parts } from "../../programs/build-certificate.js";
import { keyLine } from "../../programs/support.js";

const role: SshRole = {
  mount: "users",
  name: "users",
  certificates: "user",
  principals: ["deploy"],
  ttl: 60,
  maxTtl: 60,
  extensions: { "permit-pty": "" },
};
const ca = ed25519Signer();
const key = Buffer.alloc(32, 2);
const good: Partial<Parts> = {
  certType: 1,
  key: strings(key),
  principals: strings("deploy"),
  extensions: options("permit-pty", ""),
  ca: ca.blob,
  sign: ca.sign,
};

/** Asks a Vault that answers with this certificate. */
const signed = (certificate: string, now = () => Promise.resolve(new Date())) => {
  const vault: Pick<VaultClient, "sign" | "requireCaPublicKey" | "now"> = {
    now,
    sign: () => Promise.resolve(certificate),
    requireCaPublicKey: () => Promise.resolve(keyLine("ssh-ed25519", ca.blob)),
  };
  const publicKey = parsePublicKey(keyLine("ssh-ed25519", strings("ssh-ed25519", key)));
  return signKey(vault as VaultClient, role, { publicKey, principals: ["deploy"] });
};

const other = ed25519Signer();

test.each<[what: string, changes: Partial<Parts>, says: RegExp]>([
  ["another's principal", { principals: strings("root") }, /principals are root/],
  ["a principal more", { principals: strings("deploy", "root") }, /principals are deploy, root/],
  ["another key", { key: strings(Buffer.alloc(32, 3)) }, /for another key/],
  ["a host certificate", { certType: 2, extensions: Buffer.alloc(0) }, /not a user certificate/],
  [
    "more than the role permits",
    { extensions: options("permit-agent-forwarding", "", "permit-pty", "") },
    /permits permit-agent/,
  ],
  ["one by another CA", { ca: other.blob, sign: other.sign }, /the CA did not sign it/],
  ["one that only says it is by the CA", { sign: other.sign }, /the CA did not sign it/],
  ["one that has ended", { validBefore: 1n }, /not valid now/],
])("%s: CERTIFICATE_UNEXPECTED", async (_what, changes, says) => {
  await expect(signed(buildCertificate({ ...good, ...changes }))).rejects.toMatchObject({
    code: "CERTIFICATE_UNEXPECTED",
    message: expect.stringMatching(says) as unknown,
  });
});

test.each([
  [301, "5m1s behind"],
  [-65, "1m5s ahead of"],
])("a clock that differs by %d s: CLOCK_DIFFERS", async (seconds, says) => {
  const ended = signed(buildCertificate({ ...good, validBefore: 1n }), () =>
    Promise.resolve(new Date(Date.now() + seconds * 1000)),
  );
  await expect(ended).rejects.toMatchObject({ code: "CLOCK_DIFFERS", message: expect.stringContaining(says) as unknown });
});

test("a clock that cannot be asked for: the certificate is refused as it is", async () => {
  const ended = signed(buildCertificate({ ...good, validBefore: 1n }), () => Promise.reject(new Error("away")));
  await expect(ended).rejects.toMatchObject({ code: "CERTIFICATE_UNEXPECTED" });
});

test("no certificate: CERTIFICATE_INVALID", async () => {
  await expect(signed("<html>")).rejects.toMatchObject({ code: "CERTIFICATE_INVALID" });
});

test("what was asked for comes back", async () => {
  const line = buildCertificate(good);
  expect((await signed(line)).line).toBe(line);
});
