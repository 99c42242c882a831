/** Other ways to apply: OpenTofu, a Terraform that somebody runs by hand, a backend, a namespace, a provider with a secret. */
import { access, chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { fleetFolder, fleetText, textsBelow, type FleetFolder } from "../support/fleet.js";
import { operatorAt, operatorToken, terraformIn } from "../support/operator.js";
import { run } from "../support/project.js";
import { startProvider, type Provider } from "../support/provider.js";
import { serverKinds, startServer, type Server } from "../support/servers.js";
import { startStateServer } from "../support/state-server.js";

jest.setTimeout(180_000);

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

describe.each(serverKinds)("%s", (kind) => {
  let server: Server;
  let fleet: FleetFolder;

  beforeAll(async () => {
    server = await startServer(kind);
    fleet = await fleetFolder(server);
  }, 300_000);
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  describe("a Terraform that somebody runs by hand", () => {
    test("the configuration is plain: no notes of CDKTF, no path, no secret, whole names", async () => {
      expect(await fleet.sshTrust(["apply", "--synth", "by-hand"], "no-token")).toMatchObject({
        exit: 0,
        stdout: "by-hand/main.tf.json",
      });
      const text = await readFile(join(fleet.folder, "by-hand/main.tf.json"), "utf8");
      expect(await readdir(join(fleet.folder, "by-hand"))).toEqual(["main.tf.json"]);
      expect(text).not.toMatch(/"\/\/": \{|cdktf|no-token|\/tmp\//i);
      expect(JSON.parse(text)).toMatchObject({
        terraform: {
          backend: { local: { path: "ssh-trust.tfstate" } },
          required_providers: { vault: { source: "registry.terraform.io/hashicorp/vault", version: "5.9.0" } },
        },
      });
    });

    test("it may be written again; somebody's own root module is left as it is", async () => {
      expect(await fleet.sshTrust(["apply", "--synth", "by-hand"])).toMatchObject({ exit: 0 });
      for (const name of ["main.tf.json", "network.tf"]) {
        const theirs = join(fleet.folder, `theirs-${name}`);
        await mkdir(theirs);
        await writeFile(join(theirs, name), "{}\n");
        expect(await fleet.sshTrust(["apply", "--synth", theirs])).toMatchObject({
          exit: 1,
          stderr: expect.stringContaining("FLEET_SYNTH_TAKEN"),
        });
        expect(await readdir(theirs)).toEqual([name]);
        expect(await readFile(join(theirs, name), "utf8")).toBe("{}\n");
      }
    });

    test("in a namespace, it has no rate limits", async () => {
      expect(await fleet.sshTrust(["apply", "--synth", "inside"], undefined, { VAULT_NAMESPACE: "team-a" })).toMatchObject({
        exit: 0,
      });
      expect(await readFile(join(fleet.folder, "inside/main.tf.json"), "utf8")).not.toContain("vault_quota_rate_limit");
    });

    test("before it has run, the rest is refused; after it, the rest is done, and told to clients", async () => {
      expect(await fleet.sshTrust(["apply", "--without-terraform", "--yes"])).toMatchObject({
        exit: 1,
        stderr: expect.stringMatching(/FLEET_NOT_BY_TERRAFORM[\s\S]*apply --synth terraform/),
      });
      const work = join(fleet.folder, ".ssh-trust");
      // One server by each program.
      const { binary, cliConfig } = await terraformIn(work, kind === "Vault" ? "terraform" : "tofu");
      const env = { ...server.env(), VAULT_ADDR: server.address, TF_CLI_CONFIG_FILE: cliConfig, CHECKPOINT_DISABLE: "1" };
      for (const args of [
        ["init", "-input=false"],
        ["apply", "-auto-approve", "-input=false"],
        ["plan", "-detailed-exitcode"],
      ]) {
        const { exit, all } = await run(binary, args, { cwd: join(fleet.folder, "by-hand"), env });
        expect({ args, exit, all }).toEqual({ args, exit: 0, all });
      }
      expect((await server.ask("ssh-trust/data/fleet")).status).toBe(404);
      expect(await fleet.sshTrust(["apply", "--without-terraform", "--yes"])).toMatchObject({ exit: 0 });
      expect(await fleet.sshTrust(["apply", "--without-terraform", "--plan"])).toMatchObject({ exit: 0 });
      expect((await server.ask("ssh-trust/data/fleet")).body.data).toMatchObject({
        data: {
          schema: 1,
          cas: { host: [expect.stringMatching(/^ssh-ed25519 /)], user: [expect.stringMatching(/^ssh-ed25519 /)] },
        },
      });
    });

    test("a plan of our own then says what its state does not know, and changes nothing", async () => {
      expect(await fleet.sshTrust(["apply", "--plan"])).toMatchObject({
        exit: 1,
        stderr: expect.stringContaining("FLEET_NOT_OURS"),
      });
    });
  });

  test("from Terraform to OpenTofu and back, with one state: nothing to change, no key changed", async () => {
    const text = fleetText(server.address);
    const operator = operatorAt(server, fleet.folder);
    await operator.apply(text, { mayAdopt: true });
    const before = (await server.ask("host-ssh/public_key")).body;
    const { work } = (await operator.as(text)).places;
    let now = text;
    for (const which of ["tofu", "terraform"] as const) {
      const terraform = await terraformIn(work, which);
      expect(await operator.plan(now, { terraform })).toMatchObject({ changes: false });
      now = text.replace("for: 1m, with: [pty] }", `for: ${which === "tofu" ? "2m" : "3m"}, with: [pty] }`);
      expect(await operator.apply(now, { terraform })).toMatchObject({ applied: { added: 0, changed: 1, destroyed: 0 } });
    }
    expect((await server.ask("host-ssh/public_key")).body).toEqual(before);
  });

  if (kind === "OpenBao")
    test("a state that OpenTofu encrypts is read by OpenTofu", async () => {
      await using sealed = await fleetFolder(server);
      const text = fleetText(server.address);
      const operator = operatorAt(server, sealed.folder);
      const terraform = await terraformIn((await operator.as(text)).places.work, "tofu");
      process.env["TF_ENCRYPTION"] = `key_provider "pbkdf2" "mine" { passphrase = "correct horse battery staple" }
        method "aes_gcm" "mine" { keys = key_provider.pbkdf2.mine }
        state { method = method.aes_gcm.mine }
        plan { method = method.aes_gcm.mine }`;
      try {
        await operator.apply(text, { terraform, mayAdopt: true });
        expect(await readFile(join(sealed.folder, "ssh-trust.tfstate"), "utf8")).toContain("encrypted_data");
        expect(await operator.plan(text, { terraform })).toMatchObject({ changes: false });
      } finally {
        delete process.env["TF_ENCRYPTION"];
      }
    });

  test("a backend of the file: the state is there, and nowhere else; a lock says whose it is", async () => {
    await using backend = await startStateServer();
    await using elsewhere = await fleetFolder(server);
    const { address } = backend;
    await elsewhere.write(
      `${fleetText(server.address)}state: { http: { address: "${address}", lock_address: "${address}", unlock_address: "${address}" } }\n`,
    );
    // What is there is another state's: moving a state is taking over.
    expect(await elsewhere.sshTrust(["apply", "--yes"])).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining("FLEET_NOT_OURS"),
    });
    expect(await elsewhere.sshTrust(["apply", "--yes", "--adopt"])).toMatchObject({
      exit: 0,
      stderr: expect.stringMatching(/taken over/),
    });
    expect(backend.state()).toContain("vault_ssh_secret_backend_role");
    expect(await isThere(join(elsewhere.folder, "ssh-trust.tfstate"))).toBe(false);
    expect(await elsewhere.sshTrust(["apply", "--plan"])).toMatchObject({ exit: 0 });
  });

  if (kind === "OpenBao")
    test("a namespace, by the operator's policy there; rate limits are told, as they are the root namespace's", async () => {
      await server.ask("sys/namespaces/team-a", { method: "POST" });
      await using inside = await fleetFolder(server);
      const token = await operatorToken(server, fleetText(server.address), "team-a");
      expect(await inside.sshTrust(["apply", "--plan"], token, { VAULT_NAMESPACE: "team-b" })).toMatchObject({
        exit: 1,
        stderr: expect.stringContaining("VAULT_NAMESPACE_MISSING"),
      });
      const applied = await inside.sshTrust(["apply", "--yes"], token, { VAULT_NAMESPACE: "team-a" });
      expect(applied).toMatchObject({ exit: 0, stderr: expect.stringContaining("rate limits are kept in the root namespace") });
      const commands = applied.stderr.match(/sys\/quotas\/rate-limit\/\S+ path=\S+ rate=\d+/g) ?? [];
      expect(commands).toHaveLength(5);
      for (const [, path = "", mount, rate] of commands.map((each) => /^(\S+) path=(\S+) rate=(\d+)$/.exec(each) ?? [])) {
        const made = await server.ask(path, { body: { path: mount, rate: Number(rate), interval: "1s" } });
        expect({ path, ...made }).toMatchObject({ path, status: 204 });
      }
      await inside.edit("session: 10h", "session: 10h\nnamespace: team-a");
      expect(await inside.sshTrust(["apply", "--plan"], token)).toMatchObject({ exit: 0 });
      expect(await inside.sshTrust(["apply", "--plan"], token, { VAULT_NAMESPACE: "team-b" })).toMatchObject({
        exit: 1,
        stderr: expect.stringContaining("FLEET_OTHER_VAULT"),
      });
      const entry = await server.ask("ssh-trust/data/fleet", { namespace: "team-a" });
      expect(entry.body.data).toMatchObject({ data: { fleet: { namespace: "team-a" } } });
    });
  else
    test("a namespace is refused: this Vault would take no notice of it, and be changed elsewhere", async () => {
      expect(await fleet.sshTrust(["apply", "--yes"], undefined, { VAULT_NAMESPACE: "team-a" })).toMatchObject({
        exit: 1,
        stderr: expect.stringContaining('has no namespace "team-a"'),
      });
    });
});

describe.each(serverKinds)("%s, a provider with a secret", (kind) => {
  const secret = "a client's secret, 5f0c";
  let server: Server;
  let fleet: FleetFolder;
  let provider: Provider;
  const config = async () => (await server.ask("auth/ssh-trust/oidc/config")).body.data;
  const file = () => join(fleet.folder, "oidc-secret");

  beforeAll(async () => {
    [server, provider] = await Promise.all([startServer(kind), startProvider()]);
    fleet = await fleetFolder(server);
    await fleet.edit("platform: {}", "platform: { oidc: platform-team }");
    await fleet.edit(
      "session: 10h",
      `session: 10h\nsign-in: { userpass: {}, oidc: { issuer: "${provider.issuer}", client-id: ssh-trust } }`,
    );
    await writeFile(file(), `${secret}\n`, { mode: 0o600 });
  }, 300_000);
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  test("without it, with one that others can read, with an empty one: refused before anything is changed", async () => {
    expect(await fleet.sshTrust(["apply", "--yes"])).toMatchObject({
      exit: 1,
      stderr: expect.stringMatching(/FLEET_SECRET_MISSING[\s\S]*apply --oidc-secret-file <file>/),
    });
    await chmod(file(), 0o644);
    expect(await fleet.sshTrust(["apply", "--yes", "--oidc-secret-file", file()])).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/SECRET_FILE_REFUSED/),
    });
    await chmod(file(), 0o600);
    expect((await server.ask("sys/mounts")).body.data).not.toHaveProperty("host-ssh/");
  });

  test("with it: the connection is made; it stands in no file, no state, no output, whatever Terraform is told to log", async () => {
    const traced = { TF_LOG: "TRACE", TF_LOG_PATH: join(fleet.folder, "trace.log") };
    const applied = await fleet.sshTrust(["apply", "--yes", "--debug", "--oidc-secret-file", "oidc-secret"], undefined, traced);
    expect(applied).toMatchObject({ exit: 0 });
    expect(await config()).toMatchObject({
      oidc_discovery_url: provider.issuer,
      oidc_client_id: "ssh-trust",
      default_role: "ssh-trust",
    });
    for (const text of [
      applied.all,
      ...(await textsBelow(fleet.folder)).flatMap(([name, each]) => (name === file() ? [] : [each])),
    ]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(server.rootToken);
    }
    expect(await isThere(traced.TF_LOG_PATH)).toBe(false);
  });

  test("then it is asked for only where the connection changes, or where a new one is given", async () => {
    expect(await fleet.sshTrust(["apply", "--plan"])).toMatchObject({ exit: 0 });
    await fleet.edit("client-id: ssh-trust", "client-id: another");
    expect(await fleet.sshTrust(["apply", "--plan"])).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining("FLEET_SECRET_MISSING"),
    });
    const piped = await run(
      process.execPath,
      [join(import.meta.dirname, "../../bin/ssh-trust.js"), "apply", "--yes", "--oidc-secret-file", "-"],
      {
        cwd: fleet.folder,
        env: server.env(),
        input: `${secret}\n`,
      },
    );
    expect(piped).toMatchObject({ exit: 0 });
    expect(await config()).toMatchObject({ oidc_client_id: "another" });
  });

  test("the provider's group is an external one, and a member of the group of people", async () => {
    const named = async (name: string) => (await server.ask("identity/lookup/group", { body: { name } })).body.data;
    const external = await named("ssh-trust oidc: platform-team");
    expect(external).toMatchObject({ type: "external", alias: { name: "platform-team" } });
    expect(await named("ssh-trust-platform")).toMatchObject({ type: "internal", member_group_ids: [external?.["id"]] });
  });

  test("a method that the file no longer has is gone, and its groups with it", async () => {
    await fleet.edit("platform: { oidc: platform-team }", "platform: {}");
    await fleet.edit(/\nsign-in: .*/, "");
    expect(await fleet.sshTrust(["apply", "--yes"])).toMatchObject({ exit: 0 });
    expect((await server.ask("sys/auth")).body.data).not.toHaveProperty("ssh-trust/oidc/");
    expect(await fleet.sshTrust(["apply", "--plan"])).toMatchObject({ exit: 0 });
  });
});
