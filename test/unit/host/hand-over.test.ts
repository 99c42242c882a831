/** What a host is given: each form holds the same, and what is in it is read as it was written. */
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import type { AddedHost } from "../../../src/host/add.js";
import { certificatesIn } from "../../../src/ground/certificates-in.js";
import { envText } from "../../../src/host/hand-over/env.js";
import { filesOf, handedToGroup, handedToHost, type Handed } from "../../../src/host/hand-over/files.js";
import { readHostProgram, type HostProgram } from "../../../src/host/hand-over/program.js";
import { delimiterFor, installScript, shellScript } from "../../../src/host/hand-over/shell.js";
import { sizesOf, userData } from "../../../src/host/hand-over/user-data.js";
import { hostOf } from "../../../src/host/host.js";
import { readScript, withoutComments } from "../../../src/host/script.js";
import { hostSettings, isSetting } from "../../../src/host/settings.js";
import type { StoredFleet } from "../../../src/fleet/stored.js";
import { run } from "../../support/project.js";
import { hostsOf, fleetOf } from "../fleet/fleet-of.js";

const key = (last: string) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"A".repeat(42)}${last}`;
const stored = (more: Partial<StoredFleet["fleet"]> = {}): StoredFleet => ({
  schema: 1,
  fleet: { ...fleetOf({ hosts: [hostsOf("web", { also: ["www.example.org"] })] }), ...more },
  cas: { host: [key("A")], user: [key("B")] },
});
const added = (of: StoredFleet = stored()): AddedHost => ({
  ...hostOf(of.fleet, "web-1.example.org"),
  cidrs: [],
  roleId: "the-role-id",
  wrapped: { token: "hvs.wrapping", path: "auth/x", until: new Date(1_800_000_000_500) },
});
const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const handed = ({ caCert }: { caCert?: string } = {}): Handed =>
  handedToHost(added(), { stored: stored(), caCert, serverName: undefined });

let program: HostProgram;
beforeAll(async () => {
  program = await readHostProgram();
});

describe("settings", () => {
  test.each<[what: string, more: Partial<StoredFleet["fleet"]>]>([
    ["a line break in the address", { vault: "https://vault.example.org\nPATH=/tmp" }],
    ["a command in the namespace", { namespace: "$(reboot)" }],
    ["a quote", { mounts: { hostCa: 'host"ssh', userCa: "user-ssh" } }],
    ["a blank", { mounts: { hostCa: "host ssh", userCa: "user-ssh" } }],
    ["nothing", { namespace: "" }],
  ])("%s is refused: nobody who writes the fleet's entry gets into a shell", (_what, more) => {
    const of = stored(more);
    expect(() => hostSettings(added(of), { stored: of, caCert: undefined, serverName: undefined })).toThrow(
      expect.objectContaining({ code: "VAULT_ANSWER_UNEXPECTED" }),
    );
  });

  test("without TLS, that is said; the namespace and the server's name are told", () => {
    const of = stored({ vault: "http://127.0.0.1:8200", namespace: "team/a" });
    expect(hostSettings(added(of), { stored: of, caCert: "/ca.pem", serverName: "vault.private" })).toMatchObject({
      VAULT_ADDR: "http://127.0.0.1:8200",
      SSH_TRUST_ALLOW_HTTP: "yes",
      VAULT_NAMESPACE: "team/a",
      VAULT_CACERT: "/ca.pem",
      VAULT_TLS_SERVER_NAME: "vault.private",
    });
  });

  test.each(["a b", "a;b", "a'b", "a$b", "a`b", "a\\b", "a~b", "#a", ""])("%j stands not for itself", (value) => {
    expect(isSetting(value)).toBe(false);
  });
});

describe("the script without its comments", () => {
  test.each(["ssh-trust-host.sh"])("%s does the same: bash reads the same commands", async () => {
    const script = await readScript();
    const stripped = withoutComments(script);
    expect(stripped.length).toBeLessThan(script.length);
    const read = async (text: string) => (await run("bash", ["--pretty-print", "/dev/stdin"], { input: text })).stdout;
    expect(await read(stripped)).toBe(await read(script));
    expect(stripped.startsWith("#!/bin/sh\n")).toBe(true);
  });

  test("a here-document keeps its lines, and what looks like one", () => {
    const text = "#!/bin/sh\n# no\ncat <<'END'\n# yes\n\n\tEND\nEND\n  # no\necho a # yes\n";
    expect(withoutComments(text)).toBe(
      "#!/bin/sh\ncat <<'END'\n# yes\n\n\tEND\nEND\necho a # yes\n".replace("END\nEND\n", "END\nEND\n"),
    );
  });
});

test.each<[what: string, text: string, taken: string]>([
  ["a key beside it", `-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n${pem}`, pem],
  ["words between two", `# the first\n${pem}and the second:\r\n${pem.replaceAll("\n", "\r\n")}`, `${pem}${pem}`],
  ["words in it", "-----BEGIN CERTIFICATE-----\nAA AA; reboot\n-----END CERTIFICATE-----\n", ""],
  ["a key alone", "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n", ""],
  ["nothing", "", ""],
])("of a file of Vault's CAs, the certificates go along: %s", (_what, text, taken) => {
  expect(certificatesIn(text)).toBe(taken);
});

