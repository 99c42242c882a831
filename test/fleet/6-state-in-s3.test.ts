/** Terraform's state in S3, as MinIO speaks it, with Terraform and with OpenTofu. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { readLabSettings } from "../../lab/settings/lab.js";
import { silent } from "../../src/ground/progress.js";
import { fetchOpenTofu } from "../../src/toolchain/go-program.js";
import { watchCommandLines } from "../support/command-lines.js";
import { fleetFolder, fleetText, textsBelow, type FleetFolder } from "../support/fleet.js";
import { startObjectStore, type ObjectStore } from "../support/object-store.js";
import { run, until } from "../support/project.js";
import { startProxy } from "../support/proxy.js";
import { startServer, type Server } from "../support/servers.js";

jest.setTimeout(240_000);

const bucket = "fleet";
const key = "ssh-trust.tfstate";
const lockFile = `${key}.tflock`;

let store: ObjectStore;
beforeAll(async () => {
  store = await startObjectStore();
  await store.client.makeBucket(bucket, store.region);
}, 300_000);
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

describe.each(["terraform", "tofu"] as const)("%s", (program) => {
  let server: Server;
  let fleet: FleetFolder;
  /** What the person has in the environment. */
  let env: Record<string, string>;

  /** The fleet file with its state there. */
  const kept = (changes: { readonly address?: string; readonly bucket?: string } = {}) => {
    const at = { address: store.address, bucket, ...changes };
    return `${fleetText(server.address)}state:
  s3:
    bucket: ${at.bucket}
    key: ${key}
    region: ${store.region}
    endpoints: { s3: "${at.address}" }
    use_lockfile: true
    use_path_style: true
    skip_credentials_validation: true
    skip_requesting_account_id: true
    skip_metadata_api_check: true
    skip_region_validation: true
    max_retries: 1
`;
  };
  const objects = async () => {
    const names: string[] = [];
    for await (const { name } of store.client.listObjectsV2(bucket, "", true) as AsyncIterable<{ name: string }>)
      names.push(name);
    return names;
  };

  beforeAll(async () => {
    server = await startServer(program === "tofu" ? "OpenBao" : "Vault");
    fleet = await fleetFolder(server);
    await fleet.write(kept());
    const named = program === "tofu" ? (await fetchOpenTofu(readLabSettings(), silent)).binary : "terraform";
    env = { TERRAFORM_BINARY_NAME: named, AWS_ACCESS_KEY_ID: store.user, AWS_SECRET_ACCESS_KEY: store.password };
  }, 300_000);
  afterAll(async () => {
    await store.client.removeObjects(bucket, await objects());
    await fleet[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  test.each<[what: string, file: () => string, env: Record<string, string>, reason: RegExp]>([
    ["nobody answers there", () => kept({ address: "http://127.0.0.1:1" }), {}, /connection refused/],
    ["the bucket is missing", () => kept({ bucket: "no-such-bucket" }), {}, /S3 bucket ("no-such-bucket" )?does not exist/],
    ["no credentials", () => kept(), { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" }, /No valid credential sources/],
    ["wrong ones", () => kept(), { AWS_SECRET_ACCESS_KEY: "another one" }, /SignatureDoesNotMatch/],
  ])("%s: said as it is, and nothing is changed", async (_what, file, changes, reason) => {
    await fleet.write(file());
    const { exit, stderr } = await fleet.sshTrust(["apply", "--yes"], undefined, { ...env, ...changes });
    await fleet.write(kept());
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining("[STATE_UNREACHABLE]") });
    expect(stderr).toMatch(reason);
    expect((await server.ask("sys/mounts")).body.data).not.toHaveProperty("host-ssh/");
  });

  test("the state is there, and in no file; its credentials are in no file, no state, no argument, no output", async () => {
    await using proxy = await startProxy(server);
    const { seen, look } = watchCommandLines();
    proxy.gate = look;
    const applied = await fleet.sshTrustProcess(["apply", "--yes", "--debug", "--vault", proxy.address], undefined, env);
    expect(applied).toMatchObject({ exit: 0, stderr: expect.stringContaining("applied; Terraform:") });
    expect(await objects()).toEqual([key]);
    const state = await textOf(await store.client.getObject(bucket, key));
    expect(state).toContain("vault_ssh_secret_backend_role");
    const files = await textsBelow(fleet.folder);
    expect(files.map(([name]) => name)).not.toContain(join(fleet.folder, "ssh-trust.tfstate"));
    expect(seen.filter((line) => line.includes(program))).not.toEqual([]);
    for (const text of [applied.all, state, ...seen, ...files.map(([, each]) => each)]) {
      for (const secret of [store.user, store.password, server.rootToken]) expect(text).not.toContain(secret);
    }
  });

  test("applied again, here and from another checkout: nothing to change", async () => {
    expect(await fleet.sshTrust(["apply", "--yes"], undefined, env)).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining("nothing to change"),
    });
    await using elsewhere = await fleetFolder(server);
    await elsewhere.write(kept());
    expect(await elsewhere.sshTrust(["apply", "--plan"], undefined, env)).toMatchObject({ exit: 0 });
  });

  test("two at once: the lock names the first; the second waits for it, and goes on from the new state", async () => {
    await using proxy = await startProxy(server);
    await using elsewhere = await fleetFolder(server);
    await elsewhere.write(kept());
    await fleet.edit("for: 1m, with: [pty] }", "for: 2m, with: [pty] }");
    let go: () => void = () => undefined;
    const held = new Promise<undefined>((resolve) => {
      go = () => {
        resolve(undefined);
      };
    });
    proxy.gate = (asked) => (/^(POST|PUT) user-ssh\/roles\//.test(asked) ? held : Promise.resolve(undefined));
    const first = fleet.sshTrustProcess(["apply", "--yes", "--vault", proxy.address], undefined, env);
    try {
      await until("the first to apply", 30, () =>
        Promise.resolve(proxy.asked.some((asked) => /^(POST|PUT) user-ssh\/roles\//.test(asked))),
      );
      expect(await objects()).toEqual([key, lockFile]);
      const work = join(fleet.folder, ".ssh-trust/terraform-ssh-trust");
      const args = [`-chdir=${join(work, "stacks/fleet")}`, "plan", "-input=false", "-no-color", "-lock-timeout=0s"];
      const bare = await run(env["TERRAFORM_BINARY_NAME"] ?? program, args, {
        env: { ...env, ...server.env(), VAULT_ADDR: server.address, TF_CLI_CONFIG_FILE: join(work, "terraform.rc") },
      });
      expect(bare).toMatchObject({ exit: 1, all: expect.stringMatching(/Error acquiring the state lock[\s\S]*Lock Info:/) });
      const second = elsewhere.sshTrustProcess(["apply", "--yes"], undefined, env);
      let over = false;
      void second.finally(() => (over = true));
      await until("the second to plan", 30, async () =>
        isThere(join(elsewhere.folder, ".ssh-trust/terraform-ssh-trust/stacks/fleet/.initialised")),
      );
      expect(over).toBe(false);
      go();
      expect(await first).toMatchObject({ exit: 0 });
      const { exit, stderr } = await second;
      expect({ exit, stderr }).toMatchObject({ exit: 0, stderr: expect.stringMatching(/Terraform: .*1 changed/) });
    } finally {
      go();
      await first;
    }
    expect(await objects()).toEqual([key]);
  });
});
