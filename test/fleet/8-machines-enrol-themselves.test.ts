/** Machines that nobody hands a secret to: a token of their platform gets them the identity that it names, and nothing else. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { addHost } from "../../src/host/add.js";
import { readVaultSettings } from "../../src/settings/vault.js";
import { openVaultApi } from "../../src/vault/api.js";
import { readStoredFleet } from "../../src/vault/stored-fleet.js";
import { applyFleet, certificateOf, text, tokenOf, type AppliedFleet } from "../support/applied-fleet.js";
import { fleetText } from "../support/fleet.js";
import { run, succeeds } from "../support/project.js";
import { serverKinds, startServer, type Answer } from "../support/servers.js";
import { tokenIssuer } from "../support/token-issuer.js";

jest.setTimeout(180_000);

const jwt =
  "jwt: { mount: kubernetes, claim: /kubernetes.io/pod/name, audience: vault, claims: { /kubernetes.io/namespace: web } }";
const withPods = (vault: string) =>
  fleetText(vault)
    .replace("people:", `  pods: { names: "pod-*.example.org", also: [pods.example.org], accounts: [deploy], ${jwt} }\npeople:`)
    .replace("session: 10h", "limits: { sign-in: 1000, sign: 1000, store: 1000 }");

const roles = "auth/ssh-trust/hosts/example.org/role";
/** Word for word what ssh-trust-host.sh asks for. */
const asked = { token_policies: "ssh-trust-host-pods", secret_id_ttl: "168h", token_max_ttl: "24h" };

