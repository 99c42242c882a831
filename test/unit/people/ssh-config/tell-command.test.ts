/** What ssh runs before a login, in the shells of this machine that people use. */
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { tellCommand } from "../../../../src/people/ssh-config/tell-command.js";

/** Those that are here; sh is everywhere. */
const shells = ["sh", "bash", "dash", "zsh", "fish", "tcsh", "ksh"].filter(
  (shell) => spawnSync("sh", ["-c", `command -v ${shell}`]).status === 0,
);
const placeIn = (folder: string) => ({ pid: join(folder, "agent.pid"), notice: join(folder, "agent.notice") });
const silent = { status: 1, stdout: "", stderr: "" };
const notRunning = { ...silent, stderr: "ssh-trust: the agent is not running: ssh-trust login, or ssh-trust agent start\n" };

let folder: string;
/** As ssh starts it. */
const tells = (shell = "sh", env?: Record<string, string>) => {
  const options = { encoding: "utf8", ...(env === undefined ? {} : { env }) } as const;
  const { status, stdout, stderr } = spawnSync(shell, ["-c", `exec ${tellCommand(placeIn(folder)) ?? ""}`], options);
  return { status, stdout, stderr };
};
const running = (pid: number | string = process.pid) => {
  writeFileSync(join(folder, "agent.pid"), `${String(pid)}\n`);
};
const notice = (text: string) => {
  writeFileSync(join(folder, "agent.notice"), text);
};

describe.each(["plain", "with blanks & * (more)"])("a folder %s", (name) => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), `ssh-trust ${name} `));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test.each(shells)("%s: it never succeeds, and says why only where there is something to say", (shell) => {
    expect(tells(shell)).toEqual(notRunning);
    running();
    expect(tells(shell)).toEqual(silent);
    notice("");
    expect(tells(shell)).toEqual(silent);
    notice("ssh-trust: why\n");
    expect(tells(shell)).toEqual({ ...silent, stderr: "ssh-trust: why\n" });
  });

  test.each([
    [
      "an agent that was killed",
      () => {
        running(spawnSync("true").pid);
      },
    ],
    [
      "an empty file",
      () => {
        writeFileSync(join(folder, "agent.pid"), "");
      },
    ],
    [
      "a file with something else",
      () => {
        running("$(reboot) ; x");
      },
    ],
  ])("%s is not running, and what it left is not printed", (_what, prepare) => {
    prepare();
    notice("ssh-trust: of an agent before\n");
    expect(tells()).toEqual(notRunning);
  });

  // Where nobody made it since the machine started, another user may have.
  (process.getuid?.() === 0 ? test : test.skip)("of another user's folder nothing is believed or printed (needs root)", () => {
    running();
    notice("\u001b]0;owned\u0007 ssh-trust: sign in: ssh-trust login --vault https://evil.example\n");
    chmodSync(folder, 0o755);
    chownSync(folder, 65534, 65534);
    expect(tells()).toEqual(notRunning);
  });

  test("it starts cat, and no other program", () => {
    expect(tells("/bin/sh", { PATH: "/nonexistent" })).toEqual(notRunning);
    running();
    expect(tells("/bin/sh", { PATH: "/nonexistent" })).toEqual(silent);
  });
});

test("ssh reads it as one command, for the hosts that are named only", () => {
  const command = tellCommand(placeIn("/nonexistent/a b")) ?? "";
  folder = mkdtempSync(join(tmpdir(), "ssh-trust-tell-"));
  try {
    const config = join(folder, "config");
    writeFileSync(config, `Match host web-*.example.org exec "${command}"\n  User wrong\nMatch all\n`);
    const asked = (host: string) => spawnSync("ssh", ["-F", config, "-T", "-G", host], { encoding: "utf8" });
    expect(asked("web-1.example.org").stderr).toBe(notRunning.stderr);
    expect(asked("web-1.example.org").stdout).not.toContain("user wrong");
    expect(asked("other.example.org").stderr).toBe("");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each(["/a'b", '/a"b', "/a\\b", "/a%h", "/a!b", "/a\nb"])("a path that cannot stand there: none for %j", (path) => {
  expect(tellCommand(placeIn(path))).toBeUndefined();
});
