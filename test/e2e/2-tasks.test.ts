/** Every task: twice, in the wrong order, and what it leaves behind. */
import { readdir, readFile, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { taskInHost as task } from "../support/in-host.js";
import { docker, login, npmTask, root, run } from "../support/project.js";

const hostState = join(root, ".lab/terraform/stacks/host-ssh/terraform.tfstate");
/** Of this lab: another may run beside it. */
const own = ["--filter", "label=io.ssh-trust.lab.name=default"];
const containers = [...own, "--filter", "label=io.ssh-trust.lab=container"];
const read = (file: string) => readFile(join(root, file), "utf8");
const hostKey = async (container: string) => (await docker("exec", container, "cat", "/etc/ssh/ssh_host_ed25519_key.pub")).stdout;

const twice: readonly [name: string, args: readonly string[], first: RegExp, second: RegExp][] = [
  ["prepare", [], /^prepared\nnext: npm run walkthrough$/m, /image ssh-trust\/sshd:latest {2}kept/],
  ["start-vault", [], /(Vault|OpenBao) .* (started|runs already)/, /(Vault|OpenBao) .* runs already/],
  ["start-ssh-with-authorized-keys", [], /127\.0\.0\.1:1022/, /runs already on 127\.0\.0\.1:1022/],
  ["terraform-apply-ssh-with-signed-hostkey", [], /mount and role host-ssh: /, /mount and role host-ssh: nothing to change/],
  ["generate-host-signing-key", [], /host CA \(host-ssh\): ED25519/, /was there already and stays/],
  ["start-ssh-with-signed-hostkey", [], /127\.0\.0\.1:2022/, /runs already on 127\.0\.0\.1:2022/],
  ["create-known-hosts", [], /\.\/known_hosts/, /\.\/known_hosts/],
  ["terraform-apply-ssh-with-trusted-user-ca", [], /mount and role user-ssh: /, /mount and role user-ssh: nothing to change/],
  ["generate-user-signing-key", [], /user CA \(user-ssh\): ED25519/, /was there already and stays/],
  ["start-ssh-with-trusted-user-ca", [], /127\.0\.0\.1:3022/, /runs already on 127\.0\.0\.1:3022/],
  ["sign-user-key", ["alice"], /alice may log in as admin-ssh-user/, /alice may log in as admin-ssh-user/],
  ["apply-fleet", [], /the fleet of \.lab\/ssh-trust\.yaml: /, /the fleet of \.lab\/ssh-trust\.yaml: nothing to change/],
  ["start-laptop", [], /the laptop (started|runs already)/, /the laptop runs already/],
  ["start-object-store", [], /the object store (started|runs already)/, /the object store runs already/],
  ["reset-cloud", [], /the laptop started, and knows no host/, /the laptop started, and knows no host/],
  ["collect-host-keys", [], /0 lines for 0 hosts/, /0 lines for 0 hosts/],
  ["stop-object-store", [], /stopped/, /was not running/],
  ["stop-laptop", [], /stopped/, /was not running/],
  ["stop-ssh-with-trusted-user-ca", [], /stopped/, /was not running/],
  ["stop-ssh-with-signed-hostkey", [], /stopped/, /was not running/],
  ["stop-ssh-with-authorized-keys", [], /stopped/, /was not running/],
  ["stop-vault", [], /stopped/, /was not running/],
];

test.each(twice)(
  "%s, run twice",
  async (name, args, first, second) => {
    const once = await npmTask(name, args); // as a person types it, each task once
    expect(once.all).toMatch(first);
    expect(once.exit).toBe(0);
    const again = await task(name, args);
    expect(again.all).toMatch(second);
    expect(again.exit).toBe(0);
  },
  120_000,
);

describe("in the wrong order, with nothing running", () => {
  const orders: readonly [name: string, args: readonly string[], needs: string][] = [
    ["create-known-hosts", [], "generate-host-signing-key"],
    ["sign-user-key", ["bob", "--ttl", "1m0s"], "generate-user-signing-key"],
    ["start-ssh-with-signed-hostkey", [], "start-vault"],
    ["start-ssh-with-trusted-user-ca", [], "terraform-apply-ssh-with-trusted-user-ca"],
  ];
  test.each(orders)(
    "%s does what it needs first, and says so",
    async (name, args, needs) => {
      await task("stop-vault");
      const { exit, all } = await task(name, args);
      expect(all).toMatch(new RegExp(`needs ${needs}: doing that first`));
      expect(exit).toBe(0);
    },
    120_000,
  );
});

describe("a prepared lab", () => {
  beforeAll(async () => {
    for (const name of [
      "start-ssh-with-authorized-keys",
      "start-ssh-with-signed-hostkey",
      "start-ssh-with-trusted-user-ca",
      "create-known-hosts",
    ]) {
      expect((await task(name)).exit).toBe(0);
    }
    for (const [name, ...args] of [["sign-user-key", "alice"], ["apply-fleet"]] as const)
      expect((await task(name, args)).exit).toBe(0);
  }, 180_000);

  test("each start makes new host keys, a second start while running does not", async () => {
    const before = await hostKey("ssh-with-authorized-keys");
    await task("start-ssh-with-authorized-keys");
    expect(await hostKey("ssh-with-authorized-keys")).toBe(before);
    await task("stop-ssh-with-authorized-keys");
    await task("start-ssh-with-authorized-keys");
    expect(await hostKey("ssh-with-authorized-keys")).not.toBe(before);
  }, 180_000);

  test("known_hosts is one line, of the CA", async () => {
    expect(await read("known_hosts")).toMatch(/^@cert-authority localhost ssh-ed25519 [A-Za-z0-9+/=]+\n$/);
  });

  test("ports are published on 127.0.0.1 only", async () => {
    const { stdout } = await docker("ps", ...containers, "--format", "{{.Ports}}");
    const published = stdout.split(/[\n,]/).filter((port) => port.includes("->"));
    expect(published).toHaveLength(4);
    for (const port of published) expect(port.trim()).toMatch(/^127\.0\.0\.1:/);
  });

  test("the token is in no image, environment, command line or log", async () => {
    const names = (await docker("ps", "-q", ...containers)).stdout.split("\n");
    expect(names).toHaveLength(4);
    for (const name of names) {
      expect((await docker("inspect", name)).all).not.toContain('root-token"');
      expect(
        (await docker("inspect", "--format", "{{json .Config.Env}} {{json .Config.Cmd}} {{json .Args}}", name)).all,
      ).not.toContain("root-token");
      expect((await docker("logs", name)).all).not.toContain("root-token");
      expect((await docker("exec", name, "sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '")).all).not.toContain("root-token");
    }
    const images = (await docker("images", "-q", ...own)).stdout.split("\n");
    for (const image of images) expect((await docker("history", "--no-trunc", image)).all).not.toContain("root-token");
  }, 180_000);

  test("no token and no private key in Terraform's files", async () => {
    const folder = join(root, ".lab");
    const files = (await readdir(folder, { recursive: true })).filter((name) => /\.(json|tfstate|hcl)[^/]*$/.test(name));
    const some = [
      ...["terraform/stacks/host-ssh/terraform.tfstate", "terraform/stacks/user-ssh/cdk.tf.json"],
      ...["ssh-trust.tfstate", ".ssh-trust/terraform-ssh-trust/stacks/fleet/cdk.tf.json"],
    ];
    expect(files).toEqual(expect.arrayContaining(some));
    for (const name of files) expect(await readFile(join(folder, name), "utf8")).not.toMatch(/root-token|PRIVATE KEY/);
  });

  test("containers keep few capabilities and gain no privileges", async () => {
    const { stdout } = await docker(
      "inspect",
      "--format",
      "{{json .HostConfig.CapDrop}} {{json .HostConfig.SecurityOpt}} {{.HostConfig.Privileged}}",
      "ssh-with-signed-hostkey",
      "vault",
    );
    for (const line of stdout.split("\n")) expect(line).toBe('["ALL"] ["no-new-privileges"] false');
  });

  test("a certificate is 0640, a host key 0600, and no image holds a host key", async () => {
    const { stdout } = await docker(
      "exec",
      "ssh-with-signed-hostkey",
      "sh",
      "-c",
      "stat -c %a /etc/ssh/ssh_host_*_key-cert.pub /etc/ssh/ssh_host_*_key | tr '\\n' ' '",
    );
    expect(stdout.trim()).toBe("640 640 640 600 600 600");
    const image = await docker(
      "run",
      "--rm",
      "--network",
      "none",
      "--entrypoint",
      "sh",
      "ssh-trust/ssh-with-signed-hostkey",
      "-c",
      "ls /etc/ssh/ssh_host_* 2>/dev/null; echo looked",
    );
    expect(image.stdout).toBe("looked");
  });

  test("there is no authorized_keys on the host that trusts the user CA", async () => {
    const { stdout } = await docker(
      "exec",
      "ssh-with-trusted-user-ca",
      "sh",
      "-c",
      "find / -xdev -not -path '/usr/share/*' -name 'authorized_keys*'; sshd -T | grep authorizedkeysfile",
    );
    expect(stdout.trim()).toBe("authorizedkeysfile none");
  });

  test("status tells the same as text and as JSON", async () => {
    const text = await task("status");
    const json = JSON.parse((await task("status", ["--format", "json"])).stdout) as {
      cas: { mount: string; fingerprint: string }[];
      hosts: {
        name: string;
        port: number;
        running: boolean;
        certificates: { signingCa: { fingerprint: string }; validNow: boolean }[];
      }[];
      people: { name: string; certificate?: { principals: string[]; validNow: boolean } }[];
    };
    expect(json.hosts.map(({ name, port, running, certificates }) => [name, port, running, certificates.length])).toEqual([
      ["ssh-with-authorized-keys", 1022, true, 0],
      ["ssh-with-signed-hostkey", 2022, true, 3],
      ["ssh-with-trusted-user-ca", 3022, true, 3],
    ]);
    const hostCa = json.cas[0]?.fingerprint ?? "";
    for (const { signingCa, validNow } of json.hosts.flatMap(({ certificates }) => certificates)) {
      expect([signingCa.fingerprint, validNow]).toEqual([hostCa, true]);
    }
    expect(json.people[0]?.certificate).toMatchObject({ principals: ["admin-ssh-user"], validNow: true });
    expect(json.people[1]).toEqual({ name: "bob", certificate: expect.anything() });
    expect(text.stdout).toContain(hostCa);
    expect(text.exit).toBe(0);
  }, 180_000);

  test("a Vault that forgot everything: the hosts are certified by the new CA", async () => {
    const old = await read("known_hosts");
    await task("stop-vault");
    const { exit, all } = await task("start-ssh-with-signed-hostkey");
    expect(all).toContain("started on 127.0.0.1:2022");
    expect(exit).toBe(0);
    // The client still trusts the CA that is gone: it must not get in.
    const stale = await login("bob", 2022, "-o", "StrictHostKeyChecking=yes");
    expect(stale.all).toContain("Host key verification failed.");
    expect(stale.exit).toBe(255);
    await task("create-known-hosts");
    expect(await read("known_hosts")).not.toBe(old);
    expect((await login("bob", 2022, "-o", "StrictHostKeyChecking=yes")).stdout).toBe("admin-ssh-user");
  }, 300_000);
});

describe("both CAs stay as they are", () => {
  const ca = async (mount: string) => (await (await fetch(`http://localhost:8200/v1/${mount}/public_key`)).text()).trim();
  beforeAll(async () => {
    for (const name of ["generate-host-signing-key", "generate-user-signing-key"]) expect((await task(name)).exit).toBe(0);
  }, 180_000);
  afterAll(() => task("terraform-apply-ssh-with-signed-hostkey"), 60_000);

  test.each([
    ["the signing key generated again", () => task("generate-host-signing-key"), /was there already/],
    ["Terraform applied again", () => task("terraform-apply-ssh-with-signed-hostkey"), /nothing to change/],
    [
      "the state lost",
      async () => {
        await rm(hostState);
        return task("terraform-apply-ssh-with-signed-hostkey");
      },
      /2 taken over/,
    ],
    [
      "the state half-written",
      async () => {
        await truncate(hostState, 100);
        return task("terraform-apply-ssh-with-signed-hostkey");
      },
      /2 taken over/,
    ],
    [
      "the role changed behind Terraform's back",
      async () => {
        await fetch("http://localhost:8200/v1/host-ssh/roles/host-ssh", {
          method: "POST",
          headers: { "X-Vault-Token": "root-token" },
          body: JSON.stringify({ key_type: "ca", allow_host_certificates: true, allowed_domains: "*", allow_subdomains: true }),
        });
        return task("terraform-apply-ssh-with-signed-hostkey");
      },
      /1 changed/,
    ],
  ])(
    "%s",
    async (_what, act, says) => {
      const before = await Promise.all(["host-ssh", "user-ssh"].map(ca));
      const { all, exit } = await act();
      expect(all).toMatch(says);
      expect(exit).toBe(0);
      expect(await Promise.all(["host-ssh", "user-ssh"].map(ca))).toEqual(before);
      expect(before[0]).toMatch(/^ssh-ed25519 /);
      expect(before[0]).not.toBe(before[1]);
    },
    60_000,
  );
});

describe("the fleet of the small cloud keeps its CA and what its roles say", () => {
  const vault = (method: string, path: string, body?: unknown) =>
    fetch(`http://localhost:8200/v1/cloud-host-ssh/${path}`, {
      method,
      headers: { "X-Vault-Token": "root-token" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const ca = async () => (await (await vault("GET", "public_key")).text()).trim();
  const role = async (name: string) =>
    ((await (await vault("GET", `roles/${name}`)).json()) as { data: { allowed_domains: string } }).data.allowed_domains;
  const state = join(root, ".lab/ssh-trust.tfstate");
  const anyHost = { key_type: "ca", allow_host_certificates: true, allowed_domains: "*", allow_subdomains: true };
  let before: { readonly ca: string; readonly web: string; readonly guests: string };
  const now = async () => ({ ca: await ca(), web: await role("web"), guests: await role("guests") });

  beforeAll(async () => {
    expect((await task("apply-fleet")).exit).toBe(0);
    before = await now();
    expect(before.ca).toMatch(/^ssh-ed25519 /);
    expect(before.web).toMatch(/^\{\{identity\.entity\.aliases\.\w+\.metadata\.role_name\}\}\.lab\.test,www\.lab\.test$/);
    expect(before.guests).toMatch(/^\{\{identity\.entity\.aliases\.\w+\.metadata\.role_name\}\}\.lab\.test$/);
  }, 180_000);
  afterEach(async () => {
    expect((await task("apply-fleet")).all).toContain("nothing to change");
    expect(await now()).toEqual(before);
  }, 180_000);

  test("a role that was changed behind its back is set right", async () => {
    await vault("POST", "roles/guests", anyHost);
    expect(await task("apply-fleet")).toMatchObject({ exit: 0, all: expect.stringContaining("Terraform: 1 changed") });
  }, 180_000);

  test("a role that it did not make is refused: it could sign for any host", async () => {
    await vault("POST", "roles/rogue", anyHost);
    const { all, exit } = await task("apply-fleet");
    expect(all).toMatch(
      /the mount "cloud-host-ssh" has roles that the fleet file does not define \(rogue\).*\[FLEET_FOREIGN_ROLE\]/,
    );
    expect(exit).toBe(1);
    await vault("DELETE", "roles/rogue");
  }, 180_000);

  test("with its state lost, what is there is taken over", async () => {
    await rm(state);
    expect(await task("apply-fleet")).toMatchObject({ exit: 0, all: expect.stringMatching(/\d+ taken over/) });
  }, 180_000);

  test("with its state half-written, the hint mends it", async () => {
    await truncate(state, 100);
    const { all, exit } = await task("apply-fleet");
    const [, hint = ""] = /\[STATE_DAMAGED\]\nssh-trust: hint: .*: (rm .*)$/m.exec(all) ?? [];
    expect({ hint, exit }).toEqual({ hint: `rm ${state} && npm run apply-fleet -- --adopt`, exit: 1 });
    expect(await run("sh", ["-c", hint])).toMatchObject({ exit: 0, all: expect.stringMatching(/\d+ taken over/) });
  }, 180_000);
});
