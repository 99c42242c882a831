/** The same tasks, the same results: with a server of the person's own, and with OpenTofu in Terraform's place. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { silent } from "../../src/ground/progress.js";
import { readLabSettings } from "../../lab/settings/lab.js";
import { fetchOpenTofu } from "../../src/toolchain/go-program.js";
import { freePort } from "../support/servers.js";
import { taskInHost as task } from "../support/in-host.js";
import { docker, login, type Ran, root, run, succeeds, until, task as taskProcess } from "../support/project.js";

const name = "ssh-trust-test-vault";
const port = String(await freePort());
const address = `http://127.0.0.1:${port}`;
const env = { VAULT_ADDR: address, VAULT_TOKEN: "another-token" };
const ca = async (base: string, mount: string) => (await (await fetch(`${base}/v1/${mount}/public_key`)).text()).trim();

/** Docker accepts connections before the server in the container does: a request may hang then. */
const answers = () =>
  fetch(`${address}/v1/sys/health`, { signal: AbortSignal.timeout(2000) }).then(
    ({ status }) => status === 200,
    () => false,
  );

/** A server as somebody runs it: its own container, its own token, not on the lab's network. */
async function startOther(): Promise<void> {
  const { vaultImage } = JSON.parse(await readFile(join(root, ".lab/toolchain.json"), "utf8")) as { vaultImage: string };
  await docker("rm", "-f", name);
  const start = "exec $(command -v vault || command -v bao) server -dev -dev-no-store-token -dev-listen-address=0.0.0.0:8200";
  const both = ["-e", "VAULT_DEV_ROOT_TOKEN_ID=another-token", "-e", "BAO_DEV_ROOT_TOKEN_ID=another-token"];
  const started = await docker(
    "run",
    "-d",
    "--name",
    name,
    ...both,
    "-p",
    `127.0.0.1:${port}:8200`,
    "--entrypoint",
    "sh",
    vaultImage,
    "-c",
    start,
  );
  expect(started).toMatchObject({ exit: 0 });
  await until("the other server", 30, answers);
}

