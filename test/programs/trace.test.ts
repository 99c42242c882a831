/** `ssh-trust trace` as a person calls it, with the real ssh, where nobody lets anybody in. The lab's hosts: test/e2e/4-trace.test.ts. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { sshTrustInHost } from "../support/in-host.js";
import { type Ran, sshTrustFile, run } from "../support/project.js";
import { gone, hostThat, own, sshThatTellsItsId, sshTrust, trace } from "./trace-support.js";

jest.setTimeout(180_000);

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-trace-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a trace says of a host that greets with this and reads on, or hangs up. */
async function greetedWith(greeting: string | undefined): Promise<Ran> {
  await using host = await hostThat((socket) => {
    if (greeting === undefined) socket.destroy();
    else socket.resume().end(greeting);
  });
  return await trace("-p", host.port, "127.0.0.1");
}

function expectRefused({ stdout, stderr, exit }: Ran, reason: RegExp): void {
  expect(stdout).toMatch(/^1 {2}Setup /m);
  expect(stdout).toMatch(/✗ the end: /);
  expect(stdout).toContain("2  Key exchange and host authentication: not reached");
  expect(stderr).toMatch(/ssh-trust: error: the login ended in phase 1, setup: [^\n]* {2}\[TRACE_REFUSED\]\nssh-trust: hint: .+/);
  expect(stderr).toMatch(reason);
  expect(exit).toBe(1);
}

