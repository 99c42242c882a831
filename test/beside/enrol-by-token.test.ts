/** A machine that nobody hands a secret to gets its identity by the token that its platform gives it. (On both servers: test/fleet.) */
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { enrolPolicy } from "../../src/fleet/policies/hosts.js";
import { addHost } from "../../src/host/add.js";
import { takeRights } from "../../src/host/app-role.js";
import { endAppRole, keepOut } from "../../src/host/end-identity.js";
import { readStoredFleet } from "../../src/vault/stored-fleet.js";
import { openVaultApi } from "../../src/vault/api.js";
import { lab } from "../support/cloud.js";
import { startMachine, vault, type Machine } from "../support/enrolled.js";
import { taskInHost as task } from "../support/in-host.js";
import { docker, succeeds } from "../support/project.js";
import { tokenIssuer } from "../support/token-issuer.js";

jest.setTimeout(180_000);

const platform = tokenIssuer();
const roleAt = "auth/ssh-trust/hosts/lab.test/role";
/** The same for all machines of the group: each fills in its own name. */
const settings = {
  SSH_TRUST_PRINCIPALS: "%h.lab.test",
  SSH_TRUST_ROLE: "%h",
  SSH_TRUST_ENTRY: "ssh-trust/data/hosts/%h.lab.test",
  SSH_TRUST_JWT: "/run/token",
  SSH_TRUST_JWT_ROLE: "auth/platform/role/ssh-trust-web",
};

let web: Machine;
let other: Machine;
const give = (machine: Machine, claims: Readonly<Record<string, unknown>>) =>
  succeeds(machine.sh(`umask 077; printf '%s\\n' '${platform.token(claims)}' >/run/token`));
const shown = () => web.printed("ssh-keyscan -c -t ed25519 127.0.0.1 2>/dev/null");

beforeAll(async () => {
  await succeeds(task("apply-fleet"));
  await succeeds(task("start-ssh-with-signed-hostkey")); // its image
  // As apply does for a group with jwt: test/fleet has that.
  await vault("sys/auth/platform", { body: { type: "jwt" } });
  await vault("auth/platform/config", { body: platform.config });
  const auth = (await vault("sys/auth")).data as Record<string, { accessor: string }>;
  const { fleet } = await readStoredFleet(openVaultApi(lab.settings.vault));
  const group = fleet.hosts.find(({ name }) => name === "web");
  if (group === undefined) throw new Error("the lab's fleet has no group web");
  const policy = enrolPolicy(group, auth["platform/"]?.accessor ?? "");
  await vault("sys/policies/acl/ssh-trust-enrol-web", { body: { policy } });
  const role = { role_type: "jwt", user_claim: "vm", bound_audiences: ["vault"], token_policies: ["ssh-trust-enrol-web"] };
  await vault("auth/platform/role/ssh-trust-web", {
    body: { ...role, bound_claims_type: "glob", bound_claims: { vm: ["web-*"] } },
  });
  [web, other] = await Promise.all([startMachine("web-31", { settings }), startMachine("web-32", { settings })]);
}, 240_000);
afterAll(async () => {
  await docker("rm", "-f", web.container, other.container);
  await vault("sys/auth/platform", { method: "DELETE" });
  for (const name of ["web-31", "web-32"]) {
    await vault(`${roleAt}/${name}`, { method: "DELETE" });
    await vault(`ssh-trust/metadata/hosts/${name}.lab.test`, { method: "DELETE" });
  }
});

