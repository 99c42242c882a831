/** Every error that can be provoked, provoked: its code, the object it names, and a hint with a command. */
import { chmod, copyFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { chapterCount } from "../../lab/chapters/index.js";
import { applyRole } from "../../lab/tutorial/cas.js";
import { fail } from "../../lab/errors/catalogue.js";
import { hintFor } from "../../lab/face/hints.js";
import { openLab } from "../../lab/lab.js";
import { silent } from "../../src/ground/progress.js";
import { hostRole, userRole } from "../../lab/roles.js";
import { readLabSettings } from "../../lab/settings/lab.js";
import { connectVault } from "../../src/vault/client.js";
import { taskInHost as task } from "../support/in-host.js";
import { docker, root, run, type Ran, task as taskProcess } from "../support/project.js";

const inRoot = (...path: string[]) => join(root, ...path);
const alice = inRoot("ssh-keys/alice_id_rsa");

/** Holds an answer against the catalogue's form: `ssh-trust: error: … [CODE]`, then `ssh-trust: hint: …`. */
function expectError({ all, exit }: Ran, code: string, names: string | RegExp, status: 1 | 2 = 1): void {
  expect(all).toMatch(new RegExp(`ssh-trust: error: [\\s\\S]* {2}\\[${code}\\](\\n {2}│ .*)*\\nssh-trust: hint: .+`));
  expect(all).toMatch(names);
  expect(all).not.toMatch(/^\s+at .*\.[jt]s:\d+/m); // no stack trace
  expect(all).not.toContain("s.secret");
  expect(exit).toBe(status);
}

/** Moves a file away for the time of a test. */
async function without<T>(file: string, work: () => Promise<T>): Promise<T> {
  await rename(file, `${file}.away`);
  try {
    return await work();
  } finally {
    await rm(file, { recursive: true, force: true });
    await rename(`${file}.away`, file);
  }
}

beforeAll(async () => {
  expect((await task("generate-user-signing-key")).exit).toBe(0);
}, 300_000);

describe("wrong usage ends in exit status 2 and does nothing", () => {
  test.each([
    ["an unknown user", "sign-user-key", ["mallory"], "USER_UNKNOWN", /"mallory".*alice, bob/],
    ["no user", "sign-user-key", [], "USAGE", /<person> is missing: alice or bob/],
    ["two users", "sign-user-key", ["alice", "bob"], "USAGE", /too many arguments/],
    ["a TTL that is none", "sign-user-key", ["alice", "--ttl", "soon"], "TTL_INVALID", /"soon"/],
    ["a negative TTL", "sign-user-key", ["alice", "--ttl=-5m"], "TTL_INVALID", /"-5m"/],
    ["a TTL of nothing", "sign-user-key", ["alice", "--ttl", "0s"], "TTL_INVALID", /"0s"/],
    ["an unknown option", "start-vault", ["--fast"], "USAGE", /unknown option '--fast'/],
    ["an unknown format", "status", ["--format", "yaml"], "USAGE", /--format is text or json, not "yaml"/],
    [
      "an unknown chapter",
      "walkthrough",
      ["--chapter", "99"],
      "CHAPTER_UNKNOWN",
      new RegExp(`no chapter "99" .*1 to ${String(chapterCount)}`),
    ],
    ["a chapter that is no number", "walkthrough", ["--chapter", "two"], "CHAPTER_UNKNOWN", /no chapter "two"/],
  ] as const)("%s", async (_what, name, args, code, names) => {
    expectError(await task(name, args), code, names, 2);
  });

  test.each([
    ["VAULT_ADDR that is no address", { VAULT_ADDR: "vault.example" }, "SETTING_INVALID", /VAULT_ADDR=vault\.example/],
    [
      "VAULT_ADDR with a password in it",
      { VAULT_ADDR: "http://me:pw@vault.example" },
      "SETTING_INVALID",
      /must not hold a password/,
    ],
    [
      "a token with a line break",
      { VAULT_ADDR: "http://127.0.0.1:9", VAULT_TOKEN: "s.secret\nx" },
      "SETTING_INVALID",
      /VAULT_TOKEN=\(not shown\)/,
    ],
    ["DOCKER_HOST that is no address", { DOCKER_HOST: "nowhere" }, "SETTING_INVALID", /DOCKER_HOST=nowhere/],
  ] as const)("%s", async (_what, env, code, names) => {
    expectError(await task("start-vault", [], env), code, names, 2);
  });
});

describe("Docker", () => {
  test("down", async () => {
    const env = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };
    expectError(await task("start-vault", [], env), "DOCKER_DOWN", "unix:///nonexistent/docker.sock");
    const { stdout, exit } = await task("status", [], env);
    expect(stdout).toContain("no Docker engine answers");
    expect(exit).toBe(0);
  }, 180_000);

  test("without permission", async () => {
    // As nobody, who is not in Docker's group. The project's folder may be closed to others, so only the library runs.
    const script = `import { connectEngine } from ${JSON.stringify(inRoot("lab/docker/engine.ts"))};
      process.setgroups([]); process.setgid(65534); process.setuid(65534);
      await connectEngine({ names: { lab: "default" }, root: "/" }).catch((error) => {
        console.log(error.code, error.message, JSON.stringify(error.hint));
      });`;
    const { stdout } = await run("node", ["--import", "tsx", "--input-type=module", "-e", script]);
    expect(stdout).toMatch(/^DOCKER_PERMISSION you may not use the Docker engine at .*docker\.sock .*usermod -aG docker/);
  }, 180_000);

  test("a container of somebody else's has the name", async () => {
    await task("stop-ssh-with-authorized-keys");
    await run("sh", ["-c", "tar -cf - -T /dev/null | docker import - ssh-trust-test-empty:latest"]);
    await docker("create", "--name", "ssh-with-authorized-keys", "ssh-trust-test-empty:latest", "nothing");
    try {
      expectError(await task("start-ssh-with-authorized-keys"), "CONTAINER_NAME_TAKEN", '"ssh-with-authorized-keys"');
      await task("stop-ssh-with-authorized-keys");
      expect((await docker("inspect", "ssh-with-authorized-keys")).exit).toBe(0); // left alone
    } finally {
      await docker("rm", "ssh-with-authorized-keys");
      await docker("rmi", "ssh-trust-test-empty:latest");
    }
  }, 180_000);

  test("the port is taken by a process, which is named", async () => {
    await task("stop-ssh-with-authorized-keys");
    const holder = createServer().listen(1022, "127.0.0.1");
    try {
      const answer = await task("start-ssh-with-authorized-keys");
      expectError(answer, "PORT_TAKEN", `port 1022 is taken by`);
      expect(answer.all).toMatch(new RegExp(`\\(process ${String(process.pid)}\\)|another program`));
      expect((await docker("inspect", "ssh-with-authorized-keys")).exit).not.toBe(0); // nothing left behind
    } finally {
      holder.close();
    }
  }, 180_000);

  test("the port is taken by a container, which is named", async () => {
    await task("stop-ssh-with-authorized-keys");
    await docker("run", "-d", "--name", "ssh-trust-test-holder", "-p", "127.0.0.1:1022:22", "ssh-trust/ssh-with-authorized-keys");
    try {
      expectError(
        await task("start-ssh-with-authorized-keys"),
        "PORT_TAKEN",
        'port 1022 is taken by the container "ssh-trust-test-holder"',
      );
    } finally {
      await docker("rm", "-f", "ssh-trust-test-holder");
    }
  }, 180_000);

  test("an image that is nowhere", async () => {
    expectError(
      await task("prepare", [], { VAULT_IMAGE: "ssh-trust-test/nowhere:1" }),
      "IMAGE_MISSING",
      "ssh-trust-test/nowhere:1",
    );
  }, 180_000);
});

