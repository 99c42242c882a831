/** The published package: what is in it, what it needs, and its command as it runs from there. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { installPackage, leftovers, type InstalledPackage } from "../support/package.js";
import { outside, root, run } from "../support/project.js";

jest.setTimeout(180_000);

let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => installed.remove());

const inside = (...path: string[]) => readFile(join(installed.folder, ...path), "utf8");

describe("what is in it", () => {
  test.each(leftovers)("not %s", (name) => {
    expect(installed.files).not.toContain(name);
  });

  test.each(["containers/", "lab/", "scripts/", "src/", "stacks/", "test/", "tools/", "bench/"])("nothing of %s", (folder) => {
    expect(installed.files.filter((name) => name.startsWith(folder))).toEqual([]);
  });

  test("nothing but the command, the library, the stacks, their scripts, and the pages", () => {
    const expected =
      /^(bin\/ssh-trust\.js|dist\/[\w-]+\.js|dist\/stacks\/main\.js|dist\/index\.d\.ts|dist\/(askpass|ssh-trust-host)\.sh|dist\/ssh-trust-host\.(service|timer)|dist\/sbom\.cdx\.json|dist\/ssh-trust\.schema\.json|dist\/THIRD-PARTY-LICENCES\.txt|docs\/[\w-]+\.(?:md|svg)|package\.json|README\.md|CONTRIBUTING\.md|LICENSE)$/;
    expect(installed.files.filter((name) => !expected.test(name))).toEqual([]);
  });

  test.each([
    "bin/ssh-trust.js",
    "dist/index.js",
    "dist/index.d.ts",
    "dist/stacks/main.js",
    "dist/askpass.sh",
    "dist/ssh-trust-host.sh",
    "dist/ssh-trust-host.service",
    "dist/ssh-trust-host.timer",
    "dist/sbom.cdx.json",
    "dist/ssh-trust.schema.json",
    "dist/THIRD-PARTY-LICENCES.txt",
  ])("%s", (name) => {
    expect(installed.files).toContain(name);
  });

  test("no path of the machine that it was made on, no source map", async () => {
    for (const name of installed.files.filter((each) => /^(bin|dist)\//.test(each))) {
      const text = await inside(name);
      const found = [root, dirname(installed.project), "sourceMappingURL"].filter((word) => text.includes(word));
      expect({ name, found }).toEqual({ name, found: [] });
    }
  });

  test("no link of its pages leads out of it", async () => {
    const links: string[] = [];
    for (const page of installed.files.filter((name) => name.endsWith(".md"))) {
      for (const [, target = ""] of (await inside(page)).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)) {
        const file = normalize(join(dirname(page), target));
        if (!installed.files.includes(file)) links.push(`${page}: ${target}`);
      }
    }
    expect(links).toEqual([]);
  });
});

describe("what it brings along", () => {
  test("no other package, and not 20 MB", async () => {
    const found = await readdir(join(installed.project, "node_modules"));
    expect(found.filter((name) => !name.startsWith("."))).toEqual(["ssh-trust"]);
    const { stdout } = await run("du", ["-sk", join(installed.project, "node_modules")]);
    expect(parseInt(stdout, 10)).toBeLessThan(20_000);
  });

  test("every package that is in its code, with version and licence, in the SBOM and in the list of licences", async () => {
    interface Component {
      readonly group?: string;
      readonly name: string;
      readonly version?: string;
      readonly licenses?: readonly unknown[];
    }
    const sbom = JSON.parse(await inside("dist/sbom.cdx.json")) as {
      bomFormat: string;
      metadata: { component: Component };
      components: readonly Component[];
    };
    expect(sbom.bomFormat).toBe("CycloneDX");
    expect(sbom.metadata.component.name).toBe("ssh-trust");
    // What stands for axios, which is left out, is no package.
    const components = sbom.components.filter(({ name }) => !name.startsWith("VirtualComponent "));
    const names = components.map(({ group, name }) => (group === undefined ? name : `${group}/${name}`));
    expect(names).toEqual(expect.arrayContaining(["commander", "execa", "node-vault", "zod", "bcrypt-pbkdf"]));
    for (const alien of ["axios", "cdktf", "constructs", "dockerode", "minio", "ssh2", "tsx", "esbuild"])
      expect(names).not.toContain(alien);
    for (const { version } of components) expect(version).toMatch(/^\d/);
    // tv4 names its licences in an old form, which the SBOM's maker does not read; the text below has them.
    const unlicensed = components.filter(({ licenses = [] }) => licenses.length === 0).map(({ name }) => name);
    expect(unlicensed).toEqual(["tv4"]);
    const licences = await inside("dist/THIRD-PARTY-LICENCES.txt");
    for (const [index, name] of names.entries()) {
      expect(licences).toContain(`\n${name} ${components[index]?.version ?? ""}, `);
    }
  });

  // What is loaded is paid for at every start. The names are those of files inside the packages.
  test.each([
    ["--version", ["zod", "node-vault", "execa", "tweetnacl"]],
    ["--help", ["zod", "node-vault", "execa", "tweetnacl"]],
    ["trace --help", ["zod", "node-vault", "execa", "tweetnacl"]],
    ["offline-ca --help", ["zod", "node-vault", "execa", "tweetnacl"]],
    ["offline-ca list", ["node-vault", "tweetnacl", "execa"]],
    ["synth --help", ["node-vault", "cdktf"]],
    ["init --help", ["node-vault", "zod", "yaml", "tldts"]],
  ])("ssh-trust %s does not load %p", async (call, packages) => {
    expect(await loadedBy(call, packages)).toEqual([]);
  });

  // Or nothing would be found by any call.
  test.each([
    ["offline-ca list", ["zod"]],
    ["offline-ca import-to-vault --kind host --mount host-ssh", ["zod", "node-vault"]],
  ])("ssh-trust %s loads %p", async (call, packages) => {
    expect(await loadedBy(call, packages, { VAULT_ADDR: "http://127.0.0.1:9" })).toEqual(packages);
  });

  /** Which of these packages have code in the files that a call loads. */
  async function loadedBy(call: string, packages: readonly string[], env: Record<string, string> = {}) {
    const loader = join(installed.project, "watch.mjs");
    await writeFile(
      loader,
      'import { register } from "node:module";\nregister("data:text/javascript," + encodeURIComponent(`import { writeSync } from "node:fs";\n' +
        "export async function load(url, context, next) { writeSync(2, 'loaded ' + url + '\\\\n'); return next(url, context); }`));\n",
    );
    const command = join(installed.project, "node_modules/.bin/ssh-trust");
    const { stderr } = await run(process.execPath, ["--import", `file://${loader}`, command, ...call.split(" ")], { env });
    const files = [...stderr.matchAll(/loaded file:\/\/(\S+\.js)/g)].map(([, file = ""]) => file);
    expect(files.length).toBeGreaterThan(2);
    const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
    return packages.filter((name) => texts.some((text) => text.includes(`node_modules/${name}/`)));
  }
});

