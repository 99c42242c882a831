/**
 * What a trace advises where there is no way to the host, where they have no algorithm in common, or where known_hosts has no key:
 * it is done, and then the login works. trace-host-hints and trace-person-hints have the other kinds; docs/trace.md lists all of them.
 * Nothing that a person at the client can do mends `host-signature-wrong`, `forged`, `flooded` and `other`: their hint says so.
 */
import { chmod, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { execa } from "execa";
import { startSshdWith, type OwnSshd } from "../support/own-sshd.js";
import { freePort } from "../support/servers.js";
import { loggedIn, openDesk, type Desk, type Told } from "./refused-login.js";
import { hostThat } from "./trace-support.js";

jest.setTimeout(60_000);

const same = ["-i", "alice"];
const setting = (...settings: string[]) => settings.flatMap((each) => ["-o", each]);

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
  for (const name of ["host", "bob"]) await desk.key(name);
  await desk.write("authorized_keys", await desk.key("alice"));
});
afterEach(async () => {
  await desk[Symbol.asyncDispose]();
});

/** Its key is in known_hosts. */
async function knownHost(...lines: string[]): Promise<OwnSshd> {
  const host = await unknownHost(...lines);
  await desk.write("known_hosts", `[127.0.0.1]:${String(host.port)} ${await desk.read("host.pub")}`);
  return host;
}

const unknownHost = (...lines: string[]): Promise<OwnSshd> =>
  startSshdWith(() =>
    [
      ...lines,
      `HostKey ${desk.file("host")}`,
      `AuthorizedKeysFile ${desk.file("authorized_keys")}`,
      "StrictModes no",
      "PasswordAuthentication no",
      "",
    ].join("\n"),
  );

const matching = (text: RegExp): unknown => expect.stringMatching(text);

const expectRefusal = ({ refusal }: Told, kind: string, reason: RegExp) => {
  expect(refusal).toMatchObject({ kind, reason: matching(reason) });
};

/** What the command of an advice prints, whatever its exit status is. */
const tried = async (told: Told, index: number) => {
  const { stdout, exitCode } = await execa("sh", ["-c", told.refusal?.hint[index]?.run ?? "exit 99"], { reject: false });
  return { stdout, exitCode };
};