describe("Vault", () => {
  test.each([
    [
      "unreachable",
      { VAULT_ADDR: "http://127.0.0.1:9", VAULT_TOKEN: "s.secret" },
      "VAULT_UNREACHABLE",
      /127\.0\.0\.1:9: connection refused/,
    ],
    [
      "a name that does not resolve",
      { VAULT_ADDR: "http://vault.invalid:8200", VAULT_TOKEN: "s.secret" },
      "VAULT_UNREACHABLE",
      /does not resolve/,
    ],
    [
      "an address without a token",
      { VAULT_ADDR: "http://127.0.0.1:9", HOME: "/nonexistent" },
      "VAULT_TOKEN_MISSING",
      /127\.0\.0\.1:9/,
    ],
  ] as const)("%s", async (_what, env, code, names) => {
    expectError(await task("start-vault", [], env), code, names);
  });

  const settings = readLabSettings().vault;
  const vault = connectVault(settings);
  const key = { publicKey: "", principals: ["admin-ssh-user"] };
  beforeAll(async () => {
    key.publicKey = (await run("cat", [`${alice}.pub`])).stdout;
  });

  test("a mount without a signing key", async () => {
    const api = (path: string, body: unknown) =>
      fetch(`http://localhost:8200/v1/${path}`, {
        method: "POST",
        headers: { "X-Vault-Token": "root-token" },
        body: JSON.stringify(body),
      });
    await api("sys/mounts/empty-ssh", { type: "ssh" });
    const role = { ...userRole, mount: "empty-ssh" };
    await api("empty-ssh/roles/user-ssh", {
      key_type: "ca",
      allow_user_certificates: true,
      allowed_users: "admin-ssh-user",
      default_user: "admin-ssh-user",
    });
    await expect(vault.sign(role, key)).rejects.toMatchObject({
      code: "CA_NOT_GENERATED",
      hint: [{ say: "create it", run: { vault: "vault write empty-ssh/config/ca generate_signing_key=true key_type=ed25519" } }],
    });
    expect(await vault.caPublicKey("empty-ssh")).toBeUndefined();
  });

  test("a mount of another kind has the name", async () => {
    await fetch("http://localhost:8200/v1/sys/mounts/kv-here", {
      method: "POST",
      headers: { "X-Vault-Token": "root-token" },
      body: '{"type":"kv"}',
    });
    await expect(applyRole(openLab(readLabSettings(), silent), { ...userRole, mount: "kv-here" })).rejects.toMatchObject({
      code: "VAULT_MOUNT_CONFLICT",
    });
  });

  test("a wrong token, at the lab's own server", async () => {
    await expect(connectVault({ ...settings, token: "s.secret" }).checkReady()).rejects.toMatchObject({
      code: "VAULT_TOKEN_REFUSED",
    });
  });

  test.each([
    ["no such mount", { ...userRole, mount: "nowhere" }, "VAULT_MOUNT_MISSING"],
    ["no such role", { ...userRole, name: "nobody" }, "VAULT_ROLE_MISSING"],
    ["the wrong kind", { ...hostRole, certificates: "user" as const }, "VAULT_SIGN_DENIED"],
    ["a principal of another account", userRole, "VAULT_SIGN_DENIED", ["root"]],
    ["two principals in one", userRole, "PRINCIPAL_INVALID", ["admin-ssh-user,root"]],
    ["a pattern", userRole, "PRINCIPAL_INVALID", ["*"]],
    ["an empty principal", userRole, "PRINCIPAL_INVALID", [""]],
    ["no principal, from the host CA", hostRole, "VAULT_SIGN_DENIED", []],
    ["a subdomain", hostRole, "VAULT_SIGN_DENIED", ["evil.localhost"]],
    ["a name that only ends alike", hostRole, "VAULT_SIGN_DENIED", ["evillocalhost"]],
    ["a life beyond the maximum", userRole, "VAULT_SIGN_DENIED", ["admin-ssh-user"], 7200],
    ["a negative life", userRole, "VAULT_SIGN_DENIED", ["admin-ssh-user"], -60],
  ] as const)(
    "%s",
    async (_what, role, code, principals = ["admin-ssh-user"], ttl?: number) => {
      await task("generate-host-signing-key");
      await expect(vault.sign(role, { ...key, principals, ttl })).rejects.toMatchObject({ code });
    },
    60_000,
  );

  test.each([
    ["a key of another size", ["-t", "rsa", "-b", "1024"]],
    ["a certificate instead of a key", undefined],
  ])(
    "%s is not signed",
    async (_what, args) => {
      let publicKey: string;
      if (args === undefined) {
        expect((await task("sign-user-key", ["alice"])).exit).toBe(0);
        publicKey = (await run("cat", [`${alice}-cert.pub`])).stdout;
      } else {
        const file = inRoot(".lab/weak");
        await run("ssh-keygen", ["-q", ...args, "-N", "", "-f", file]);
        publicKey = (await run("cat", [`${file}.pub`])).stdout;
        await Promise.all([file, `${file}.pub`].map((name) => rm(name)));
      }
      await expect(vault.sign(userRole, { publicKey, principals: ["admin-ssh-user"] })).rejects.toMatchObject({
        code: "VAULT_SIGN_DENIED",
      });
    },
    60_000,
  );

  describe("asked directly for what this project never asks", () => {
    const asked = async (mount: string, body: Record<string, unknown>) => {
      const answer = await fetch(`http://localhost:8200/v1/${mount}/sign/${mount}`, {
        method: "POST",
        headers: { "X-Vault-Token": "root-token" },
        body: JSON.stringify({ public_key: key.publicKey, ...body }),
      });
      return { status: answer.status, text: await answer.text() };
    };
    test.each([
      ["user-ssh", "alice,root in one request", { valid_principals: "alice,root" }],
      ["user-ssh", "every user", { valid_principals: "*" }],
      ["user-ssh", "an extension that is not listed", { extensions: { "permit-port-forwarding": "" } }],
      ["user-ssh", "a critical option of the caller's", { critical_options: { "force-command": "/bin/sh" } }],
      ["user-ssh", "a key id of the caller's", { key_id: "somebody else" }],
      ["user-ssh", "a host certificate", { cert_type: "host", valid_principals: "localhost" }],
      ["host-ssh", "a user certificate", { cert_type: "user", valid_principals: "localhost" }],
      ["host-ssh", "a wildcard", { cert_type: "host", valid_principals: "*.localhost" }],
      ["host-ssh", "no principal", { cert_type: "host" }],
      ["host-ssh", "an extension", { cert_type: "host", valid_principals: "localhost", extensions: { "permit-pty": "" } }],
      [
        "host-ssh",
        "a critical option",
        { cert_type: "host", valid_principals: "localhost", critical_options: { "source-address": "::/0" } },
      ],
      ["host-ssh", "a life beyond the maximum", { cert_type: "host", valid_principals: "localhost", ttl: "72h" }],
    ])("%s refuses %s", async (mount, _what, body) => {
      const { status, text } = await asked(mount, body);
      expect(text).not.toContain("signed_key");
      expect(status).toBe(400);
    });
  });
});

