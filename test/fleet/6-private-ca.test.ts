/** A provider and an LDAP server with certificates by a company's own CA, which the fleet file names. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { certify, makeCa } from "../support/certificates.js";
import { fleetFolder, type FleetFolder } from "../support/fleet.js";
import { operatorToken } from "../support/operator.js";
import { startProvider, type Provider } from "../support/provider.js";
import { serverKinds, startServer, type Server } from "../support/servers.js";

jest.setTimeout(180_000);

describe.each(serverKinds)("%s", (kind) => {
  let server: Server;
  let fleet: FleetFolder;
  let provider: Provider;
  let pem: string;
  /** The operator's, who needs no more. */
  let token: string;
  const config = async (method: string) => (await server.ask(`auth/ssh-trust/${method}/config`)).body.data;
  const apply = (...args: string[]) => fleet.sshTrust(["apply", ...args], token);
  const signIn = (text: string) => fleet.edit(/\n(session: .*|sign-in: .*)$/m, `\nsign-in: ${text}`);
  const unchanged = async () => {
    expect((await server.ask("sys/mounts")).body.data).not.toHaveProperty("host-ssh/");
  };
  const jwt = (issuer: string, ca: string) => `{ userpass: {}, jwt: { issuer: "${issuer}", audience: us${ca} } }`;
  const ldap = (ca: string) => `{ ldap: { url: "ldaps://127.0.0.1:1", user-dn: ou=p, group-dn: ou=g${ca} } }`;

  beforeAll(async () => {
    server = await startServer(kind);
    fleet = await fleetFolder(server);
    await makeCa(fleet.folder);
    await certify(fleet.folder, "provider", "IP:127.0.0.1");
    const [cert, key] = await Promise.all(
      ["provider.pem", "provider-key.pem"].map((name) => readFile(join(fleet.folder, name), "utf8")),
    );
    provider = await startProvider({ cert: cert ?? "", key: key ?? "" });
    pem = await readFile(join(fleet.folder, "ca.pem"), "utf8");
    await writeFile(join(fleet.folder, "words.pem"), "not yet\n");
    await writeFile(join(fleet.folder, "both.pem"), `${pem}${key ?? ""}`);
    await writeFile(join(fleet.folder, "broken.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    await signIn(jwt(provider.issuer, ""));
    token = await operatorToken(server, await readFile(fleet.file, "utf8"));
  }, 300_000);
  afterAll(async () => {
    await provider[Symbol.asyncDispose]();
    await fleet[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  test.each([
    ["a missing file", "no-such.pem", /no-such\.pem was rejected: there is no such file/],
    ["a private key beside it", "both.pem", /both\.pem was rejected: it holds a private key/],
    ["no certificate", "words.pem", /words\.pem was rejected: it holds no certificate/],
    ["a broken certificate", "broken.pem", /broken\.pem was rejected: its certificate 1 cannot be read/],
    ["a folder", ".", /was rejected: it is a folder/],
  ])("%s is refused, and nothing is changed", async (_what, file, said) => {
    await signIn(jwt(provider.issuer, `, ca: ${file}`));
    const { exit, stderr } = await apply("--yes");
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining("[FLEET_CA_FILE_REFUSED]") });
    expect(stderr).toContain("sign-in.jwt.ca: ");
    expect(stderr).toMatch(said);
    await unchanged();
  });

  if (kind === "OpenBao")
    test("LDAP is refused, as this server has none, and nothing is changed", async () => {
      await signIn(ldap(""));
      const { exit, stderr } = await apply("--yes");
      expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining("[FLEET_METHOD_UNKNOWN]") });
      expect(stderr).toMatch(/no plugin for sign-in\.ldap; it has: approle, cert, jwt/);
      await unchanged();
    });

  test("with it, Vault trusts the issuer; clients are told the file's name, and not what is in it", async () => {
    await signIn(jwt(provider.issuer, ", ca: ca.pem"));
    expect(await apply("--yes")).toMatchObject({ exit: 0 });
    expect(await config("jwt")).toMatchObject({ oidc_discovery_url: provider.issuer, oidc_discovery_ca_pem: pem });
    expect(await apply("--plan")).toMatchObject({ exit: 0 });
    expect(JSON.stringify((await server.ask("ssh-trust/data/fleet")).body)).not.toContain("BEGIN CERTIFICATE");
  });

  test("another certificate in the same file is a change", async () => {
    await makeCa(fleet.folder);
    expect(await apply("--plan")).toMatchObject({ exit: 2, stdout: expect.stringContaining("auth/ssh-trust/jwt/config") });
    await writeFile(join(fleet.folder, "ca.pem"), pem);
  });

  test("left out, it is reset", async () => {
    await using open = await startProvider();
    await signIn(jwt(open.issuer, ""));
    expect(await apply("--yes")).toMatchObject({ exit: 0 });
    expect(await config("jwt")).toMatchObject({ oidc_discovery_url: open.issuer, oidc_discovery_ca_pem: "" });
  });

  if (kind === "Vault")
    test("the same for LDAP", async () => {
      await signIn(ldap(", ca: ca.pem"));
      expect(await apply("--yes")).toMatchObject({ exit: 0 });
      expect(await config("ldap")).toMatchObject({ certificate: pem, insecure_tls: false, case_sensitive_names: false });
      expect(await apply("--plan")).toMatchObject({ exit: 0 });
      await signIn(ldap(""));
      expect(await apply("--yes")).toMatchObject({ exit: 0 });
      expect(await config("ldap")).toMatchObject({ certificate: "" });
    });
});
