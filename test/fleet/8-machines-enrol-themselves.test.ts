/** Machines that nobody hands a secret to: a token of their platform gets them the identity that it names, and nothing else. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { applyFleet, certificateOf, text, tokenOf, type AppliedFleet } from "../support/applied-fleet.js";
import { fleetText } from "../support/fleet.js";
import { run, succeeds } from "../support/project.js";
import { serverKinds, startServer, type Answer } from "../support/servers.js";
import { tokenIssuer } from "../support/token-issuer.js";

jest.setTimeout(60_000);

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

  beforeAll(async () => {
    fleet = await applyFleet(kind, fleetText);
    await fleet.must("sys/auth/kubernetes", { body: { type: "jwt" } });
    await fleet.must("auth/kubernetes/config", { body: platform.config });
    await fleet.folder.write(withPods(fleet.server.address));
    // The mount is new in the file, so the operator and the registrar need policies that name it.
    for (const whose of ["operator", "registrar"]) {
      const { stdout } = await fleet.folder.sshTrust(["apply", "--print-policy", whose]);
      await fleet.must(`sys/policies/acl/company-${whose}`, { body: { policy: stdout } });
    }
    await succeeds(fleet.folder.sshTrust(["apply", "--yes"], fleet.operator));
    const key = join(fleet.folder.folder, "ssh_host_ed25519_key");
    await succeeds(run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key]));
    publicKey = (await readFile(`${key}.pub`, "utf8")).trim();
  }, 120_000);
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

  /** All that a machine does. */
  async function enrols(name: string): Promise<{ roleId: string; secretId: string; token: string }> {
    const token = await may(name);
    expect(reasons(await ask(token, `${roles}/${name}`, asked))).toMatch(/^204/);
    const roleId = text((await ask(token, `${roles}/${name}/role-id`)).body.data, "role_id");
    const secret = (await ask(token, `${roles}/${name}/secret-id`, {})).body.data;
    expect(secret?.["secret_id_ttl"]).toBe(7 * 24 * 3600);
    const secretId = text(secret, "secret_id");
    const answer = await ask("", "auth/ssh-trust/hosts/example.org/login", { role_id: roleId, secret_id: secretId });
    return { roleId, secretId, token: tokenOf(answer.body) };
  }
  const sign = (token: string, names: string, role = "pods") =>
    ask(token, `host-ssh/sign/${role}`, { cert_type: "host", public_key: publicKey, valid_principals: names });

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
    const elsewhere: readonly (readonly [what: string, path: string, body?: unknown])[] = [
      ["a neighbour's identity", `${roles}/pod-2`, asked],
      ["a neighbour's secret id", `${roles}/pod-2/secret-id`, {}],
      ["a neighbour's role id", `${roles}/pod-2/role-id`],
      ["a host of another group", `${roles}/web-1`, { ...asked, token_policies: "ssh-trust-host-web" }],
      ["another policy", `${roles}/pod-1`, { ...asked, token_policies: "ssh-trust-host-web" }],
      ["another policy beside", `${roles}/pod-1`, { ...asked, token_policies: "ssh-trust-host-pods,root" }],
      ["a longer life of secret ids", `${roles}/pod-1`, { ...asked, secret_id_ttl: "840h" }],
      ["a life of secret ids without an end", `${roles}/pod-1`, { token_policies: asked.token_policies, token_max_ttl: "24h" }],
      ["a longer life of tokens", `${roles}/pod-1`, { ...asked, token_max_ttl: "0" }],
      ["a token that is renewed for ever", `${roles}/pod-1`, { ...asked, token_period: "24h" }],
      ["a secret id of another life", `${roles}/pod-1/secret-id`, { ttl: "0" }],
      ["a secret id of its own choice", `${roles}/pod-1/custom-secret-id`, { secret_id: "chosen" }],
      ["a role id of its own choice", `${roles}/pod-1/role-id`, { role_id: "chosen" }],
      ["a certificate, without an identity", "host-ssh/sign/pods", { cert_type: "host", valid_principals: "pod-1.example.org" }],
      ["an entry in the inventory", "ssh-trust/data/hosts/pod-1.example.org", { data: {} }],
      ["the fleet", "ssh-trust/data/fleet"],
      ["the list of hosts", `${roles}?list=true`],
    ];
    let token: string;
    beforeAll(async () => {
      token = await may("pod-1");
      expect(reasons(await ask(token, `${roles}/pod-1`, asked))).toMatch(/^204/);
    });
    test.each(elsewhere)("%s", async (...[, path, body]) => {
      expect(reasons(await ask(token, path, body))).toMatch(/^403 .*permission denied/s);
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
        expect(reasons(await ask(token, `${roles}/${at}`, asked))).toMatch(/^pod-1(?:%2F|\/)[a-z]/.test(at) ? /./ : /^4/);
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

  test("one that was removed does not come back by its token, and what it had is worth nothing", async () => {
    const { roleId, secretId, token } = await enrols("pod-4");
    const before = await may("pod-4");
    const { exit, all } = await host("remove pod-4.example.org");
    const said = "pod-4.example.org can have nothing more signed, and its tokens open auth/kubernetes no more";
    expect({ exit, all }).toEqual({ exit: 0, all: expect.stringContaining(said) });
    expect(reasons(await sign(token, "pod-4.example.org"))).toMatch(/^403/);
    expect(reasons(await ask(before, `${roles}/pod-4`, asked))).toMatch(/^403/);
    const again = await signIn(platform.token(pod("pod-4")));
    expect([again.body.auth ?? undefined, again.status]).toEqual([undefined, 403]);
    const login = await ask("", "auth/ssh-trust/hosts/example.org/login", { role_id: roleId, secret_id: secretId });
    expect(login.status).toBe(400);
    expect((await may("pod-5")).length).toBeGreaterThan(0); // its neighbours do
  });

  test("an operator lets it in again, with what the docs say", async () => {
    const auth = (await fleet.must("sys/auth", { token: fleet.operator })).data as Record<string, { accessor: string }>;
    const alias = { alias_name: "pod-4", alias_mount_accessor: auth["kubernetes/"]?.accessor };
    const id = text((await fleet.must("identity/lookup/entity", { token: fleet.operator, body: alias })).data, "id");
    const entity = `identity/entity/id/${id}`;
    for (const body of [{ policies: ["root"] }, { disabled: false, policies: ["root"] }, { disabled: true }, { name: "x" }])
      expect(reasons(await ask(fleet.operator, entity, body))).toMatch(/^403/);
    expect((await ask(fleet.operator, entity, { disabled: false })).status).toBeLessThan(300);
    await enrols("pod-4");
  });

  test("a registrar whose policy is older than the mount ends what can be ended, and is told that the token is still good", async () => {
    await enrols("pod-7");
    const { stdout: policy } = await fleet.folder.sshTrust(["apply", "--print-policy", "registrar"]);
    const older = policy
      .split("\n")
      .filter((line) => !line.includes("auth/kubernetes"))
      .join("\n");
    await fleet.must("sys/policies/acl/company-registrar", { body: { policy: older } });
    const { exit, stderr } = await host("remove pod-7.example.org");
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining("[HOST_TOKEN_STILL_GOOD]") });
    expect(stderr).toContain("apply --print-policy registrar");
    expect((await fleet.server.ask(`${roles}/pod-7`)).status).toBe(404);
    await fleet.must("sys/policies/acl/company-registrar", { body: { policy } });
    expect((await host("remove pod-7.example.org")).exit).toBe(0); // though nothing but its token was left
    expect((await signIn(platform.token(pod("pod-7")))).status).toBe(403);
  });

  test("one whose token Vault has never seen: it cannot be kept out, and that is said", async () => {
    expect((await host("add pod-9.example.org --format env --out -")).exit).toBe(0);
    const { exit, all } = await host("remove pod-9.example.org");
    expect({ exit, all }).toEqual({ exit: 0, all: expect.stringContaining("Vault has seen no token of it yet") });
    expect(all).toContain("end the machine first");
  });

  describe("host template", () => {
    const template = (args: string) => host(`template ${args}`);

    test("is the same for all machines of the group, and no secret is in it", async () => {
      const { stdout, exit } = await template("pods --token-file /run/token --format env --out -");
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
    expect(await host("remove pod-8.example.org")).toMatchObject({ exit: 0 });
    expect((await fleet.server.ask(`${roles}/pod-8`)).status).toBe(404);
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
  expect(ran.stderr).toContain(`hosts.pods.jwt needs a method of type jwt at "auth/kubernetes", and there is ${found}`);
  expect((await server.ask("sys/mounts/host-ssh")).status).toBe(400);
});