describe("no way to the host", () => {
  test("a name that does not resolve: looking it up finds nothing, and the right one something", async () => {
    await using host = await knownHost();
    const told = await desk.trace(host.port, ...same, ...setting("HostName=nowhere.invalid"));
    expectRefusal(told, "name-unknown", /^the name nowhere\.invalid does not resolve/);
    expect(await tried(told, 0)).toEqual({ stdout: "", exitCode: 2 });
    expect(await desk.trace(host.port, ...same, ...setting("HostName=127.0.0.1"))).toMatchObject(loggedIn);
  });

  test("nobody listens: the port of its sshd is named", async () => {
    await using host = await knownHost();
    const told = await desk.trace(await freePort(), ...same);
    expectRefusal(told, "nobody-listens", /^nobody listens at 127\.0\.0\.1, port \d+: connection refused$/);
    const right = await desk.follow(told.refusal?.hint[0], { "<port>": String(host.port), "<destination>": "" });
    expect(await desk.trace(Number(right[1]), ...same)).toMatchObject(loggedIn);
  });

  test("an address without a route: another address of the host", async () => {
    await using host = await knownHost();
    const told = await desk.trace(host.port, ...same, ...setting("HostName=255.255.255.255"));
    expectRefusal(told, "unreachable", /^no connection to 255\.255\.255\.255, port \d+: /);
    expect(told.refusal?.hint).toEqual([{ say: "check that the host can be reached", run: "ping 255.255.255.255" }]);
    expect(await desk.trace(host.port, ...same)).toMatchObject(loggedIn);
  });

  test("another service answers: the port of its sshd is named", async () => {
    await using host = await knownHost();
    await using other = await hostThat((socket) => socket.end("220 mail.example.org ESMTP\r\n"));
    const told = await desk.trace(Number(other.port), ...same);
    expectRefusal(told, "not-ssh", /does not speak SSH: 220 mail\.example\.org ESMTP$/);
    const right = await desk.follow(told.refusal?.hint[0], { "<port>": String(host.port), "<destination>": "" });
    expect(await desk.trace(Number(right[1]), ...same)).toMatchObject(loggedIn);
  });

  test("an SSH server of version 1 answers: once it is upgraded, it lets in", async () => {
    await using host = await knownHost();
    await using other = await hostThat((socket) => socket.end("SSH-1.5-old\r\n"));
    const told = await desk.trace(Number(other.port), ...same);
    expectRefusal(told, "old-protocol", /speaks another version of the protocol than SSH 2$/);
    expect(told.refusal?.hint).toEqual([{ say: matching(/^upgrade its SSH server/), run: null }]);
    expect(await desk.trace(host.port, ...same)).toMatchObject(loggedIn);
  });

  test("a jump host refuses: the trace of the way there says why, and its hint mends the login to the host behind it", async () => {
    await using host = await knownHost();
    const way = (key: string) =>
      setting(
        `ProxyCommand=ssh -F none -i ${key} -o IdentitiesOnly=yes -o BatchMode=yes -o UserKnownHostsFile=known_hosts ` +
          `-W %h:%p -p ${String(host.port)} deploy@127.0.0.1`,
      );
    const told = await desk.trace(host.port, ...same, ...way("bob"));
    expectRefusal(told, "way-failed", /^the way there failed: deploy@127\.0\.0\.1: Permission denied/);
    expect(told.refusal?.hint[0]?.run).toBe("ssh-trust trace <jump host>");
    const there = await desk.trace(host.port, "-i", "bob");
    expectRefusal(there, "permission-denied", /^permission denied for deploy; tried: the key bob/);
    const [, key = ""] = await desk.follow(there.refusal?.hint.at(-1), { "<key>": "alice", "<destination>": "" });
    expect(await desk.trace(host.port, ...same, ...way(key))).toMatchObject(loggedIn);
  });

  test("settings that ssh does not take: its own words name the line, which is corrected", async () => {
    await using host = await knownHost();
    await writeFile(desk.file("config"), "Host *\n  ServerAliveInterval 5\n  Prot 2\n");
    const withFile = [...same, "-F", desk.file("config")];
    const told = await desk.trace(host.port, ...withFile);
    expectRefusal(told, "settings", /^ssh does not take its settings: .*config: line 3: Bad configuration option: prot$/);
    expect(told.refusal?.hint[0]?.run).toBe("man ssh_config");
    await writeFile(desk.file("config"), "Host *\n  ServerAliveInterval 5\n");
    expect(await desk.trace(host.port, ...withFile)).toMatchObject(loggedIn);
  });
});

describe("a host that does not go on", () => {
  test("it says nothing at all: another sshd, which does", async () => {
    await using host = await knownHost();
    await using mute = await hostThat(() => undefined);
    const impatient = [...same, ...setting("ConnectTimeout=1")];
    const told = await desk.trace(Number(mute.port), ...impatient);
    expectRefusal(told, "timed-out", /^127\.0\.0\.1, port \d+ fell silent: timed out$/);
    expect(told.refusal?.hint).toEqual([{ say: matching(/overloaded, or a firewall/), run: null }]);
    expect(await desk.trace(host.port, ...impatient)).toMatchObject(loggedIn);
  });

  /** A host that takes three seconds to decide. */
  const slow = async (...lines: string[]) => {
    await writeFile(desk.file("decide"), `#!/bin/sh\nsleep 3\ncat ${desk.file("authorized_keys")}\n`);
    await chmod(desk.file("decide"), 0o755);
    // sshd runs a program only where nobody but root can write to a folder above it.
    return knownHost(
      "AuthorizedKeysFile none",
      `AuthorizedKeysCommand /bin/sh ${desk.file("decide")}`,
      "AuthorizedKeysCommandUser root",
      ...lines,
    );
  };

  test("it is slower than the trace waits: more time", async () => {
    await using host = await slow();
    const told = await desk.trace(host.port, ...same, "--timeout", "1");
    expectRefusal(told, "stopped", /^nothing more happened: stopped after 1 s$/);
    const longer = await desk.follow(told.refusal?.hint[0], { "<seconds>": "30", "<destination>": "" });
    expect(await desk.trace(host.port, ...same, ...longer)).toMatchObject(loggedIn);
  });

  test("it closes, by LoginGraceTime: with the default it lets in", async () => {
    await using hasty = await slow("LoginGraceTime 1");
    const told = await desk.trace(hasty.port, ...same);
    expectRefusal(told, "closed", /^the connection was closed by the host/);
    expect(told.refusal?.hint).toEqual([{ say: "the host's log says why; on the host", run: "journalctl -u ssh" }]);
    await using host = await slow();
    expect(await desk.trace(host.port, ...same)).toMatchObject(loggedIn);
  });
});

