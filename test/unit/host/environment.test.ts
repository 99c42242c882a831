/** What a host is told: all that it needs, and nothing secret where others could read it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { hostConfiguration, type HostRequest } from "../../../src/host/environment.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-host-"));
  for (const name of ["ca", "cert", "key"]) await writeFile(join(folder, name), `the ${name}`);
});
afterAll(() => rm(folder, { recursive: true }));

const request = (more: Partial<HostRequest> = {}): HostRequest => ({
  vault: { address: "https://vault.example:8200", namespace: undefined, tls: {} },
  token: "s.secret",
  role: { mount: "host-ssh", name: "web" },
  principals: ["web-1.example.org", "www.example.org"],
  hostCa: { fingerprint: "SHA256:host" },
  ...more,
});

test("the smallest one: the server, what is signed by whom for which names; the token is a file of root's", async () => {
  expect(await hostConfiguration(request())).toEqual({
    env: {
      VAULT_ADDR: "https://vault.example:8200",
      SSH_TRUST_HOST_SIGN: "host-ssh/sign/web",
      SSH_TRUST_HOST_CA: "SHA256:host",
      SSH_TRUST_PRINCIPALS: "web-1.example.org,www.example.org",
    },
    files: [{ path: "/run/secrets/vault-token", content: "s.secret", mode: 0o400 }],
  });
});

test("http is allowed only where the address is http, a lab's", async () => {
  const { env } = await hostConfiguration(request({ vault: { address: "http://vault:8200", namespace: "team", tls: {} } }));
  expect(env).toMatchObject({ SSH_TRUST_ALLOW_HTTP: "yes", VAULT_NAMESPACE: "team" });
});

test("with TLS of one's own, its files are put on the host, and the key is root's alone", async () => {
  const at = (name: string) => join(folder, name);
  const tls = { caCert: at("ca"), client: { cert: at("cert"), key: at("key") }, serverName: "vault.private" };
  const { env, files } = await hostConfiguration(
    request({ vault: { address: "https://10.0.0.1", namespace: undefined, tls }, retryMax: 5 }),
  );
  expect(env).toMatchObject({
    VAULT_CACERT: "/run/secrets/vault-ca.pem",
    VAULT_CLIENT_CERT: "/run/secrets/vault-client.pem",
    VAULT_CLIENT_KEY: "/run/secrets/vault-client-key.pem",
    VAULT_TLS_SERVER_NAME: "vault.private",
    SSH_TRUST_RETRY_MAX: "5",
  });
  expect(files.map(({ path, content, mode }) => [path, content, mode.toString(8)])).toEqual([
    ["/run/secrets/vault-token", "s.secret", "400"],
    ["/run/secrets/vault-ca.pem", "the ca", "444"],
    ["/run/secrets/vault-client.pem", "the cert", "444"],
    ["/run/secrets/vault-client-key.pem", "the key", "400"],
  ]);
  expect(JSON.stringify(env)).not.toMatch(/secret"|the key|s\.secret/);
});

test("a user CA is named with its fingerprint, so that no other is taken", async () => {
  const userCa = { mount: "user-ssh", key: { fingerprint: "SHA256:user" } };
  expect((await hostConfiguration(request({ userCa }))).env).toMatchObject({
    SSH_TRUST_USER_MOUNT: "user-ssh",
    SSH_TRUST_USER_CA: "SHA256:user",
  });
});

test("a file that is not there is an error, and no configuration", async () => {
  const tls = { caCert: join(folder, "nowhere") };
  const asked = request({ vault: { address: "https://vault", namespace: undefined, tls } });
  await expect(hostConfiguration(asked)).rejects.toMatchObject({ code: "SETTING_INVALID" });
});
