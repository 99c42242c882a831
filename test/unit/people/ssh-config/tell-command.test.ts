/** What ssh runs before a login, in the shells of this machine that people use. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { tellCommand } from "../../../../src/people/ssh-config/tell-command.js";

const shells = ["sh", "bash", "dash", "zsh", "fish", "tcsh", "ksh"].filter(
  (shell) => spawnSync("sh", ["-c", `command -v ${shell}`]).status === 0,
);

describe.each(["plain", "with blanks & * (more)"])("a folder %s", (name) => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), `ssh-trust ${name} `));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const tells = (shell: string) => {
    const command = tellCommand(join(folder, "s"), join(folder, "n")) ?? "";
    const { status, stdout, stderr } = spawnSync(shell, ["-c", command], { encoding: "utf8" });
    return { status, stdout, stderr };
  };

  test.each(shells)("%s: it never succeeds, and says why only where there is something to say", async (shell) => {
    expect(tells(shell)).toEqual({ status: 1, stdout: "", stderr: expect.stringMatching(/^ssh-trust: no agent runs: .*\n$/) });
    writeFileSync(join(folder, "s"), "a file is no socket");
    expect(tells(shell).stderr).toContain("no agent runs");
    rmSync(join(folder, "s"));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(folder, "s"), resolve));
    try {
      expect(tells(shell)).toEqual({ status: 1, stdout: "", stderr: "" });
      writeFileSync(join(folder, "n"), "");
      expect(tells(shell)).toEqual({ status: 1, stdout: "", stderr: "" });
      writeFileSync(join(folder, "n"), "ssh-trust: why\n");
      expect(tells(shell)).toEqual({ status: 1, stdout: "", stderr: "ssh-trust: why\n" });
    } finally {
      server.close();
    }
  });
});

test("ssh reads it as one command, for the hosts that are named only", () => {
  const command = tellCommand("/nonexistent/a b/s", "/nonexistent/a b/n") ?? "";
  const folder = mkdtempSync(join(tmpdir(), "ssh-trust-tell-"));
  try {
    const config = join(folder, "config");
    writeFileSync(config, `Match host web-*.example.org exec "${command}"\n  User wrong\nMatch all\n`);
    const asked = (host: string) => spawnSync("ssh", ["-F", config, "-T", "-G", host], { encoding: "utf8" });
    expect(asked("web-1.example.org").stderr).toMatch(/^ssh-trust: no agent runs: .*\n$/);
    expect(asked("web-1.example.org").stdout).not.toContain("user wrong");
    expect(asked("other.example.org").stderr).toBe("");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each(["/a'b", '/a"b', "/a\\b", "/a%h", "/a!b", "/a\nb"])("a path that cannot stand there: none for %j", (path) => {
  expect(tellCommand(`${path}/s`, "/n")).toBeUndefined();
  expect(tellCommand("/s", `${path}/n`)).toBeUndefined();
});

test("it starts no program of ours", () => {
  expect(execFileSync("sh", ["-c", `set -x; ${tellCommand("/s", "/n") ?? ""}; true`], { encoding: "utf8", stdio: "pipe" })).toBe(
    "",
  );
  expect(tellCommand("/s", "/n")).toMatch(/^\/bin\/sh -c '[^'"]*' sh '\/s' '\/n'$/);
});