describe("a server that VAULT_ADDR names", () => {
  beforeAll(async () => {
    expect((await task("generate-host-signing-key")).exit).toBe(0);
    await startOther();
  }, 300_000);

  afterAll(async () => {
    await docker("rm", "-f", name);
    for (const host of ["ssh-with-signed-hostkey", "ssh-with-trusted-user-ca"]) await task(`stop-${host}`);
  }, 180_000);

  test("is used, and not started or stopped", async () => {
    const started = await task("start-vault", [], env);
    expect(started.all).toMatch(new RegExp(`using (Vault|OpenBao)? ?.*at ${address.replaceAll(".", "[.]")}`));
    const stopped = await task("stop-vault", [], env);
    expect(stopped.all).toContain("not the lab's to stop");
    expect((await docker("inspect", "--format", "{{.State.Running}}", name)).stdout).toBe("true");
  }, 180_000);

  test("a wrong token is refused, whatever is asked", async () => {
    const answer = await task("sign-user-key", ["alice"], { ...env, VAULT_TOKEN: "wrong-token" });
    expect(answer.all).toContain("[VAULT_TOKEN_REFUSED]");
    expect(answer.all).not.toContain("wrong-token");
    expect(answer.exit).toBe(1);
  });

  test("keeps a role that somebody else made, unless the person says otherwise", async () => {
    const api = (path: string, body?: unknown) =>
      fetch(`${address}/v1/${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: { "X-Vault-Token": "another-token" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    await api("sys/mounts/host-ssh", { type: "ssh" });
    await api("host-ssh/roles/host-ssh", {
      key_type: "ca",
      allow_host_certificates: true,
      allowed_domains: "production.example",
    });
    const domains = async () =>
      ((await (await api("host-ssh/roles/host-ssh")).json()) as { data: { allowed_domains: string } }).data.allowed_domains;

    const refused = await task("terraform-apply-ssh-with-signed-hostkey", [], env);
    expect(refused.all).toMatch(/Vault has host-ssh, host-ssh\/roles\/host-ssh already[\s\S]*\[VAULT_NOT_OURS\]/);
    expect(refused.exit).toBe(1);
    expect(await domains()).toBe("production.example");

    const adopted = await task("terraform-apply-ssh-with-signed-hostkey", ["--adopt"], env);
    expect(adopted.all).toContain("2 taken over");
    expect(await domains()).toBe("localhost");
  }, 180_000);

  test("gets its own CAs, mounts that Terraform may not destroy, and certifies the hosts", async () => {
    const labs = await ca("http://localhost:8200", "host-ssh");
    const { all, exit } = await task("start-ssh-with-trusted-user-ca", [], env);
    expect({ all, exit }).toEqual({ all, exit: 0 });
    expect(await ca(address, "host-ssh")).toMatch(/^ssh-ed25519 /);
    expect(await ca(address, "host-ssh")).not.toBe(labs);
    const stack = JSON.parse(
      await readFile(join(root, `.lab/terraform-of/127.0.0.1_${port}/stacks/user-ssh/cdk.tf.json`), "utf8"),
    ) as {
      resource: { vault_mount: { mount: { lifecycle: unknown } } };
    };
    expect(stack.resource.vault_mount.mount.lifecycle).toEqual({ prevent_destroy: true });
  }, 300_000);

  test("Alice logs in by its certificates; a client that trusts the lab's own CA is refused", async () => {
    const stale = await login("alice", 3022, "-o", "StrictHostKeyChecking=yes");
    expect(stale.all).toContain("Host key verification failed.");
    expect((await task("create-known-hosts", [], env)).exit).toBe(0);
    const unsigned = await login("alice", 3022, "-o", "StrictHostKeyChecking=yes");
    expect(unsigned.all).toContain("Permission denied (publickey)."); // her certificate is by the other user CA
    expect((await task("sign-user-key", ["alice"], env)).exit).toBe(0);
    expect((await login("alice", 3022, "-o", "StrictHostKeyChecking=yes")).stdout).toBe("admin-ssh-user");
  }, 180_000);

  test("a second apply there changes nothing, and status reads it", async () => {
    expect((await task("terraform-apply-ssh-with-trusted-user-ca", [], env)).all).toContain("nothing to change");
    const { stdout } = await task("status", [], env);
    expect(stdout).toContain(address);
  }, 180_000);

  test("a chapter of the story runs against it", async () => {
    const { all, exit } = await taskProcess("walkthrough", ["--chapter", "5", "--yes"], env);
    expect({ all, exit }).toEqual({ all, exit: 0 });
    expect(all).toContain("what was seen: 7 of 7");
  }, 300_000);

  test("has a fleet of its own: what somebody else made there is kept, unless the person says otherwise", async () => {
    const policy = `${address}/v1/sys/policies/acl/ssh-trust-host-guests`;
    const asked = (method: string, body?: unknown) =>
      fetch(policy, {
        method,
        headers: { "X-Vault-Token": "another-token" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    await asked("PUT", { policy: "# somebody else's" });
    const refused = await task("apply-fleet", [], env);
    expect(refused.all).toMatch(
      /the policy ssh-trust-host-guests {2}\[FLEET_NOT_OURS\][\s\S]*hint: .*npm run apply-fleet -- --adopt/,
    );
    expect(refused.exit).toBe(1);
    expect(await (await asked("GET")).text()).toContain("somebody else's");
    // Nor does a launch do it by the way.
    const launched = await task("cloud", ["launch", "guest-far", "--signed"], env);
    expect(launched.all).toContain("[FLEET_NOT_OURS]");
    expect((await docker("inspect", "cloud-guest-far")).exit).not.toBe(0);

    const adopted = await task("apply-fleet", ["--adopt"], env);
    expect(adopted.all).toMatch(
      new RegExp(`the fleet of \\.lab/fleet-of/127\\.0\\.0\\.1_${port}/ssh-trust\\.yaml: .*1 taken over`),
    );
    expect(await (await asked("GET")).text()).toContain("cloud-host-ssh/sign/guests");
    expect(await readFile(join(root, `.lab/fleet-of/127.0.0.1_${port}/ssh-trust.yaml`), "utf8")).toContain(`vault: ${address}\n`);
    expect((await task("apply-fleet", [], env)).all).toContain("nothing to change");
  }, 300_000);

  test("a machine of the cloud is signed by it; ended with another in charge, its identity is said to stay", async () => {
    const identity = async () =>
      (
        await fetch(`${address}/v1/auth/ssh-trust/hosts/lab.test/role/guest-far`, {
          headers: { "X-Vault-Token": "another-token" },
        })
      ).status;
    const launch = (...more: string[]) => task("cloud", ["launch", "guest-far", "--signed", ...more], env);
    const launched = await launch();
    expect(launched).toMatchObject({ exit: 0 });
    const trust = `echo '@cert-authority *.lab.test ${await ca(address, "cloud-host-ssh")}' > ~/.ssh/known_hosts`;
    const far = "ssh -o StrictHostKeyChecking=yes admin-ssh-user@guest-far.lab.test whoami";
    expect((await docker("exec", "laptop", "bash", "-lc", `${trust}; ${far}`)).stdout).toBe("admin-ssh-user");
    expect(await identity()).toBe(200);
    const secret = async (file: string) => (await docker("exec", "cloud-guest-far", "cat", `/etc/ssh-trust/${file}`)).stdout;
    const secrets = { role_id: await secret("role-id"), secret_id: await secret("secret-id") };
    const signsIn = async () =>
      (
        await fetch(`${address}/v1/auth/ssh-trust/hosts/lab.test/login`, {
          method: "POST",
          body: JSON.stringify(secrets),
        })
      ).status;
    const left = await task("cloud", ["terminate", "guest-far"]);
    expect(left.all).toMatch(`the identity of guest-far stays in the Vault at ${address}: this is http://localhost:8200`);
    expect(await identity()).toBe(200);
    expect(await signsIn()).toBe(200);
    // It may be in use there: nobody takes its place without saying so.
    const refused = await launch();
    expect(refused.all).toMatch(
      /guest-far\.lab\.test is already enrolled[\s\S]*\[HOST_ENROLLED\][\s\S]*launch guest-far --signed --adopt/,
    );
    expect(await signsIn()).toBe(200);
    expect((await docker("inspect", "cloud-guest-far")).exit).not.toBe(0);
    await succeeds(launch("--adopt"));
    expect(await signsIn()).toBe(400);
    expect((await task("cloud", ["terminate", "guest-far"], env)).all).not.toContain("stays in the Vault");
    expect(await identity()).toBe(404);
  }, 180_000);

  test("one that containers cannot reach is refused with the reason", async () => {
    await docker("rm", "-f", name);
    const start = `exec $(command -v vault || command -v bao) server -dev -dev-no-store-token -dev-listen-address=127.0.0.1:${port}`;
    const { vaultImage } = JSON.parse(await readFile(join(root, ".lab/toolchain.json"), "utf8")) as { vaultImage: string };
    const both = ["-e", "VAULT_DEV_ROOT_TOKEN_ID=another-token", "-e", "BAO_DEV_ROOT_TOKEN_ID=another-token"];
    // In the machine's own network: nobody publishes its port, it just listens on the loopback address.
    await docker("run", "-d", "--name", name, "--network", "host", ...both, "--entrypoint", "sh", vaultImage, "-c", start);
    await until("the server", 30, answers);
    const answer = await task("start-ssh-with-signed-hostkey", [], env);
    expect(answer.all).toContain("[VAULT_NOT_REACHABLE_FROM_CONTAINERS]");
    expect(answer.exit).toBe(1);
  }, 180_000);

  test("sealed, it says so", async () => {
    await fetch(`${address}/v1/sys/seal`, { method: "PUT", headers: { "X-Vault-Token": "another-token" } });
    const answer = await task("sign-user-key", ["alice"], env);
    expect(answer.all).toContain("[VAULT_SEALED]");
    expect(answer.exit).toBe(1);
  });
});

describe("OpenTofu in Terraform's place", () => {
  let tofu: string;
  let applied: Ran;
  beforeAll(async () => {
    tofu = (await fetchOpenTofu(readLabSettings(), silent)).binary;
    await task("start-vault");
    await rm(join(root, ".lab/terraform"), { recursive: true, force: true });
    applied = await task("terraform-apply-ssh-with-signed-hostkey", [], { TERRAFORM_BINARY_NAME: tofu });
  }, 900_000);
  afterAll(async () => {
    expect((await task("prepare")).exit).toBe(0);
  }, 180_000);

  test("applies the same stacks", () => {
    expect(applied.all).toMatch(/opentofu applies|mount and role host-ssh: /);
    expect(applied.exit).toBe(0);
  });

  test("finds the provider under its own registry's name", async () => {
    const lock = await readFile(join(root, ".lab/terraform/stacks/host-ssh/.terraform.lock.hcl"), "utf8");
    expect(lock).toContain('provider "registry.opentofu.org/hashicorp/vault"');
  });

  test("a second apply changes nothing, and changing back to Terraform neither", async () => {
    const again = await task("terraform-apply-ssh-with-signed-hostkey", [], { TERRAFORM_BINARY_NAME: tofu });
    expect(again.all).toContain("nothing to change");
    const back = await task("terraform-apply-ssh-with-signed-hostkey");
    expect(back.all).toContain("nothing to change");
    expect(back.exit).toBe(0);
  }, 300_000);
});

test("cdktf.json serves the CDKTF CLI: its command writes both stacks", async () => {
  const settings = await readFile(join(root, "cdktf.json"), "utf8");
  const { app, context } = JSON.parse(settings) as { app: string; context: object };
  const out = join(root, ".lab/synth-by-hand");
  await rm(out, { recursive: true, force: true });
  // The CLI hands the file's "context" over in this variable.
  const env = { CDKTF_OUTDIR: out, CDKTF_CONTEXT_JSON: JSON.stringify(context) };
  const { exit } = await run("sh", ["-c", app], { env });
  expect(exit).toBe(0);
  for (const stack of ["host-ssh", "user-ssh"]) {
    expect(JSON.parse(await readFile(join(out, "stacks", stack, "cdk.tf.json"), "utf8"))).toHaveProperty(
      "resource.vault_mount.mount",
    );
  }
  await rm(out, { recursive: true });
}, 180_000);