describe("refused in phase 1", () => {
  test("a name that does not resolve", async () => {
    expectRefused(await trace("host.invalid"), /the name host\.invalid does not resolve/);
  });

  test("nobody listens", async () => {
    const host = await hostThat(() => undefined);
    await host[Symbol.asyncDispose]();
    expectRefused(await trace("-p", host.port, "127.0.0.1"), new RegExp(`nobody listens at 127\\.0\\.0\\.1, port ${host.port}`));
  });

  test.each([
    ["another protocol", "220 mail.example.org ESMTP\r\n", /does not speak SSH: 220 mail\.example\.org ESMTP/],
    ["another protocol, out to take over the terminal", "\u001b[2Jhello\r\n", /does not speak SSH: .*hello/],
    ["an old version", "SSH-1.5-old\r\n", /another version of the protocol/],
    ["a greeting and then nothing", "SSH-2.0-x\r\n", /closed by the host/],
    ["hung up on", undefined, /closed by what answers at 127\.0\.0\.1/],
  ])("%s", async (_what, greeting, reason) => {
    const ran = await greetedWith(greeting);
    expectRefused(ran, reason);
    expect(ran.all).not.toContain("\u001b");
  });

  test("a jump host that is not there", async () => {
    expectRefused(await trace("-J", "host.invalid", "127.0.0.1"), /the way there failed: .*host\.invalid/);
  });

  test("a host that says nothing, after the time that was given", async () => {
    await using host = await hostThat(() => undefined);
    expectRefused(await trace("--timeout", "1", "-p", host.port, "127.0.0.1"), /stopped after 1 s/);
  });

  test("a program for the way there that says nothing and does not end: it is ended too, and at once", async () => {
    const pid = join(folder, "proxy-pid");
    const begun = performance.now();
    expectRefused(
      await trace(
        "--timeout",
        "1",
        "-o",
        `ProxyCommand=sh -c 'echo $$ > ${pid}; sleep 600 & echo $! >> ${pid}; wait'`,
        "127.0.0.1",
      ),
      /stopped after 1 s/,
    );
    expect(performance.now() - begun).toBeLessThan(10_000);
    const pids = (await readFile(pid, "utf8")).trim().split("\n");
    expect(pids).toHaveLength(2);
    for (const each of pids) await gone(Number(each));
  });

  test.each([
    ["SIGTERM", [143, null]],
    ["SIGHUP", [129, null]],
    ["SIGINT", [130, null]],
  ] as const)("a trace that is itself ended, by %s, leaves no process", async (signal, status) => {
    const pid = join(folder, `proxy-pid-${signal}`);
    const way = `ProxyCommand=sh -c 'sleep 600 & echo $! > ${pid}; echo $$ >> ${pid}; echo begun >&2; wait'`;
    const child = spawn(process.execPath, [sshTrustFile, "trace", ...own, "-o", way, "127.0.0.1"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const exit = once(child, "exit");
    child.stderr.setEncoding("utf8").on("data", (told: string) => {
      if (told.includes("begun")) child.kill(signal);
    });
    expect(await exit).toEqual(status);
    const pids = (await readFile(pid, "utf8")).trim().split("\n");
    expect(pids).toHaveLength(2);
    for (const each of pids) await gone(Number(each));
  });

  test("a configuration that ssh does not take", async () => {
    const config = join(folder, "faulty");
    await writeFile(config, "Host *\n  NoSuchOption 1\n");
    expectRefused(await sshTrust("trace", "-F", config, "127.0.0.1"), /ssh does not take its settings: .*nosuchoption/i);
  });
});

test("as JSON: the same trace, on standard output alone", async () => {
  const { stdout, exit } = await trace("--format", "json", "host.invalid");
  expect(JSON.parse(stdout)).toMatchObject({
    destination: "host.invalid",
    command: "true",
    loggedIn: false,
    refusal: {
      stage: "setup",
      kind: "name-unknown",
      hint: [{ say: "correct the name, or look it up", run: "getent hosts host.invalid" }],
    },
    exitStatus: null,
    phases: [{ stage: "setup", number: 1 }],
  });
  expect(exit).toBe(1);
});

test("through a pipe that nobody reads for a while: all of it, and only then the error", async () => {
  const talkative = "ProxyCommand=yes 'something' | head -c 250000 >&2";
  const options = [...own, "-o", talkative, "--format", "json", "--report", join(folder, "late.html"), "127.0.0.1"];
  const child = spawn(process.execPath, [sshTrustFile, "trace", ...options], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let told = "";
  await new Promise<void>((resolve) => {
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      told += text;
      if (told.includes("the report: ")) resolve();
    });
  });
  expect(told).not.toContain("[TRACE_REFUSED]");
  const stdout = await text(child.stdout);
  expect((JSON.parse(stdout) as { log: unknown[] }).log.length).toBeGreaterThan(25_000);
  if (child.exitCode === null) await once(child, "exit");
  expect(told).toContain("[TRACE_REFUSED]");
});

test("as a page, of a refused login too", async () => {
  const file = join(folder, "login.html");
  const { stderr } = await trace("--report", file, "host.invalid");
  expect(stderr).toContain(`the report: ${file}`);
  expect(await readFile(file, "utf8")).toContain("<title>Not logged in: host.invalid</title>");
});

test("with --raw, ssh's own log follows", async () => {
  expect((await trace("--raw", "host.invalid")).stdout).toMatch(/ssh's own log\n[^]*debug2: resolving "host\.invalid" port 22/);
});

describe("wrong usage ends in exit status 2, and nothing runs", () => {
  test.each([
    ["no destination", [], /<destination> is missing: as ssh takes it/],
    ["an option for a destination", ["--", "-oProxyCommand=touch /tmp/x"], /looks like an option/],
    ["an empty destination", [""], /destination is empty/],
    ["control characters", ["a\u001b[2Jb"], /control characters/],
    ["an option that is not ssh's", ["-Z", "host.invalid"], /unknown option '-Z'/],
    ["an option of ssh's that a trace does not take", ["-N", "host.invalid"], /unknown option '-N'/],
    [
      "an option of the command's",
      ["host.invalid", "uname", "-a"],
      /unknown option '-a'; if it belongs to \[command\.\.\.\], put -- before that/,
    ],
    ["an unknown format", ["--format", "yaml", "host.invalid"], /--format is text or json, not "yaml"/],
    ["a time-out that is none", ["--timeout", "soon", "host.invalid"], /time-out is not in whole seconds/],
  ])("%s", async (_what, args, says) => {
    const { stdout, stderr, exit } = await sshTrustInHost(["trace", ...own, ...args], { cwd: folder });
    expect(stderr).toMatch(/\[USAGE\]\nssh-trust: hint: see: ssh-trust trace --help/);
    expect(stderr).toMatch(says);
    expect(stderr).not.toContain("\u001b");
    expect(stdout).toBe("");
    expect(exit).toBe(2);
  });

  test.each([
    ["a port that is none", ["-p", "99999", "host.invalid"], /Bad port '99999'/],
    ["an option that ssh does not have", ["-o", "NoSuchOption=1", "host.invalid"], /Bad configuration option: nosuchoption/],
    ["a value that ssh does not take", ["-o", "StrictHostKeyChecking=perhaps", "host.invalid"], /unsupported option "perhaps"/],
    ["a jump host that is none", ["-J", "a@:x", "host.invalid"], /Invalid -J argument/],
    ["a host that ssh takes for none", ["a b"], /hostname contains invalid characters/],
  ])("in ssh's own words: %s", async (_what, args, says) => {
    const { stdout, stderr, exit } = await trace(...args);
    expect(stderr).toMatch(/^ssh-trust: error: ssh does not take this: .* {2}\[USAGE\]\nssh-trust: hint: see: man ssh/); // once
    expect(stderr).toMatch(says);
    expect(stdout).toBe("");
    expect(exit).toBe(2);
  });

  test.each([
    ["in a folder that is not there", join(tmpdir(), "ssh-trust-no-such-folder", "login.html"), /ENOENT/],
    ["a folder", tmpdir(), /it is a folder/],
    ["a device", "/dev/null", /it is no file, and would be replaced/],
  ])("a report that cannot be written is refused before ssh runs: %s", async (_what, file, says) => {
    const { stdout, stderr, exit } = await trace("--report", file, "host.invalid");
    expect(stderr).toMatch(/\[FILE_NOT_WRITTEN\]/);
    expect(stderr).toMatch(says);
    expect(stdout).toBe("");
    expect(exit).toBe(1);
  });

  test("no ssh on PATH", async () => {
    const { stderr, exit } = await run(process.execPath, [sshTrustFile, "trace", "host.invalid"], {
      env: { PATH: folder },
    });
    expect(stderr).toContain("[TOOL_MISSING]");
    expect(exit).toBe(1);
  });

  test("no mkfifo on PATH", async () => {
    const path = join(folder, "ssh-only");
    await mkdir(path);
    await sshThatTellsItsId(path);
    const { stderr, exit } = await run(process.execPath, [sshTrustFile, "trace", "host.invalid"], {
      env: { PATH: path },
    });
    expect(stderr).toMatch(/mkfifo .* {2}\[TOOL_MISSING\]\nssh-trust: hint: install it: sudo apt-get install coreutils/);
    expect(exit).toBe(1);
  });

  test("an ssh that is too old", async () => {
    await writeFile(join(folder, "ssh"), "#!/bin/sh\necho 'OpenSSH_8.4p1 Debian-5, OpenSSL 1.1.1' >&2\n", { mode: 0o755 });
    const { stderr, exit } = await run(process.execPath, [sshTrustFile, "trace", "host.invalid"], {
      env: { PATH: `${folder}:/bin` },
    });
    expect(stderr).toMatch(
      /ssh is OpenSSH_8\.4p1, but OpenSSH 8\.5 or later is needed {2}\[TOOL_TOO_OLD\]\nssh-trust: hint: upgrade it: sudo apt-get install openssh-client/,
    );
    expect(exit).toBe(1);
  });
});
