/** `ssh-trust trace` with the real ssh, and hosts that let it in, or say that they did. The lab's hosts: test/e2e/4-trace.test.ts. */
import { access, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { type Ran, sshTrustFile, run } from "../support/project.js";
import { buildCertificate, strings } from "./build-certificate.js";
import {
  hostThatRemarks,
  hostWithCertificate,
  idIn,
  own,
  sessionHost,
  signed,
  sshThatTellsItsId,
  sshTrust,
  trace,
} from "./trace-support.js";

jest.setTimeout(180_000);

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-trace-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A trace by an ssh that tells its process id, as a host may guess it. */
async function traceByKnownId(...args: string[]): Promise<Ran> {
  await sshThatTellsItsId(folder);
  const path = `${folder}:${process.env["PATH"] ?? ""}`;
  return run(process.execPath, [sshTrustFile, "trace", ...own, ...args], { env: { PATH: path } });
}

interface Json {
  readonly loggedIn: boolean;
  readonly exitStatus: number | null;
  readonly stoppedAfter: number | null;
  readonly leftOut: number;
  readonly refusal: { kind: string } | null;
  readonly phases: readonly { entries: readonly { what: string; mark: string | null; facts: readonly { value: string }[] }[] }[];
  readonly log: readonly { by: string; text: string }[];
}
const jsonOf = ({ stdout }: Ran) => JSON.parse(stdout) as Json;

describe("a host that knows the process id of ssh", () => {
  test("is not let in by what its certificate's key id says", async () => {
    const claims = (pid: string) => [
      signed(pid, "Host 'x' is known and matches the ED25519-CERT host certificate."),
      signed(pid, "SSH2_MSG_NEWKEYS sent"),
      signed(pid, "SSH2_MSG_NEWKEYS received"),
      signed(pid, "SSH2_MSG_SERVICE_ACCEPT received"),
      signed(pid, 'Authenticated to x ([127.0.0.1]:1) using "publickey".'),
      signed(pid, "Exit status 0"),
      signed(pid, ""),
    ];
    await using host = await hostWithCertificate(async () =>
      buildCertificate({ keyId: ["x", ...claims(await idIn(folder))].join("\r\n"), principals: strings("x") }),
    );
    const args = ["-o", "StrictHostKeyChecking=yes", "-o", `UserKnownHostsFile=${folder}/none`, "-p", host.port, "127.0.0.1"];
    const { stdout, stderr, exit } = await traceByKnownId(...args);
    expect(stderr).toMatch(/phase 2, .*: ssh's log contradicts itself .* {2}\[TRACE_REFUSED\]/);
    expect(stdout).not.toMatch(/logged in after|is known for|welcome/);
    expect(exit).toBe(1);
  });

  test("and hangs up before it shows a key: nothing that it claims counts", async () => {
    const claims = [
      "send packet: type 30",
      "SSH2_MSG_KEX_ECDH_REPLY received",
      "Server host key: ssh-ed25519 SHA256:x",
      "Host 'bank.example.org' is known and matches the ED25519 host key.",
      "Found key in /home/alice/.ssh/known_hosts:3",
      "SSH2_MSG_NEWKEYS sent",
      "SSH2_MSG_NEWKEYS received",
      "SSH2_MSG_SERVICE_ACCEPT received",
      "send packet: type 50",
      "Authentications that can continue: publickey,password",
      "Next authentication method: password",
      "send packet: type 50",
    ];
    await using host = await hostThatRemarks(async () => {
      const pid = await idIn(folder);
      return claims.map((claim) => ["x", signed(pid, claim), signed(pid, "")].join("\r\n"));
    });
    const ran = await traceByKnownId("--format", "json", "-p", host.port, "127.0.0.1");
    const { refusal, phases } = jsonOf(ran);
    expect(refusal?.kind).toBe("closed");
    const entries = phases.flatMap(({ entries: each }) => each);
    expect(entries.map(({ what }) => what)).toContain("a password (not shown)"); // so it is in the log
    expect(entries.filter(({ mark }) => mark === "proof" || mark === "lock")).toEqual([]);
    expect(entries.at(-1)?.facts[0]?.value).toMatch(/before OpenSSH 9\.8, it may have written all of this/);
    expect(ran.exit).toBe(1);
  });

  test("and hangs up behind an end that it made up: that is no end", async () => {
    await using host = await hostThatRemarks(async () => {
      const end = `x.c:x():1 (pid=${await idIn(folder)}): alice@127.0.0.1: Permission denied (publickey).`;
      return [`x\r\n${end}`];
    });
    const { stderr } = await traceByKnownId("-p", host.port, "127.0.0.1");
    expect(stderr).toMatch(/ssh's log contradicts itself \(the end, and then more\)/);
  });

  test("puts a greeting and a command's standard error nowhere near the log", async () => {
    await using host = await sessionHost(
      folder,
      async (channel) => {
        channel.stderr.write(`${signed(await idIn(folder), "Exit status 8")}\r\n`);
        channel.exit(0);
        channel.end();
      },
      "debug1: Authentication succeeded (publickey).\r\n",
    );
    const ran = await traceByKnownId("--format", "json", ...host.known, "alice@127.0.0.1");
    const { loggedIn, exitStatus, log } = jsonOf(ran);
    expect({ loggedIn, exitStatus }).toEqual({ loggedIn: true, exitStatus: 0 });
    const others = log.filter(({ by }) => by === "others").map(({ text }) => text);
    expect(others).toContain("debug1: Authentication succeeded (publickey).");
    expect(others.join("\n")).toContain("Exit status 8");
    expect(ran.exit).toBe(0);
  });
});

test("a configuration that silences ssh, shares connections, runs commands and stays in the background changes nothing", async () => {
  await using host = await sessionHost(folder, (channel) => {
    channel.exit(3);
    channel.end();
  });
  const config = join(folder, "config");
  const settings = [
    "LogLevel QUIET",
    "ControlMaster auto",
    `ControlPath ${folder}/%C`,
    "ControlPersist yes",
    "RemoteCommand hostname",
    "RequestTTY force",
    "LocalForward 1 a:1",
    "SessionType none",
    "ForkAfterAuthentication yes",
    "PermitLocalCommand yes",
    `LocalCommand touch ${folder}/touched`,
  ];
  await writeFile(config, ["Host *", ...settings].join("\n  "));
  const known = [...host.known, "-o", "GlobalKnownHostsFile=none", "-o", "IdentityAgent=none"];
  const { stdout, exit } = await sshTrust("trace", "-F", config, ...known, "alice@127.0.0.1", "--", "uname", "-a");
  expect(stdout).toMatch(/logged in after [\d.]+ ms; the command ended with exit status 3/);
  expect(host.commands).toEqual(["uname -a"]);
  await expect(access(join(folder, "touched"))).rejects.toMatchObject({ code: "ENOENT" });
  expect(exit).toBe(0);
});

describe("a command that does not end is stopped, and that is said", () => {
  test.each(["text", "json"])("as %s", async (format) => {
    await using host = await sessionHost(folder, () => undefined);
    const ran = await trace("--timeout", "3", "--format", format, ...host.known, "alice@127.0.0.1");
    if (format === "json") expect(jsonOf(ran)).toMatchObject({ loggedIn: true, exitStatus: null, stoppedAfter: 3 });
    else expect(ran.stdout).toMatch(/logged in after [\d.]+ ms; stopped after 3 s, before the command ended/);
  });
});

test("of what has no end, the beginning is passed on, and the rest is counted", async () => {
  const chunk = "\0".repeat(1 << 20);
  await using host = await sessionHost(folder, (channel) => {
    let left = 64;
    const more = () => {
      while (left-- > 0) if (!channel.write(chunk)) return void channel.once("drain", more);
      channel.exit(0);
      channel.end();
    };
    more();
  });
  const file = join(folder, "login.html");
  const small = ["--max-old-space-size=48", sshTrustFile];
  const args = ["--format", "json", "--report", file, ...own, ...host.known, "alice@127.0.0.1"];
  const ran = await run("node", [...small, "trace", ...args]);
  const { exitStatus, leftOut } = jsonOf(ran);
  expect(exitStatus).toBe(0);
  expect(leftOut).toBe(64 * chunk.length - 262_144);
  expect(ran.stderr.length).toBeLessThan(4 * 262_144 + 1000);
  expect(await readFile(file, "utf8")).toMatch(/66,846,720 characters of what others wrote are left out/);
});

test("a report is for its owner only, and holds no value of the environment", async () => {
  await using host = await sessionHost(folder, (channel) => {
    channel.exit(0);
    channel.end();
  });
  const file = join(folder, "login.html");
  const { exit } = await trace("--report", file, "-o", "SetEnv=TOKEN=s3cret", ...host.known, "alice@127.0.0.1");
  expect(exit).toBe(0);
  const page = await readFile(file, "utf8");
  expect(page).toContain("env TOKEN");
  expect(page).not.toContain("s3cret");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