describe("no algorithm in common: one that both support is allowed", () => {
  test.each([
    ["cipher", "Ciphers", "aes128-ctr", "aes256-ctr"],
    ["MAC", "MACs", "hmac-sha2-256", "hmac-sha2-512"],
    ["key exchange method", "KexAlgorithms", "ecdh-sha2-nistp256", "curve25519-sha256"],
  ])("%s", async (what, option, theirs, ours) => {
    // A cipher that authenticates by itself would need no MAC.
    const narrow = what === "MAC" ? ["Ciphers aes256-ctr"] : [];
    await using host = await knownHost(`${option} ${theirs}`, ...narrow);
    const told = await desk.trace(host.port, ...same, ...setting(`${option}=${ours}`));
    expectRefusal(
      told,
      "no-common-algorithm",
      RegExp(`^client and server have no (matching )?${what} .*in common; the server offers ${theirs}\\b`, "i"),
    );
    expect((await desk.printed(told.refusal?.hint[0])).split("\n")).toContain(theirs);
    const wider = await desk.follow(told.refusal?.hint[1], { "<algorithm>": theirs, "<destination>": "" });
    expect(await desk.trace(host.port, ...wider, ...same, ...setting(`${option}=${ours}`))).toMatchObject(loggedIn);
  });

  test("host key type", async () => {
    await using host = await knownHost();
    const narrow = setting("HostKeyAlgorithms=rsa-sha2-512");
    const told = await desk.trace(host.port, ...same, ...narrow);
    expectRefusal(told, "no-common-algorithm", /no host key type in common; the server offers ssh-ed25519$/);
    expect((await desk.printed(told.refusal?.hint[0])).split("\n")).toContain("ssh-ed25519");
    const wider = await desk.follow(told.refusal?.hint[1], { "<algorithm>": "ssh-ed25519", "<destination>": "" });
    expect(await desk.trace(host.port, ...wider, ...same, ...narrow)).toMatchObject(loggedIn);
  });
});