describe("as others read it", () => {
  test("publint finds nothing", async () => {
    const { exit, all } = await run(join(root, "node_modules/.bin/publint"), ["--strict", installed.archive]);
    expect({ exit, all }).toEqual({ exit: 0, all: expect.stringContaining("All good") });
  });

  test("are the types wrong? They are not", async () => {
    const { exit, all } = await run(join(root, "node_modules/.bin/attw"), ["--profile", "esm-only", installed.archive]);
    expect({ exit, all }).toEqual({ exit: 0, all });
  });
});

describe("the command", () => {
  test("--version is the package's", async () => {
    const { version } = JSON.parse(await inside("package.json")) as { version: string };
    expect(await installed.command("--version")).toMatchObject({ exit: 0, stdout: version, stderr: "" });
  });

  test.each(["--help", "trace --help", "offline-ca --help", "offline-ca init --help", "synth --help", "init --help"])(
    "%s",
    async (args) => {
      const { exit, stdout, stderr } = await installed.command(...args.split(" "));
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
      expect(stdout).toMatch(/^Usage: ssh-trust /);
    },
  );

  test("makes an offline CA, and lists what it signed: the script that ssh-keygen calls is there", async () => {
    await writeFile(join(installed.project, "passphrase"), "open sesame, little seed\n", { mode: 0o600 });
    const made = await installed.command("offline-ca", "init", "--domain", "example.org", "--passphrase-file", "passphrase");
    expect(made.stderr).toContain("an offline CA for the hosts of example.org");
    expect(made.exit).toBe(0);
    expect(await installed.command("offline-ca", "list")).toMatchObject({
      exit: 0,
      stderr: `${installed.project}/ca/SSH has signed nothing yet`,
    });
  });

  test("a verb of the operator's, without its packages: the hint's command mends it", async () => {
    const role = { mount: "user-ssh", name: "admins", certificates: "user", principals: ["admin"], ttl: 900, maxTtl: 3600 };
    await writeFile(join(installed.project, "roles.json"), JSON.stringify({ cas: [role] }));
    const synth = () => installed.command("synth", "roles.json", "--out", "terraform");
    const before = await synth();
    expect(before.exit).toBe(1);
    expect(before.all).toMatch(/^ssh-trust: error: cdktf is not installed: .* {2}\[OPERATOR_PACKAGES_MISSING\]$/m);
    const [, command = ""] = /^ssh-trust: hint: install them beside this package: (npm .+)$/m.exec(before.all) ?? [];
    expect(command).toMatch(/^npm --prefix \S+ install @cdktf\/provider-vault@\S+ cdktf@\S+ 'constructs@\S+'$/);
    const followed = await run("sh", ["-c", command], { cwd: "/", env: outside() });
    expect(followed).toMatchObject({ exit: 0 });
    expect(await synth()).toMatchObject({ exit: 0, stdout: "terraform/stacks/user-ssh" });
    const written = await readFile(join(installed.project, "terraform/stacks/user-ssh/cdk.tf.json"), "utf8");
    expect(JSON.parse(written)).toHaveProperty("resource.vault_ssh_secret_backend_role.role.allowed_users", "admin");
  });
});
