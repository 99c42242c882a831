/** What a machine of the cloud enrols with: what host add hands over, and the client certificate where Vault asks for one. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { filesToEnrol } from "../../../lab/cloud/files-to-enrol.js";
import type { Handed } from "../../../src/host/hand-over/files.js";

const handed: Handed = {
  about: [],
  once: true,
  settings: { VAULT_ADDR: "https://vault:8200" },
  caCert: "a CA",
  identity: [{ setting: "SSH_TRUST_WRAPPED", path: "/etc/ssh-trust/wrapped", value: "w", mode: 0o600 }],
};
const modes = async (...given: Parameters<typeof filesToEnrol>) =>
  (await filesToEnrol(...given)).map(({ path, mode }) => `${mode.toString(8)} ${path}`);

test("without a client certificate", async () => {
  expect(await modes(handed, {})).toEqual([
    "644 /etc/ssh-trust/host.conf",
    "644 /etc/ssh-trust/vault-ca.pem",
    "600 /etc/ssh-trust/wrapped",
  ]);
});

test("with one: its key is root's alone, and the settings name both", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ssh-trust-files-"));
  const client = { cert: join(folder, "client.pem"), key: join(folder, "client-key.pem") };
  for (const file of Object.values(client)) await writeFile(file, "x");
  expect((await modes(handed, { client })).slice(-2)).toEqual([
    "644 /etc/ssh-trust/vault-client.pem",
    "600 /etc/ssh-trust/vault-client-key.pem",
  ]);
  expect((await filesToEnrol(handed, { client }))[0]?.content).toBe(
    "VAULT_ADDR=https://vault:8200\nSSH_TRUST_RETRY_MAX=5\n" +
      "VAULT_CLIENT_CERT=/etc/ssh-trust/vault-client.pem\nVAULT_CLIENT_KEY=/etc/ssh-trust/vault-client-key.pem\n",
  );
  await rm(folder, { recursive: true });
});