describe("a host that nobody vouches for", () => {
  /** Pastes a fingerprint where ssh asks, and says no where it asks again. @returns ssh's exit status */
  async function pasted(host: OwnSshd, command: string, fingerprint: string): Promise<number | undefined> {
    await writeFile(
      desk.file("askpass"),
      `#!/bin/sh\nif mkdir ${desk.file(fingerprint.slice(-4))}; then echo '${fingerprint}'; else echo no; fi\n`,
    );
    await chmod(desk.file("askpass"), 0o755);
    const more = `-F none -i alice -o IdentityAgent=none -o UserKnownHostsFile=known_hosts -p ${String(host.port)}`;
    const asked = command.replace("<destination>", `${more} deploy@127.0.0.1 true`);
    const env = { SSH_ASKPASS: desk.file("askpass"), SSH_ASKPASS_REQUIRE: "force" };
    return (await execa("sh", ["-c", asked], { cwd: desk.folder, env, reject: false })).exitCode;
  }

  test.each([
    ["strict checking asks nobody", [], "host-unknown", /^no known_hosts file has a key for \[127\.0\.0\.1\]:\d+, and strict/],
    ["nobody is there to ask", ["StrictHostKeyChecking=ask"], "host-not-confirmed", /^nobody confirmed the key of \[127/],
  ])("%s: the fingerprint that its owner reads is pasted, and no other is taken", async (_what, settings, kind, reason) => {
    await desk.write("known_hosts", "");
    await using host = await unknownHost();
    const told = await desk.trace(host.port, ...setting(...settings), ...same);
    expectRefusal(told, kind, reason);
    const [compare, confirm] = told.refusal?.hint ?? [];
    const read = compare?.run?.replace("/etc/ssh/ssh_host_ed25519_key.pub", desk.file("host.pub"));
    const [, fingerprint = ""] = (await desk.printed({ say: "", run: read ?? null })).split(" ");
    expect(await pasted(host, confirm?.run ?? "", await desk.fingerprint("bob"))).toBe(255);
    expect(await pasted(host, confirm?.run ?? "", fingerprint)).toBe(0);
    expect(await desk.trace(host.port, ...same)).toMatchObject(loggedIn);
  });

  test("whose key is too short: it gets a new one", async () => {
    await desk.key("short", "-t", "rsa", "-b", "2048");
    const strong = setting("RequiredRSASize=3072", "HostKeyAlgorithms=rsa-sha2-512");
    const rsaHost = async (key: string) => {
      const host = await startSshdWith(() =>
        [`HostKey ${desk.file(key)}`, `AuthorizedKeysFile ${desk.file("authorized_keys")}`, "StrictModes no", ""].join("\n"),
      );
      await desk.write("known_hosts", `[127.0.0.1]:${String(host.port)} ${await desk.read(`${key}.pub`)}`);
      return host;
    };
    await using before = await rsaHost("short");
    const told = await desk.trace(before.port, ...same, ...strong);
    expectRefusal(told, "host-key-too-weak", /^the host's key is too short to be accepted$/);
    expect(told.refusal?.hint[0]?.run).toBe("ssh-keygen -A");
    await desk.key("long", "-t", "rsa", "-b", "3072"); // as ssh-keygen -A makes them
    await using host = await rsaHost("long");
    expect(await desk.trace(host.port, ...same, ...strong)).toMatchObject(loggedIn);
  });
});

describe("a key that ssh cannot use", () => {
  test("which others can read: nobody else may", async () => {
    await using host = await knownHost();
    await chmod(desk.file("alice"), 0o644);
    const told = await desk.trace(host.port, ...same);
    expectRefusal(told, "key-unusable", /bad permissions.*permission was denied$/);
    await desk.follow(told.refusal?.hint[0]);
    expect(await desk.trace(host.port, ...same)).toMatchObject(loggedIn);
  });

  test.each([
    ["", () => Promise.resolve("")],
    [", beside a certificate that has expired", () => desk.sign("bob", "alice", "-n", "deploy", "-V", "-2h:-1h")],
  ])("with a passphrase that ssh does not ask for%s: it is in the agent", async (_what, sign) => {
    await using host = await knownHost();
    await sign();
    await execa("ssh-keygen", ["-q", "-p", "-N", "open sesame", "-f", desk.file("alice")]);
    const told = await desk.trace(host.port, ...same, ...setting("BatchMode=yes"));
    expectRefusal(told, "permission-denied", /^permission denied for deploy; tried: /);
    expect(told.refusal?.hint.map(({ run }) => run)).toEqual([null, "ssh-add alice"]);
    await execa("ssh-keygen", ["-q", "-p", "-P", "open sesame", "-N", "", "-f", desk.file("alice")]); // ssh-add asks as well
    expect(await desk.trace(host.port, ...(await desk.load("alice")))).toMatchObject(loggedIn);
  });
});
