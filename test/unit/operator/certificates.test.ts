/** A file with a private CA's certificates, of which some may have expired. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readCertificates } from "../../../src/operator/fleet/certificates.js";
import { makeCa } from "../../support/certificates.js";

/** Of 2020, by a key that nobody has. */
const expired = `-----BEGIN CERTIFICATE-----
MIIBRTCB66ADAgECAgEBMAoGCCqGSM49BAMCMBIxEDAOBgNVBAMMB2V4cGlyZWQw
HhcNMjAwMTAxMDAwMDAwWhcNMjAwMjAxMDAwMDAwWjASMRAwDgYDVQQDDAdleHBp
cmVkMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYRxTot8wd3SE/biMd2xAvAIT
tFr5oLsJnjSGFx/HR3or5PCOCxGOPYTt2jtTlQKBm8nW6+8wuWQ+S3Xr6NiKt6My
MDAwDwYDVR0TAQH/BAUwAwEB/zAdBgNVHQ4EFgQUw4CGNQw5VBUyz59JnT9Hbzsm
so4wCgYIKoZIzj0EAwIDSQAwRgIhALTNB22vo75FFZP19Lo4Yyoy4flmZLiAtCRd
gNJnl/QGAiEA9ec7faDnRl9RnzYP1LzWfQtSkkgY1v5rqTCMfgTAcWg=
-----END CERTIFICATE-----
`;

let folder: string;
let valid: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-certificates-"));
  await makeCa(folder);
  valid = await readFile(join(folder, "ca.pem"), "utf8");
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (text: string) => {
  const file = join(folder, "some.pem");
  await writeFile(file, text);
  return readCertificates(file, "sign-in.oidc.ca");
};

test.each([
  ["one that has expired", expired, /its certificate expired on Feb {2}1 00:00:00 2020 GMT/],
  ["several that have", expired + expired, /all of its certificates have expired/],
])("%s: refused", async (_what, text, said) => {
  await expect(read(text)).rejects.toMatchObject({ code: "FLEET_CA_FILE_REFUSED", message: expect.stringMatching(said) });
});

test("one that has expired beside one that is valid, with words around them: both are taken", async () => {
  expect(await read(`the old one\n${expired}the new one\r\n${valid.replaceAll("\n", "\r\n")}`)).toBe(expired + valid);
});
