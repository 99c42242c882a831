import { describe, expect, test } from "@jest/globals";
import { mkdir, stat, symlink, writeFile, chmod } from "node:fs/promises";
import { dirname, join } from "node:path";
import { silent } from "../../../src/ground/progress.js";
import { buildProvider, resolveProvider } from "../../../src/toolchain/provider.js";
import { goTarget } from "../../../src/toolchain/target.js";
import { resolveTerraform } from "../../../src/toolchain/terraform.js";
import { bareDebian, nothing, openBench } from "./support.js";

/** A program that only says which version it is. */
async function says(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\necho '${text}'\n`);
  await chmod(file, 0o755);
}

describe("which Terraform", () => {
  test.each([
    ["terraform", { terraform: "Terraform v1.11.4", tofu: "OpenTofu v1.10.6" }, { name: "terraform", version: "1.11.4" }],
    [
      "tofu where terraform is too old",
      { terraform: "Terraform v1.4.7", tofu: "OpenTofu v1.6.0" },
      { name: "opentofu", version: "1.6.0" },
    ],
    ["tofu where terraform does not work", { terraform: "Segmentation fault", tofu: "OpenTofu v1.9.1" }, { name: "opentofu" }],
    ["what `terraform` really is", { terraform: "OpenTofu v1.10.6\non linux_amd64" }, { name: "opentofu", version: "1.10.6" }],
  ])("on PATH: %s", async (_what, programs, expected) => {
    await using bench = await openBench();
    const PATH = join(bench.folder, "bin");
    for (const [name, text] of Object.entries(programs)) await says(join(PATH, name), text);
    expect(await resolveTerraform(bench.settings, silent, { environment: { PATH } })).toMatchObject({
      ...expected,
      how: "found",
    });
  });

  test("the one that was named, before all others", async () => {
    await using bench = await openBench({ terraform: "my-tofu" });
    const PATH = join(bench.folder, "bin");
    await says(join(PATH, "terraform"), "Terraform v1.11.4");
    await says(join(PATH, "my-tofu"), "OpenTofu v1.8.0");
    expect(await resolveTerraform(bench.settings, silent, { environment: { PATH } })).toMatchObject({
      binary: join(PATH, "my-tofu"),
    });
  });

  test.each([
    ["by name", "terraform-of-mine"],
    ["by path", "/nonexistent/terraform"],
  ])("one that was named %s and is not there: TOOL_MISSING, and none other is taken", async (_how, terraform) => {
    await using bench = await openBench({ terraform });
    const PATH = join(bench.folder, "bin");
    await says(join(PATH, "terraform"), "Terraform v1.11.4");
    await expect(resolveTerraform(bench.settings, silent, { environment: { PATH } })).rejects.toMatchObject({
      code: "TOOL_MISSING",
      message: `${terraform} is not installed (TERRAFORM_BINARY_NAME names it)`,
    });
  });

  test.each(["Terraform v1.4.7", "OpenTofu v1.5.9"])("one that was named and is %s: TOOL_TOO_OLD", async (text) => {
    await using bench = await openBench({ terraform: "mine" });
    const PATH = join(bench.folder, "bin");
    await says(join(PATH, "mine"), text);
    await expect(resolveTerraform(bench.settings, silent, { environment: { PATH } })).rejects.toMatchObject({
      code: "TOOL_TOO_OLD",
    });
  });

  test("none, and nothing to build one with: TOOL_MISSING", async () => {
    await using bench = await openBench({ install: false });
    await expect(resolveTerraform(bench.settings, silent, bareDebian)).rejects.toMatchObject({
      code: "TOOL_MISSING",
      hint: [{ run: expect.stringContaining("apt-get install python3-pip") as unknown }],
    });
  });

  test("OpenTofu from the cache, without asking anybody", async () => {
    await using bench = await openBench();
    const tofu = join(bench.settings.cacheDir, "opentofu/1.10.6/tofu");
    await says(tofu, "");
    expect(await resolveTerraform(bench.settings, silent, { environment: nothing })).toEqual({
      name: "opentofu",
      version: "1.10.6",
      how: "found",
      where: tofu,
      binary: tofu,
    });
  });
});

describe("Vault's provider", () => {
  const path = (cacheDir: string, registry: string) =>
    join(
      cacheDir,
      "providers",
      registry,
      `hashicorp/vault/5.9.0/${goTarget.os}_${goTarget.arch}`,
      "terraform-provider-vault_v5.9.0",
    );

  test("in the cache, it is found under both registries' names", async () => {
    await using bench = await openBench();
    const { cacheDir } = bench.settings;
    await says(path(cacheDir, "registry.terraform.io"), "");
    for (const name of ["terraform", "opentofu"] as const) {
      const provider = await resolveProvider(bench.settings, silent, { name }, { environment: nothing });
      expect(provider).toMatchObject({ version: "5.9.0", how: "found", mirror: join(cacheDir, "providers") });
    }
    const [one, other] = await Promise.all(
      ["registry.terraform.io", "registry.opentofu.org"].map((registry) => stat(path(cacheDir, registry))),
    );
    expect(other?.ino).toBe(one?.ino);
  });

  test.each([
    ["a folder without the program", async (file: string) => mkdir(dirname(file), { recursive: true })],
    [
      "a link to nothing",
      async (file: string) => {
        await mkdir(dirname(file), { recursive: true });
        await symlink("nowhere", file);
      },
    ],
    [
      "a build that was killed",
      async (_file: string, cacheDir: string) => {
        await says(join(cacheDir, ".tmp-99999999-0123456789ab", "terraform-provider-vault"), "");
      },
    ],
  ])("%s is not a provider", async (_what, prepare) => {
    await using bench = await openBench();
    const { cacheDir } = bench.settings;
    await prepare(path(cacheDir, "registry.terraform.io"), cacheDir);
    // it would be built now, but there is nothing to build it with
    await expect(buildProvider(bench.settings, silent, bareDebian)).rejects.toMatchObject({ code: "TOOL_MISSING" });
  });
});