describe("the npm face words what a task mends", () => {
  test.each([
    ["a mount without its key", fail("CA_NOT_GENERATED", { mount: "user-ssh" }), "npm run generate-user-signing-key"],
    [
      "a mount that is not there",
      fail("VAULT_MOUNT_MISSING", { mount: "host-ssh" }),
      "npm run terraform-apply-ssh-with-signed-hostkey",
    ],
    ["a role of the cloud's fleet", fail("VAULT_ROLE_MISSING", { mount: "cloud-host-ssh", role: "web" }), "npm run apply-fleet"],
    [
      "a Vault that does not answer",
      fail("VAULT_UNREACHABLE", { address: "http://localhost:8200", reason: "", source: "VAULT_ADDR", command: "" }),
      "npm run start-vault",
    ],
  ])("%s", (_what, error, command) => {
    expect(hintFor(error).map(({ run: typed }) => typed)).toContain(command);
  });
});

describe("Terraform", () => {
  afterAll(async () => {
    expect((await task("prepare")).exit).toBe(0);
    expect((await task("terraform-apply-ssh-with-signed-hostkey")).exit).toBe(0);
  }, 180_000);

  test("missing", async () => {
    const answer = await task("terraform-apply-ssh-with-signed-hostkey", [], { TERRAFORM_BINARY_NAME: "no-such-terraform" });
    expectError(answer, "TOOL_MISSING", "no-such-terraform");
  }, 180_000);

  test("without its provider", async () => {
    expect((await task("terraform-apply-ssh-with-signed-hostkey")).exit).toBe(0);
    const nowhere =
      'disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = "/nonexistent"\n  }\n}\n';
    await writeFile(inRoot(".lab/terraform.rc"), nowhere);
    await rm(inRoot(".lab/terraform/stacks/host-ssh/.terraform"), { recursive: true, force: true });
    expectError(await task("terraform-apply-ssh-with-signed-hostkey"), "PROVIDER_MISSING", /hashicorp\/vault/);
  }, 180_000);
});

