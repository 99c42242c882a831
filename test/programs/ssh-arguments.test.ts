/** ssh's arguments, held against the real ssh; and what of them needs no Vault. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readSshArguments } from "../../src/ssh/client/arguments.js";
import { readClientConfig } from "../../src/ssh/client/config.js";
import { run, sshTrustFile } from "../support/project.js";

let folder: string;
let config: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-arguments-"));
  config = join(folder, "config");
  await writeFile(
    config,
    "Host short\n  HostName long.example.org\n  User conf\n  Port 7\n  ProxyJump a,b@c:1\n  HostKeyAlias alias\n",
  );
});
afterAll(() => rm(folder, { recursive: true }));

describe("user, name and port are those of ssh", () => {
  test.each<[args: string, user: string, name: string, port: number, host: string]>([
    ["ann@h", "ann", "h", 22, "ann@h"],
    ["-l ann h", "ann", "h", 22, "h"],
    ["-lann h", "ann", "h", 22, "h"],
    ["-oUser=ann -oPort=23 h", "ann", "h", 23, "h"],
    ["-o User=ann bob@h", "ann", "h", 22, "bob@h"],
    ["h -l ann -p 24 uptime -p 25", "ann", "h", 24, "h"],
    ["ssh://ann@h:26", "ann", "h", 26, "ssh://ann@h:26"],
    ["-p27 -- ann@h -p 28", "ann", "h", 27, "ann@h"],
    ["-4Ap 29 -T -W a:1 ann@h", "ann", "h", 29, "ann@h"],
    ["-vvv -l ann -o HostName=other h", "ann", "other", 22, "h"],
    ["-l ann -o HostKeyAlias=other h", "ann", "other", 22, "h"],
    ["ann@H.Example.ORG", "ann", "h.example.org", 22, "ann@H.Example.ORG"],
    ["-F config short", "conf", "alias", 7, "short"],
    ["-F config short -l ann", "ann", "alias", 7, "short"],
  ])("%s", async (line, user, name, port, host) => {
    const args = line.split(" ").map((word) => (word === "config" ? config : word));
    const read = line.includes("config") ? args : ["-F", "none", ...args];
    expect(await readClientConfig(read, process.env)).toMatchObject({ user, name, port });
    expect(args[readSshArguments(args).destination ?? -1]).toBe(host);
  });

  test("jump hosts of the configuration, and of the command line", async () => {
    expect(await readClientConfig(["-F", config, "short"], process.env)).toMatchObject({ jumps: ["a", "b@c:1"] });
    expect(await readClientConfig(["-F", config, "-J", "d", "short"], process.env)).toMatchObject({ jumps: ["d"] });
    expect(await readClientConfig(["-F", config, "-J", "none", "short"], process.env)).toMatchObject({ jumps: [] });
  });

  test.each([
    ["h", { forwardsX11: false, tty: "auto" }],
    ["-X h", { forwardsX11: true }],
    ["-Y h", { forwardsX11: true }],
    ["-X -x h", { forwardsX11: false }],
    ["-o ForwardX11=yes h", { forwardsX11: true }],
    ["-A h", { forwardAgent: "yes" }],
    ["-A -a h", { forwardAgent: "no" }],
    ["-t h", { tty: "yes" }],
    ["-tt h", { tty: "force" }],
    ["-T h", { tty: "no" }],
    ["-o RequestTTY=no h", { tty: "no" }],
  ])("what is asked for beside a login: %s", async (line, says) => {
    expect(await readClientConfig(["-F", "none", ...line.split(" ")], process.env)).toMatchObject(says);
  });

  test("a log that the arguments name is not begun", async () => {
    const log = join(folder, "log");
    await readClientConfig(["-F", "none", "-vE", log, "h"], process.env);
    expect((await run("ls", [log])).exit).not.toBe(0);
  });
});

describe("without Vault", () => {
  const env: Record<string, string> = { VAULT_ADDR: "", BAO_ADDR: "", VAULT_TOKEN: "", HOME: "/nowhere", XDG_STATE_HOME: "" };
  beforeAll(async () => {
    env["XDG_RUNTIME_DIR"] = await mkdtemp("/dev/shm/ssh-trust-arguments-"); // nobody's own sign-ins
  });
  afterAll(() => rm(env["XDG_RUNTIME_DIR"] ?? "", { recursive: true }));
  const sshTrust = (...args: string[]) => run("setsid", ["-w", process.execPath, sshTrustFile, "ssh", ...args], { env });
  test.each([["-V"], ["-Q", "key"], ["-Q", "nothing"], ["-G", "-F", "none", "ann@h", "-p", "2"], ["-4V"], ["h", "-V"]])(
    "%s is ssh's own",
    async (...args) => {
      const { exit, stdout, stderr } = await run("ssh", args, { env });
      expect(await sshTrust(...args)).toMatchObject({ exit, stdout, stderr });
    },
  );
  test.each([
    ["-Z", "h"],
    ["-p", "0", "h"],
    ["-o", "Nonsense=1", "h"],
    ["-F", "/nowhere", "h"],
    ["-f", "h"],
  ])("%s is refused by ssh, in its words", async (...args) => {
    const { exit, stderr } = await run("ssh", args, { env });
    expect(await sshTrust(...args)).toMatchObject({ exit, stdout: "", stderr });
  });
  test.each<[args: readonly string[], code: string, says: string, exit?: number]>([
    [[], "USAGE", "the host is missing"],
    [["--ruel", "x", "h"], "USAGE", "did you mean --rule?", 2],
    [["--rule"], "USAGE", "--rule <name> has no value", 2],
    [["-M", "h"], "USAGE", "-M shares a connection"],
    [["-S", "/tmp/s", "h"], "USAGE", "-S shares a connection"],
    [["-O", "check", "h"], "USAGE", "-O shares a connection"],
    [["h", "--rule", "x"], "USAGE", "--rule has to come before the host"],
    [["-F", "none", "h"], "SIGN_IN_NOWHERE", "ssh does not know which Vault"],
  ])("%j is refused", async (...[args, code, says, status = 255]) => {
    const { exit, stderr } = await sshTrust(...args);
    expect({ exit, stderr }).toEqual({ exit: status, stderr: expect.stringContaining(`[${code}]`) });
    expect(stderr).toContain(says);
  });
  test("the help", async () => {
    for (const args of [["--help"], ["-p", "2", "--help"]]) {
      expect(await sshTrust(...args)).toMatchObject({
        exit: 0,
        stdout: expect.stringContaining("Usage: ssh-trust ssh"),
        stderr: "",
      });
    }
  });
});