describe.each(serverKinds)("%s", (kind) => {
  const platform = tokenIssuer();
  const another = tokenIssuer();
  let fleet: AppliedFleet;
  let publicKey: string;
  /** What was told of it. */
  let applied: string;

  beforeAll(async () => {
    fleet = await applyFleet(kind, fleetText);
    await fleet.must("sys/auth/kubernetes", { body: { type: "jwt" } });
    await fleet.folder.write(withPods(fleet.server.address));
    // The mount is new in the file, so the operator needs a policy that names it.
    for (const whose of ["operator", "registrar"]) {
      const { stdout } = await fleet.folder.sshTrust(["apply", "--print-policy", whose]);
      await fleet.must(`sys/policies/acl/company-${whose}`, { body: { policy: stdout } });
    }
    const ran = await fleet.folder.sshTrust(["apply", "--yes"], fleet.operator);
    expect({ exit: ran.exit, all: ran.all }).toEqual({ exit: 0, all: ran.all });
    applied = ran.stderr;
    await fleet.must("auth/kubernetes/config", { body: platform.config });
    const key = join(fleet.folder.folder, "ssh_host_ed25519_key");
    await succeeds(run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key]));
    publicKey = (await readFile(`${key}.pub`, "utf8")).trim();
  }, 300_000);
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
  });

  const pod = (name: unknown, more: object = {}) => ({ "kubernetes.io": { namespace: "web", pod: { name } }, ...more });
  const signIn = (token: string, role = "ssh-trust-pods") =>
    fleet.server.ask("auth/kubernetes/login", { token: "", body: { role, jwt: token } });
  const may = async (name: string) => tokenOf((await signIn(platform.token(pod(name)))).body);
  const ask = (token: string, path: string, body?: unknown) =>
    fleet.server.ask(path, body === undefined ? { token } : { token, body });
  const reasons = ({ status, body }: Answer) => `${String(status)} ${String(body.errors?.join("; "))}`;

  const host = (args: string) =>
    fleet.folder.sshTrust(["host", ...args.split(" ")], fleet.registrar, { VAULT_ADDR: fleet.server.address });

  /** All that a machine does. @param days how long its secret ids live */
  async function enrols(name: string, days = 7): Promise<{ roleId: string; secretId: string; token: string }> {
    const token = await may(name);
    if ((await ask(token, `${roles}/${name}/role-id`)).status === 404)
      expect(reasons(await ask(token, `${roles}/${name}`, asked))).toMatch(/^204/);
    const roleId = text((await ask(token, `${roles}/${name}/role-id`)).body.data, "role_id");
    const secret = (await ask(token, `${roles}/${name}/secret-id`, {})).body.data;
    expect(secret?.["secret_id_ttl"]).toBe(days * 24 * 3600);
    const secretId = text(secret, "secret_id");
    const answer = await ask("", "auth/ssh-trust/hosts/example.org/login", { role_id: roleId, secret_id: secretId });
    return { roleId, secretId, token: tokenOf(answer.body) };
  }
  const sign = (token: string, names: string, role = "pods") =>
    ask(token, `host-ssh/sign/${role}`, { cert_type: "host", public_key: publicKey, valid_principals: names });

  test("as long as the mount has no settings, apply says so; and which policies have changed", async () => {
    const unset = "auth/kubernetes has no settings yet: no machine of pods can enrol until its administrator writes";
    expect(applied).toContain(unset);
    expect(applied).toContain("the operator's policy has changed (new: the tokens of auth/kubernetes for pods).");
    expect(applied).toMatch(
      /the registrar's policy has changed \(new: the group pods of hosts\).*\n {2}ssh-trust apply --print-policy registrar$/m,
    );
    const { exit, stderr } = await fleet.folder.sshTrust(["apply", "--plan"], fleet.operator);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.not.stringContaining("has no settings") });
  });

  test("the operator may read the mount's settings, and nothing else of them; the registrar may not", async () => {
    const at = "auth/kubernetes/config";
    expect((await ask(fleet.operator, at)).status).toBe(200);
    expect(reasons(await ask(fleet.operator, at, platform.config))).toMatch(/^403 .*permission denied/s);
    expect(reasons(await fleet.server.ask(at, { token: fleet.operator, method: "DELETE" }))).toMatch(/^4/);
    expect(reasons(await ask(fleet.registrar, at))).toMatch(/^403 .*permission denied/s);
  });

  describe("tokens that open nothing", () => {
    test.each<[what: string, token: () => string, reason: RegExp]>([
      ["a name of another group", () => platform.token(pod("web-1")), /does not match/],
      ["a name that only begins otherwise", () => platform.token(pod("xpod-1")), /does not match/],
      ["no name", () => platform.token(pod(undefined)), /not found|missing|no .*claim|claim .* (?:could not be|not) /],
      ["a name that is a number", () => platform.token(pod(1)), /./],
      [
        "another namespace",
        () => platform.token({ "kubernetes.io": { namespace: "db", pod: { name: "pod-1" } } }),
        /does not match/,
      ],
      ["another audience", () => platform.token(pod("pod-1", { aud: "others" })), /aud/],
      ["no audience", () => platform.token(pod("pod-1", { aud: undefined })), /aud/],
      ["another issuer", () => platform.token(pod("pod-1", { iss: "https://elsewhere.example.org" })), /iss/],
      ["another key", () => another.token(pod("pod-1")), /signature/],
      ["a time that is over", () => platform.token(pod("pod-1", { iat: 1_700_000_000, exp: 1_700_000_300 })), /expired|exp/],
      ["no token", () => "", /missing|token/],
    ])("%s", async (_, token, reason) => {
      const answer = await signIn(token());
      expect(answer.body.auth ?? undefined).toBeUndefined();
      expect(reasons(answer)).toMatch(/^4\d\d /);
      expect(reasons(answer)).toMatch(reason);
    });

    test("the role of a group whose hosts are added one by one", async () => {
      expect(reasons(await signIn(platform.token(pod("pod-1")), "ssh-trust-web"))).toMatch(/^400 .*role/);
    });
  });

  describe("what the token of a machine does not do", () => {
    /** pod-1 has an AppRole, pod-0 has none yet. */
    const elsewhere: readonly (readonly [what: string, whose: "pod-0" | "pod-1", path: string, body?: unknown])[] = [
      ["a neighbour's identity", "pod-1", `${roles}/pod-2`, asked],
      ["a neighbour's secret id", "pod-0", `${roles}/pod-1/secret-id`, {}],
      ["a neighbour's role id", "pod-0", `${roles}/pod-1/role-id`],
      ["a host of another group", "pod-1", `${roles}/web-1`, { ...asked, token_policies: "ssh-trust-host-web" }],
      ["another policy", "pod-0", `${roles}/pod-0`, { ...asked, token_policies: "ssh-trust-host-web" }],
      ["another policy beside", "pod-0", `${roles}/pod-0`, { ...asked, token_policies: "ssh-trust-host-pods,root" }],
      ["a longer life of secret ids", "pod-0", `${roles}/pod-0`, { ...asked, secret_id_ttl: "840h" }],
      ["secret ids without an end", "pod-0", `${roles}/pod-0`, { token_policies: asked.token_policies, token_max_ttl: "24h" }],
      ["a longer life of tokens", "pod-0", `${roles}/pod-0`, { ...asked, token_max_ttl: "0" }],
      ["a token that is renewed for ever", "pod-0", `${roles}/pod-0`, { ...asked, token_period: "24h" }],
      ["its own AppRole, once there is one", "pod-1", `${roles}/pod-1`, asked],
      ["the end of its own AppRole", "pod-1", `${roles}/pod-1`, "DELETE"],
      ["a secret id of another life", "pod-1", `${roles}/pod-1/secret-id`, { ttl: "0" }],
      ["a secret id of its own choice", "pod-1", `${roles}/pod-1/custom-secret-id`, { secret_id: "chosen" }],
      ["a role id of its own choice", "pod-1", `${roles}/pod-1/role-id`, { role_id: "chosen" }],
      ["the policies of its AppRole alone", "pod-1", `${roles}/pod-1/policies`, { token_policies: "ssh-trust-host-web" }],
      [
        "a certificate, without an identity",
        "pod-1",
        "host-ssh/sign/pods",
        { cert_type: "host", valid_principals: "pod-1.example.org" },
      ],
      ["an entry in the inventory", "pod-1", "ssh-trust/data/hosts/pod-1.example.org", { data: {} }],
      ["the fleet", "pod-1", "ssh-trust/data/fleet"],
      ["the list of hosts", "pod-1", `${roles}?list=true`],
    ];
    const tokens = new Map<string, string>();
    beforeAll(async () => {
      for (const name of ["pod-0", "pod-1"]) tokens.set(name, await may(name));
      expect(reasons(await ask(tokens.get("pod-1") ?? "", `${roles}/pod-1`, asked))).toMatch(/^204/);
    });
    test.each(elsewhere)("%s", async (...[, whose, path, body]) => {
      const token = tokens.get(whose) ?? "";
      const answer = body === "DELETE" ? fleet.server.ask(path, { token, method: "DELETE" }) : ask(token, path, body);
      expect(reasons(await answer)).toMatch(/^403 .*permission denied/s);
    });
    test("what it does do, for comparison", async () => {
      expect((await ask(tokens.get("pod-0") ?? "", `${roles}/pod-0/role-id`)).status).toBe(404);
      await enrols("pod-0");
      await enrols("pod-1");
    });
  });

  // Vault 1.21 takes a comma in a claim for two names where it fills in a role's allowed names: no such text may become an AppRole.
  describe.each([
    "pod-1,web-1",
    "pod-1.example.org,web-1",
    "pod-*",
    "pod-+",
    "pod-",
    "pod-1.",
    "pod-1 web-1",
    "pod-ü",
    "pod-1/secret-id",
    "pod-1/policies",
    "pod-1/../web-1",
  ])("a claim %j", (claim) => {
    test("becomes no host, and reaches none of another group", async () => {
      const token = await may(claim);
      expect(token).not.toBe(""); // what it begins with is the group's
      for (const at of [encodeURI(claim), encodeURIComponent(claim), "web-1"])
        expect(reasons(await ask(token, `${roles}/${at}`, asked))).toMatch(/^4/);
      // What stands below an AppRole in a path may be a part of it.
      expect((await fleet.must(`${roles}/pod-1`)).data?.["token_policies"]).toEqual([asked.token_policies]);
      const there = (await fleet.must(roles, { method: "LIST" })).data?.["keys"] as readonly string[];
      expect(there.filter((name) => !/^pod-\d$/.test(name))).toEqual([]);
      // OpenBao says 400 Forbidden of such an alias.
      for (const [path, body] of [
        ["web-1", asked],
        ["web-1/secret-id", asked],
        ["web-1/policies", asked],
      ] as const)
        expect(reasons(await ask(token, `${roles}/${path}`, body))).toMatch(/^(?:403|400 Forbidden)/);
      expect(reasons(await ask(token, `${roles}/web-1/role-id`))).toMatch(/^(?:403|400 Forbidden)/);
    });
  });

  test("by its token a machine has the identity that the token names: its certificate, and its entry", async () => {
    const { token } = await enrols("pod-3");
    const certificate = certificateOf(await sign(token, "pod-3.example.org,pods.example.org"));
    expect(certificate.principals).toEqual(["pod-3.example.org", "pods.example.org"]);
    expect(reasons(await sign(token, "pod-2.example.org"))).toMatch(/^400/);
    expect(reasons(await sign(token, "pod-3.example.org", "web"))).toMatch(/^403/);
    expect((await ask(token, "ssh-trust/data/hosts/pod-3.example.org", { data: { schema: 1 } })).status).toBe(200);
    expect(reasons(await ask(token, "ssh-trust/data/hosts/pod-2.example.org", { data: {} }))).toMatch(/^403/);
    const listed = await host("list --group pods --format json");
    expect(listed.stdout).toContain("pod-3.example.org");
  });

  /** What a machine that is kept out gets by its token: a sign-in that opens nothing, or not even that. */
  async function getsNothing(name: string, token: string): Promise<void> {
    expect(reasons(await ask(token, `${roles}/${name}`, asked))).toMatch(/^403/);
    const roleId = text((await ask(token, `${roles}/${name}/role-id`)).body.data, "role_id");
    const secretId = text((await ask(token, `${roles}/${name}/secret-id`, {})).body.data, "secret_id");
    const login = await ask("", "auth/ssh-trust/hosts/example.org/login", { role_id: roleId, secret_id: secretId });
    if (login.status === 403) return;
    expect(login.body.auth).toMatchObject({ token_policies: ["default", "ssh-trust-kept-out"] });
    expect(reasons(await sign(tokenOf(login.body), `${name}.example.org`))).toMatch(/^403/);
    expect(reasons(await ask(tokenOf(login.body), `ssh-trust/data/hosts/${name}.example.org`, { data: {} }))).toMatch(/^403/);
    expect(reasons(await ask(tokenOf(login.body), `${roles}/${name}/secret-id`, {}))).toMatch(/^403/);
  }
  const keptOut = (name: string) =>
    `${name}.example.org can no longer have anything signed, and no token of its platform gets it another identity`;
  const neverAHost = (name: string) => `${name}.example.org was never a host; from now on it is blocked`;
  const stateOf = async (name: string) => {
    const all = JSON.parse((await host("list --group pods --format json")).stdout) as { name: string; state: unknown }[];
    return all.find((each) => each.name === `${name}.example.org`)?.state;
  };

  test("one that was removed does not come back by its token, and what it had is worth nothing", async () => {
    const { roleId, secretId, token } = await enrols("pod-4");
    const before = await may("pod-4");
    const { exit, all } = await host("remove --yes pod-4.example.org");
    expect({ exit, all }).toEqual({ exit: 0, all: expect.stringContaining(keptOut("pod-4")) });
    expect(reasons(await sign(token, "pod-4.example.org"))).toMatch(/^403/);
    const login = await ask("", "auth/ssh-trust/hosts/example.org/login", { role_id: roleId, secret_id: secretId });
    expect([login.status, login.body.auth ?? undefined]).toEqual([403, undefined]);
    await getsNothing("pod-4", before);
    await getsNothing("pod-4", await may("pod-4"));
    expect(await stateOf("pod-4")).toEqual({ kind: "kept-out" });
    expect((await host("show pod-4.example.org")).stdout).toMatch(
      /^pod-4\.example\.org\nstate +removed: no token of its platform lets it in again\nidentity +none; to let it in again: ssh-trust host add pod-4\.example\.org --out <file>\s*$/,
    );
    await enrols("pod-5"); // its neighbours do
  });

  test("one whose token Vault has never seen is kept out, too, and nobody but a registrar lets it in", async () => {
    const { exit, all } = await host("remove --yes pod-9.example.org");
    expect({ exit, all }).toEqual({ exit: 0, all: expect.stringContaining(neverAHost("pod-9")) });
    await getsNothing("pod-9", await may("pod-9"));
    expect((await host("reissue --yes pod-9.example.org --format env --out -")).stderr).toMatch(
      /\[HOST_KEPT_OUT\]\n.*ssh-trust host add pod-9\.example\.org --out <file>/,
    );
    expect((await host("remove --yes pod-9.example.org")).all).toContain(keptOut("pod-9"));
    await getsNothing("pod-9", await may("pod-9"));
  });

  test("it stays out where it is added, and the file cannot be written", async () => {
    const { exit, stderr } = await host(`add pod-9.example.org --format env --out ${fleet.folder.folder}/nowhere/f`);
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringMatching(/\[FILE_NOT_WRITTEN\]|\[USAGE\]/) });
    await getsNothing("pod-9", await may("pod-9"));
    const registrar = readVaultSettings({ ...fleet.server.env(fleet.registrar), VAULT_ADDR: fleet.server.address });
    if (registrar === undefined) throw new Error("the server has no address");
    const api = openVaultApi(registrar);
    const stored = await readStoredFleet(api);
    const failing = addHost(api, stored, "pod-9.example.org", {
      valid: 60,
      handOver: () => Promise.reject(new Error("the disk is full")),
    });
    await expect(failing).rejects.toThrow("the disk is full");
    await getsNothing("pod-9", await may("pod-9"));
  });

  test("it may return where that is said: a name that was mistyped is forgotten so", async () => {
    const { exit, all } = await host("remove --yes pod-9.example.org --may-return");
    expect({ exit, all }).toEqual({ exit: 0, all: expect.stringContaining("until it signs in with a token of auth/kubernetes") });
    expect(await stateOf("pod-9")).toBeUndefined();
    expect((await host("remove --yes pod-9.example.org --may-return")).stderr).toContain("[HOST_UNKNOWN]");
    await enrols("pod-9");
  });

  test("its file is worth nothing either, where it was not used yet", async () => {
    const { stdout } = await host("add pod-11.example.org --format env --out -");
    expect((await host("remove --yes pod-11.example.org")).exit).toBe(0);
    const token = /^SSH_TRUST_WRAPPED=(.*)$/m.exec(stdout)?.[1] ?? "";
    const secretId = text((await ask(token, "sys/wrapping/unwrap", {})).body.data, "secret_id");
    const roleId = /^SSH_TRUST_ROLE_ID=(.*)$/m.exec(stdout)?.[1];
    const login = await ask("", "auth/ssh-trust/hosts/example.org/login", { role_id: roleId, secret_id: secretId });
    expect(reasons(await sign(tokenOf(login.body), "pod-11.example.org"))).toMatch(/^403/);
  });

  test("a registrar lets it in again, by adding it", async () => {
    const { exit, all } = await host("add pod-4.example.org --format env --out -");
    expect({ exit, all }).toEqual({ exit: 0, all: expect.stringContaining("a token of auth/kubernetes that names it gets") });
    const { token } = await enrols("pod-4", 35); // as of any host that a registrar added
    expect(certificateOf(await sign(token, "pod-4.example.org")).principals).toEqual(["pod-4.example.org"]);
  });

  test("a registrar whose policy is older ends what can be ended, and is told that the token is still good", async () => {
    const { token } = await enrols("pod-7");
    const { stdout: policy } = await fleet.folder.sshTrust(["apply", "--print-policy", "registrar"]);
    const older = policy.replace(', "ssh-trust-kept-out"', "");
    expect(older).not.toBe(policy);
    await fleet.must("sys/policies/acl/company-registrar", { body: { policy: older } });
    const { exit, stderr } = await host("remove --yes pod-7.example.org");
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining("[HOST_TOKEN_STILL_GOOD]") });
    expect(stderr).toContain("apply --print-policy registrar");
    expect((await fleet.server.ask(`${roles}/pod-7`)).status).toBe(404);
    expect(reasons(await sign(token, "pod-7.example.org"))).toMatch(/^403/);
    await fleet.must("sys/policies/acl/company-registrar", { body: { policy } });
    expect((await host("remove --yes pod-7.example.org")).exit).toBe(0); // though nothing but its token was left
    await getsNothing("pod-7", await may("pod-7"));
  });

  describe("host template", () => {
    const template = (args: string) => host(`template ${args}`);

    test("is the same for all machines of the group, and no secret is in it", async () => {
      const args = "host template pods --token-file /run/token --format env --out -".split(" ");
      const env = { VAULT_ADDR: fleet.server.address };
      const { stdout, exit } = await fleet.folder.sshTrustProcess(args, fleet.registrar, env);
      expect(exit).toBe(0);
      expect(stdout.split("\n")).toEqual(
        expect.arrayContaining([
          "SSH_TRUST_PRINCIPALS=%h.example.org,pods.example.org",
          "SSH_TRUST_LOGIN=auth/ssh-trust/hosts/example.org",
          "SSH_TRUST_ROLE=%h",
          "SSH_TRUST_ENTRY=ssh-trust/data/hosts/%h.example.org",
          "SSH_TRUST_JWT=/run/token",
          "SSH_TRUST_JWT_ROLE=auth/kubernetes/role/ssh-trust-pods",
        ]),
      );
      expect(stdout).not.toContain("WRAPPED");
    });

    test.each([
      ["a group whose hosts are added", "web --token-file /run/token --out f", "HOST_GROUP_WITHOUT_JWT", "has no hosts.web.jwt"],
      [
        "a group that is none",
        "pots --token-file /run/token --out f",
        "USAGE",
        'no group of hosts "pots" (there are: web, db, pods)',
      ],
      ["a path that is none", "pods --token-file token --out f", "USAGE", '"token" is not a whole path'],
      ["a path that the service does not see", "pods --token-file /tmp/token --out f", "USAGE", "does not see /tmp/token"],
      ["a path with a command", "pods --token-file /run/$(reboot) --out f", "USAGE", "is not a whole path of plain characters"],
      ["no path", "pods --out f", "USAGE", "--token-file <path> is missing"],
    ])("%s: refused", async (_, args, code, reason) => {
      const { stderr } = await template(args);
      expect(stderr).toContain(`[${code}]`);
      expect(stderr).toContain(reason);
    });
  });

  test("a group that has it no longer: tokens open nothing, and hosts that are enrolled stay so", async () => {
    const { roleId, secretId } = await enrols("pod-6");
    await fleet.folder.edit(`, ${jwt}`, "");
    const { exit, all } = await fleet.folder.sshTrust(["apply", "--yes"], fleet.operator);
    expect({ exit, all }).toEqual({ exit: 0, all: expect.stringContaining("machines of pods can no longer enrol themselves") });
    expect(reasons(await signIn(platform.token(pod("pod-6"))))).toMatch(/^400/);
    const login = await ask("", "auth/ssh-trust/hosts/example.org/login", { role_id: roleId, secret_id: secretId });
    expect(login.status).toBe(200);
  });

  test("where the mount is gone, a host is removed all the same", async () => {
    await fleet.folder.edit("accounts: [deploy] }", `accounts: [deploy], ${jwt} }`);
    await succeeds(fleet.folder.sshTrust(["apply", "--yes"], fleet.operator));
    await enrols("pod-8");
    await fleet.must("sys/auth/kubernetes", { method: "DELETE" });
    expect(await host("remove --yes pod-8.example.org")).toMatchObject({ exit: 0 });
    expect((await fleet.must(`${roles}/pod-8`)).data?.["token_policies"]).toEqual(["ssh-trust-kept-out"]);
  });
});

test.each<[what: string, mount: string, made: string | undefined, found: string]>([
  ["no mount", "kubernetes", undefined, "nothing"],
  ["one of another type", "kubernetes", "userpass", "a method of type userpass"],
])("%s: apply refuses it before anything is changed", async (_, mount, made, found) => {
  await using server = await startServer("OpenBao");
  const { fleetFolder } = await import("../support/fleet.js");
  await using folder = await fleetFolder(server);
  if (made !== undefined) await server.ask(`sys/auth/${mount}`, { body: { type: made } });
  await folder.write(withPods(server.address));
  const ran = await folder.sshTrust(["apply", "--yes"]);
  expect(ran.stderr).toContain("[FLEET_METHOD_MISSING]");
  expect(ran.stderr).toContain(`hosts.pods.jwt needs a method of type jwt at "auth/kubernetes", but Vault has ${found} there`);
  expect((await server.ask("sys/mounts/host-ssh")).status).toBe(400);
});