describe("not enrolled: plain keys", () => {
  test.each<[what: string, prepare: () => Promise<unknown>, env: Record<string, string>, reason: RegExp]>([
    ["no token is there", () => web.sh("rm -f /run/token"), {}, /the token file \/run\/token is not there/],
    [
      "the token is another machine's",
      () => give(web, { vm: "web-32" }),
      {},
      /is that what this machine's token says\?.*permission denied/,
    ],
    [
      "the token is a group's of others",
      () => give(web, { vm: "db-1" }),
      {},
      /Vault does not take this machine's token.*does not match/,
    ],
    [
      "the token has expired",
      () => give(web, { vm: "web-31", iat: 1_700_000_000, exp: 1_700_000_300 }),
      {},
      /does not take .*expired/,
    ],
    ["it is no token", () => web.sh("echo hello >/run/token"), {}, /does not take this machine's token/],
    ["it is empty", () => web.sh(": >/run/token"), {}, /the token file \/run\/token is empty/],
    ["the role is not said", () => give(web, { vm: "web-31" }), { SSH_TRUST_JWT_ROLE: "" }, /belong together/],
    [
      "the role is no path",
      () => give(web, { vm: "web-31" }),
      { SSH_TRUST_JWT_ROLE: "ssh-trust-web" },
      /is not auth\/<mount>\/role\/<role>/,
    ],
    [
      "there is no room to keep it",
      async () => {
        await give(web, { vm: "web-31" });
        await web.sh("head -c 8192 /dev/zero >/small/other");
      },
      { SSH_TRUST_IDENTITY: "/small" },
      /\/small has no room for this host's identity/,
    ],
  ])("%s", async (_, prepare, env, reason) => {
    await prepare();
    // The file wins over the environment.
    const lines = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    await succeeds(web.sh(`{ cat /etc/ssh-trust/host.conf; printf '%s\\n' ${lines.join(" ")}; } >/tmp/host.conf`));
    expect(await web.sh("SSH_TRUST_CONF=/tmp/host.conf ssh-trust-host enroll")).toMatchObject({
      exit: 1,
      stderr: expect.stringMatching(reason),
    });
    expect(await shown()).toBe("");
    expect(await web.entry()).toBeUndefined();
    expect(await web.printed("ls /etc/ssh-trust")).toBe("host.conf");
  });
});

describe("enrolled", () => {
  test("by its token, as the name that it has", async () => {
    await give(web, { vm: "web-31" });
    const { exit, stderr } = await web.sh("ssh-trust-host enroll");
    expect({ exit, stderr }).toEqual({
      exit: 0,
      stderr: expect.stringContaining("enrolled as web-31.lab.test, by the token in /run/token"),
    });
    expect(await shown()).toContain("ssh-ed25519-cert-v01@openssh.com");
    expect(await web.entry()).toMatchObject({ host: "web-31.lab.test", group: "web", problem: "", conflict: false });
    expect(await web.printed("stat -c '%a %n' /etc/ssh-trust/* | sort")).toMatch(/600 \S*role-id\n600 \S*secret-id$/);
    expect(await web.printed("grep -rl -F -f /run/token /etc /run --exclude=token; true")).toBe("");
  });

  test("it renews without the token", async () => {
    await web.sh("rm /run/token; rm -f /etc/ssh/*-cert.pub");
    expect(await web.sh("ssh-trust-host renew")).toMatchObject({ exit: 0 });
    expect(await shown()).toContain("ssh-ed25519-cert-v01@openssh.com");
  });

  test("killed between the halves of its identity, or its secret id used up: the token gets it another", async () => {
    await give(web, { vm: "web-31" });
    for (const broken of ["rm /etc/ssh-trust/secret-id", "rm /etc/ssh-trust/role-id", "echo none >/etc/ssh-trust/secret-id"]) {
      await web.sh(`${broken}; rm -f /etc/ssh/*-cert.pub`);
      expect(await web.sh("ssh-trust-host renew")).toMatchObject({ exit: 0, stderr: expect.stringContaining("by the token") });
    }
  });

  test("a new disk of the same name goes on with its entry; the machine before it is told that there are two", async () => {
    await web.sh("cp -a /etc/ssh-trust /tmp/first; rm -f /etc/ssh-trust/{role-id,secret-id,entry-version} /etc/ssh/*-cert.pub");
    expect((await web.sh("ssh-trust-host renew")).stderr).not.toContain("ALARM");
    expect(await web.entry()).toMatchObject({ conflict: false });
    await web.sh("rm -rf /etc/ssh-trust; mv /tmp/first /etc/ssh-trust; rm -f /etc/ssh/*-cert.pub");
    expect((await web.sh("ssh-trust-host renew")).stderr).toContain("ALARM: another machine reports as this host");
    expect(await web.entry()).toMatchObject({ conflict: true });
  });

  test("a neighbour has its own, with the same settings", async () => {
    await give(other, { vm: "web-32" });
    expect(await other.sh("ssh-trust-host enroll")).toMatchObject({ exit: 0 });
    expect(await other.entry()).toMatchObject({ host: "web-32.lab.test" });
    expect((await vault(`${roleAt}/web-32`)).data).toMatchObject({
      token_policies: ["ssh-trust-host-web"],
      secret_id_ttl: 604_800,
    });
  });
});

describe("removed", () => {
  const api = openVaultApi(lab.settings.vault);
  const removed = /this host was removed \(ssh-trust host remove\)/;

  test("before Vault saw its token: it says so, has plain keys, and writes nothing", async () => {
    await endAppRole(api, "web-31.lab.test", "lab.test");
    await vault("ssh-trust/metadata/hosts/web-31.lab.test", { method: "DELETE" });
    await keepOut(api, "web-31.lab.test", "lab.test");
    await give(web, { vm: "web-31" });
    await web.sh(
      "rm -f /etc/ssh/*-cert.pub /etc/ssh/sshd_config.d/*ssh-trust*; rm -rf /etc/ssh-trust/{role-id,secret-id}; pkill -HUP -o sshd",
    );
    for (const command of ["enroll", "once", "enroll"])
      expect(await web.sh(`ssh-trust-host ${command}`)).toMatchObject({ exit: 1, stderr: expect.stringMatching(removed) });
    expect(await shown()).toBe("");
    expect(await web.entry()).toBeUndefined();
  });

  test("while it is enrolled: it says so, whatever it signs in with, and its certificates serve on", async () => {
    // As a registrar does it, who may not delete entities: then Vault denies the sign-in.
    const { data: role } = await vault(`${roleAt}/web-32/role-id`);
    const accessor = (await vault("sys/auth")).data as Record<string, { accessor: string }>;
    const alias = { alias_name: role["role_id"], alias_mount_accessor: accessor["ssh-trust/hosts/lab.test/"]?.accessor };
    const { data: entity } = await vault("identity/lookup/entity", { body: alias });
    await vault(`identity/entity/id/${String(entity["id"])}`, { body: { disabled: true } });
    await takeRights(api, "web-32.lab.test", "lab.test");
    await give(other, { vm: "web-32" });
    await other.sh("rm -f /etc/ssh/ssh_host_rsa_key-cert.pub");
    for (const before of ["true", "rm /etc/ssh-trust/secret-id", "rm /run/token"])
      expect(await other.sh(`${before}; ssh-trust-host once`)).toMatchObject({ exit: 1, stderr: expect.stringMatching(removed) });
    expect(await other.printed("ssh-keyscan -c -t ed25519 127.0.0.1 2>/dev/null")).toContain("cert-v01@openssh.com");
  });

  test("let in again by a registrar, it enrols by its token", async () => {
    const stored = await readStoredFleet(api);
    await addHost(api, stored, "web-31.lab.test", { valid: 60, handOver: () => Promise.resolve() });
    expect(await web.sh("ssh-trust-host enroll")).toMatchObject({ exit: 0 });
    expect(await shown()).toContain("ssh-ed25519-cert-v01@openssh.com");
  });
});