describe("user-data", () => {
  interface Config {
    readonly write_files: readonly { path: string; owner: string; permissions: string; content: string; encoding?: string }[];
    readonly runcmd: readonly (readonly string[])[];
  }

  test("holds the files as they are, in a form that Python's reader takes for the same", async () => {
    const given = handed({ caCert: pem });
    const text = userData(given, program);
    expect(text).toMatch(/^#cloud-config\n# /);
    const config = parse(text) as Config;
    for (const { path, content, mode } of filesOf(given))
      expect(config.write_files).toContainEqual({ path, owner: "root:root", permissions: `0${mode.toString(8)}`, content });
    const script = config.write_files.find(({ encoding }) => encoding === "gz+b64");
    expect(gunzipSync(Buffer.from(script?.content ?? "", "base64")).toString()).toBe(withoutComments(program.script.content));
    expect(config.runcmd.at(-1)).toEqual([
      "systemctl",
      "enable",
      "--now",
      "--no-block",
      "ssh-trust-host.service",
      "ssh-trust-host.timer",
    ]);
    const python = await run("python3", ["-c", "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"], {
      input: text,
    });
    if (!python.stderr.includes("No module named")) expect(JSON.parse(python.stdout)).toEqual(config);
  });

  test("for a machine that has the program, it fits where clouds take 16 KiB, with Vault's CAs in it", () => {
    const text = userData(handed({ caCert: pem.replace("AAAA", `${"A".repeat(64)}\n`.repeat(100)) }), undefined);
    expect(sizesOf(text).plain).toBeLessThan(10_000);
    const config = parse(text) as Config;
    expect(config.write_files.map(({ path }) => path)).not.toContain("/usr/local/sbin/ssh-trust-host");
    expect(config.runcmd.at(-1)).toContain("--now");
  });
});

describe("a script for root", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ssh-trust-enrol-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** In a folder in the place of /; what it starts says what it was given. */
  async function ran(given: Handed, shell: string, before: Readonly<Record<string, string>> = {}) {
    const stub: HostProgram = { ...program, script: { ...program.script, content: '#!/bin/sh\necho "$0 $1"\n' } };
    const at = await mkdtemp(join(folder, "root-"));
    for (const [path, content] of Object.entries(before)) {
      await mkdir(dirname(join(at, path)), { recursive: true });
      await writeFile(join(at, path), content, { mode: 0o755 });
    }
    const text = shellScript(given, stub).replaceAll(/(?<![\w.])\/(?=(?:etc|usr|run)\/)/g, `${at}/`);
    await writeFile(join(at, "enrol.sh"), text);
    await chmod(join(at, "enrol.sh"), 0o600);
    await writeFile(join(at, "id"), "#!/bin/sh\necho 0\n", { mode: 0o755 });
    return { at, ...(await run(shell, [join(at, "enrol.sh")], { env: { PATH: `${at}:${process.env["PATH"] ?? ""}` } })) };
  }

  test.each(["sh", "bash"])("%s writes the files, whole and with their modes, and enrols", async (shell) => {
    const given = handed({ caCert: `${pem}END_OF_FILE\n$(touch /tmp/no) \`no\`\n` });
    const { at, exit, stdout, stderr } = await ran(given, shell);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: `${at}/usr/local/sbin/ssh-trust-host enroll` });
    expect(stderr).toContain("there is no systemd here");
    expect(stderr).toContain("cannot be used again");
    for (const { path, content, mode } of filesOf(given)) {
      expect(await readFile(join(at, path), "utf8")).toBe(
        path.endsWith("host.conf") ? content.replace("/etc/", `${at}/etc/`) : content,
      );
      expect((await stat(join(at, path))).mode & 0o777).toBe(mode);
    }
  });

  describe("on a host that has an identity", () => {
    const conf = (more: Readonly<Record<string, string>> = {}) =>
      Object.entries({
        VAULT_ADDR: handed().settings["VAULT_ADDR"] ?? "",
        SSH_TRUST_LOGIN: "auth/ssh-trust/hosts/example.org",
        SSH_TRUST_ROLE: "web-1",
        SSH_TRUST_PRINCIPALS: "web-1.example.org",
        ...more,
      })
        .map(([name, value]) => `${name}=${value}\r\n`)
        .join("");
    const on = (exit: number, settings?: Readonly<Record<string, string>>) => ({
      "etc/ssh-trust/secret-id": "its own",
      "etc/ssh-trust/role-id": "its own",
      "etc/ssh-trust/host.conf": conf(settings),
      "usr/local/sbin/ssh-trust-host": `#!/bin/sh\ncat >>"\${0%/usr/*}/asked"; exit ${String(exit)}\n`,
    });
    const asked = (at: string) => readFile(join(at, "asked"), "utf8").catch(() => "");
    const roleId = (at: string) => readFile(join(at, "etc/ssh-trust/role-id"), "utf8");

    test.each<[what: string, settings: Readonly<Record<string, string>>]>([
      ["of another name", { SSH_TRUST_ROLE: "db-1", SSH_TRUST_PRINCIPALS: "db-1.example.org" }],
      ["of another domain", { SSH_TRUST_LOGIN: "auth/ssh-trust/hosts/example.com", SSH_TRUST_PRINCIPALS: "db-1.example.org" }],
    ])("one %s: refused, and nothing is written or asked", async (_what, settings) => {
      const { at, exit, stderr } = await ran(handed(), "sh", on(0, settings));
      expect({ exit, stderr }).toEqual({
        exit: 1,
        stderr: expect.stringMatching(
          /enrolled as db-1\.example\.org, .* is for web-1\.example\.org,www\.example\.org: nothing was changed/,
        ),
      });
      expect(await asked(at)).toBe("");
      expect(await roleId(at)).toBe("its own");
    });

    test("that is good, and this was used: said, nothing is written, and the token is no argument", async () => {
      const { at, exit, stderr } = await ran(handed(), "sh", on(0));
      expect({ exit, stderr }).toEqual({
        exit: 0,
        stderr: expect.stringContaining("the identity that this host has is still valid, and nothing was changed"),
      });
      expect(await asked(at)).toBe("hvs.wrapping\n");
      expect(await roleId(at)).toBe("its own");
    });

    test.each<[what: string, exit: number, settings: Readonly<Record<string, string>>, token: string]>([
      ["this can be opened, or that cannot be told", 1, {}, "hvs.wrapping\n"],
      ["its program is too old to tell", 2, {}, "hvs.wrapping\n"],
      ["its identity is at another Vault", 0, { VAULT_ADDR: "https://old.example.org" }, ""],
      ["its identity is in another namespace", 0, { VAULT_NAMESPACE: "team" }, ""],
      [
        "it was enrolled by a token, as whoever it is",
        1,
        { SSH_TRUST_ROLE: "%h", SSH_TRUST_PRINCIPALS: "%h.example.org" },
        "hvs.wrapping\n",
      ],
    ])("%s: it enrols", async (_what, status, settings, token) => {
      const { at, exit, stdout } = await ran(handed(), "sh", on(status, settings));
      expect({ exit, stdout }).toEqual({ exit: 0, stdout: `${at}/usr/local/sbin/ssh-trust-host enroll` });
      expect(await asked(at)).toBe(token);
      expect(await roleId(at)).toBe("the-role-id\n");
    });
  });

  test("shellcheck finds nothing in it", async () => {
    const short = { ...program, script: { ...program.script, content: "true\n" } };
    for (const text of [shellScript(handed({ caCert: pem }), short), shellScript(handed(), undefined), installScript(short)])
      expect(await run("shellcheck", ["-"], { input: text })).toMatchObject({ exit: 0, all: "" });
  });

  test("for a machine that has the program, it holds nothing of it", () => {
    expect(shellScript(handed(), undefined)).not.toContain("ssh-trust-host: has this machine's SSH host keys signed");
    expect(installScript(program)).not.toMatch(/host\.conf 0|role-id 0|--now/);
  });

  test("what a whole group starts with holds no secret, and may be used again", () => {
    const pods = hostsOf("pods", {
      names: ["pod-*.example.org"],
      jwt: { mount: "k8s", claim: "host", audience: "vault", claims: {} },
    });
    const of = stored({ hosts: [pods] });
    const text = shellScript(
      handedToGroup(pods, "/run/token", { stored: of, caCert: undefined, serverName: undefined }),
      undefined,
    );
    expect(text).toContain("SSH_TRUST_PRINCIPALS=%h.example.org\n");
    expect(text).not.toMatch(/role-id|wrapped|used again/);
    expect(() => handedToGroup(hostsOf("web"), "/run/token", { stored: of, caCert: undefined, serverName: undefined })).toThrow(
      expect.objectContaining({ code: "HOST_GROUP_WITHOUT_JWT" }),
    );
  });

  test("no line of a text ends it", () => {
    expect(delimiterFor("a\nEND_OF_FILE\nEND_OF_FILE_1\n")).toBe("END_OF_FILE_2");
    expect(delimiterFor(" END_OF_FILE")).toBe("END_OF_FILE");
  });
});

test("as lines, each of them stands for itself", () => {
  const text = envText(handed({ caCert: pem }));
  expect(text).toMatch(/^SSH_TRUST_ROLE_ID=the-role-id\nSSH_TRUST_WRAPPED_UNTIL=1800000000\nSSH_TRUST_WRAPPED=hvs\.wrapping\n/m);
  expect(Buffer.from(/^SSH_TRUST_VAULT_CA_BASE64=(.*)$/m.exec(text)?.[1] ?? "", "base64").toString()).toBe(pem);
  expect(text.split("\n").every((line) => line === "" || /^[A-Z0-9_]+=\S+$/.test(line))).toBe(true);
});