describe("key files", () => {
  test("the private key is missing", () =>
    without(alice, async () => {
      expectError(await task("sign-user-key", ["alice"]), "KEY_FILE_MISSING", "ssh-keys/alice_id_rsa");
    }));

  test("the public key is missing", () =>
    without(`${alice}.pub`, async () => {
      expectError(await task("sign-user-key", ["alice"]), "KEY_FILE_MISSING", "ssh-keys/alice_id_rsa.pub");
    }));

  test("others can read the private key", async () => {
    await chmod(alice, 0o644);
    try {
      expectError(await task("sign-user-key", ["alice"]), "KEY_FILE_TOO_OPEN", /0?644/);
    } finally {
      await chmod(alice, 0o600);
    }
  });

  test.each([
    ["garbage", "this is not a key\n"],
    ["empty", ""],
    ["the private key", undefined],
  ])("the public key's file holds %s", async (_what, content) =>
    without(`${alice}.pub`, async () => {
      if (content === undefined) await copyFile(alice, `${alice}.pub`);
      else await writeFile(`${alice}.pub`, content);
      const answer = await task("sign-user-key", ["alice"]);
      expectError(answer, "KEY_NOT_PUBLIC", "ssh-keys/alice_id_rsa.pub");
      expect(answer.all).not.toContain("PRIVATE KEY-----\n");
    }),
  );

  test("a report that cannot be written is refused before anything runs", async () => {
    expectError(
      await taskProcess("walkthrough", ["--report", "/nonexistent/report.html"]),
      "FILE_NOT_WRITTEN",
      "/nonexistent/report.html",
    );
  });
});

test("--debug shows where an error comes from, and no token", async () => {
  const { stderr, exit } = await execa("npm", ["run", "start-vault", "--", "--debug"], {
    cwd: root,
    env: { VAULT_ADDR: "http://127.0.0.1:9", VAULT_TOKEN: "s.secret", NPM_CONFIG_LOGLEVEL: "silent" },
    reject: false,
  }).then(({ stderr: text, exitCode }) => ({ stderr: text, exit: exitCode }));
  expect(stderr).toMatch(/\n\s+at /);
  expect(stderr).not.toContain("s.secret");
  expect(exit).toBe(1);
});
