/** `ssh-trust trace` as a person calls it, with the real ssh, where nobody lets anybody in. The lab's hosts: test/e2e/4-trace.test.ts. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { root, run, type Ran } from "../support/project.js";

jest.setTimeout(30_000);

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-trace-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const sshTrust = (...args: string[]): Promise<Ran> => run("node", [join(root, "bin/ssh-trust.js"), ...args]);
const trace = (...args: string[]): Promise<Ran> => sshTrust("trace", "-F", "none", "-o", "IdentityAgent=none", ...args);

/** A server that greets with this and reads on, or hangs up. */
async function serving<T>(greeting: string | undefined, use: (port: string) => Promise<T>): Promise<T> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    if (greeting === undefined) socket.destroy();
    else socket.resume().end(greeting);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  try {
    return await use(typeof address === "object" && address !== null ? String(address.port) : "");
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
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
    const port = await serving("", (port) => Promise.resolve(port));
    expectRefused(await trace("-p", port, "127.0.0.1"), new RegExp(`nobody listens at 127\\.0\\.0\\.1, port ${port}`));
  });

  test.each([
    ["another protocol", "220 mail.example.org ESMTP\r\n", /does not speak SSH: 220 mail\.example\.org ESMTP/],
    ["another protocol, out to take over the terminal", "\u001b[2Jhello\r\n", /does not speak SSH: .*hello/],
    ["an old version", "SSH-1.5-old\r\n", /another version of the protocol/],
    ["a greeting and then nothing", "SSH-2.0-x\r\n", /closed by the host/],
  ])("%s", async (_what, greeting, reason) => {
    const ran = await serving(greeting, (port) => trace("-p", port, "127.0.0.1"));
    expectRefused(ran, reason);
    expect(ran.all).not.toContain("\u001b");
  });

  test("hung up on", async () => {
    expectRefused(await serving(undefined, (port) => trace("-p", port, "127.0.0.1")), /closed by what answers at 127\.0\.0\.1/);
  });

  test("a jump host that is not there", async () => {
    expectRefused(await trace("-J", "host.invalid", "127.0.0.1"), /the way there failed: .*host\.invalid/);
  });

  test("a server that says nothing, after the time that was given", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? String(address.port) : "";
    expectRefused(await trace("--timeout", "1", "-p", port, "127.0.0.1"), /stopped after 1 s/);
    server.close();
  });

  test("settings that ssh does not take", async () => {
    expectRefused(await trace("-o", "NoSuchOption=1", "127.0.0.1"), /ssh does not take its settings: .*nosuchoption/i);
  });
});

test("as JSON: the same trace, on standard output alone", async () => {
  const { stdout, exit } = await trace("--format", "json", "host.invalid");
  expect(JSON.parse(stdout)).toMatchObject({
    destination: "host.invalid",
    command: "true",
    loggedIn: false,
    refusal: { stage: "setup", kind: "name-unknown" },
    exitStatus: null,
    phases: [{ stage: "setup", number: 1 }],
  });
  expect(exit).toBe(1);
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

test("a configuration that silences ssh, shares connections and runs commands changes nothing", async () => {
  const config = join(folder, "config");
  await writeFile(
    config,
    `Host *\n  LogLevel QUIET\n  ControlMaster auto\n  ControlPath ${folder}/%C\n  RemoteCommand hostname\n  RequestTTY force\n  LocalForward 1 a:1\n`,
  );
  expectRefused(await sshTrust("trace", "-F", config, "host.invalid"), /does not resolve/);
});

describe("wrong usage ends in exit status 2, and nothing runs", () => {
  test.each([
    ["no destination", [], /missing required argument 'destination'/],
    ["an option for a destination", ["--", "-oProxyCommand=touch /tmp/x"], /looks like an option/],
    ["an empty destination", [""], /destination is empty/],
    ["control characters", ["a\u001b[2Jb"], /control characters/],
    ["an option that is not ssh's", ["-Z", "host.invalid"], /unknown option '-Z'/],
    ["an option of ssh's that a trace does not take", ["-N", "host.invalid"], /unknown option '-N'/],
    ["an unknown format", ["--format", "yaml", "host.invalid"], /text, json/],
    ["a time-out that is none", ["--timeout", "soon", "host.invalid"], /time-out is not in whole seconds/],
  ])("%s", async (_what, args, says) => {
    const { stdout, stderr, exit } = await trace(...args);
    expect(stderr).toMatch(/\[USAGE\]\nssh-trust: hint: see: ssh-trust trace --help/);
    expect(stderr).toMatch(says);
    expect(stderr).not.toContain("\u001b");
    expect(stdout).toBe("");
    expect(exit).toBe(2);
  });

  test("a report that cannot be written is refused before ssh runs", async () => {
    const { stdout, stderr, exit } = await trace("--report", "/nonexistent/login.html", "host.invalid");
    expect(stderr).toContain("[FILE_NOT_WRITTEN]");
    expect(stdout).toBe("");
    expect(exit).toBe(1);
  });

  test("no ssh on PATH", async () => {
    const { stderr, exit } = await run(process.execPath, [join(root, "bin/ssh-trust.js"), "trace", "host.invalid"], {
      env: { PATH: folder },
    });
    expect(stderr).toContain("[TOOL_MISSING]");
    expect(exit).toBe(1);
  });

  test("an ssh that is too old", async () => {
    await writeFile(join(folder, "ssh"), "#!/bin/sh\necho 'OpenSSH_8.4p1 Debian-5, OpenSSL 1.1.1' >&2\n", { mode: 0o755 });
    const { stderr, exit } = await run(process.execPath, [join(root, "bin/ssh-trust.js"), "trace", "host.invalid"], {
      env: { PATH: `${folder}:/bin` },
    });
    expect(stderr).toMatch(/ssh is OpenSSH_8\.4p1, but OpenSSH 8\.5 or later is needed {2}\[TOOL_TOO_OLD\]/);
    expect(exit).toBe(1);
  });
});
