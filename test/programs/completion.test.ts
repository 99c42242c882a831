/** The scripts of `ssh-trust completion` in the shells themselves: somebody types, and presses the tab key. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { rememberFleet, rememberHosts } from "../../src/people/remembered-names.js";
import { policyOf } from "../../src/fleet/vault-names.js";
import { sshTrustInHost } from "../support/in-host.js";
import { run, sshTrustFile, until } from "../support/project.js";
import { hostsOf, fleetOf } from "../unit/fleet/fleet-of.js";

jest.setTimeout(180_000);

let home: string;
let env: Record<string, string>;
const file = (name: string) => join(home, name);
const call = (line: string, more = {}) => sshTrustInHost(line.split(" "), { cwd: home, env: { ...env, ...more } });

const me = { name: "alice", entity: "1", policies: [policyOf.people("platform")], until: undefined, renewable: false, life: 0 };
const state = () => file("state/ssh-trust");

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "ssh-trust-completion-"));
  env = { HOME: home, XDG_STATE_HOME: file("state"), XDG_CONFIG_HOME: "", VAULT_ADDR: "", SSH_TRUST_JWT: "" };
  const fleet = fleetOf({ hosts: [hostsOf("web", { also: ["www.example.org"] }), hostsOf("db")] });
  await rememberFleet(state(), { schema: 1, fleet, cas: { host: ["a"], user: ["a"] } }, me, "https://vault.example.org:8200");
  await rememberHosts(state(), ["web-1.example.org", "db-1.example.org", "not a name"]);
  await mkdir(file("bin"));
  // What the shell's script asks is answered; what is typed is only written down.
  const program = `#!/bin/sh\n[ "$1" = completion ] && exec '${process.execPath}' '${sshTrustFile}' "$@"\nprintf '%s\\n' "$@" >'${home}/typed.new'\nmv '${home}/typed.new' '${home}/typed'\n`;
  await writeFile(file("bin/ssh-trust"), program);
  await chmod(file("bin/ssh-trust"), 0o755);
  await writeFile(file("some-key.pub"), "");
  await writeFile(file("with blank.pub"), "");
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe("refused", () => {
  test.each([
    ["completion", "<shell> is missing"],
    ["completion tcsh", "bash, zsh, fish"],
    ["completion bash more", 'too many arguments: "more"'],
  ])("%s", async (line, says) => {
    const { exit, stdout, stderr } = await call(line);
    expect({ exit, stdout, stderr }).toEqual({ exit: 2, stdout: "", stderr: expect.stringContaining(says) });
  });
});

describe("what the script asks", () => {
  test("no error and no question, whatever is there", async () => {
    await mkdir(file("broken/ssh-trust"), { recursive: true });
    for (const text of ["", "{", '{"schema":2}', '{"schema":1,"fleets":[{}],"hosts":[]}']) {
      await writeFile(file("broken/ssh-trust/names.json"), text);
      const { exit, all } = await call("completion --complete bash -- ssh w", { XDG_STATE_HOME: file("broken") });
      expect({ exit, all }).toEqual({ exit: 0, all: "" });
    }
    await rm(file("broken/ssh-trust/names.json"));
    await run("mkfifo", [file("broken/ssh-trust/names.json")]); // never answers
    const begun = Date.now();
    const ran = await run(process.execPath, [sshTrustFile, "completion", "--complete", "zsh", "--", "ssh", "w"], {
      env: { ...env, XDG_STATE_HOME: file("broken") },
    });
    expect(ran.all).toBe("");
    expect(Date.now() - begun).toBeLessThan(10_000);
  });

  test("what is remembered is the person's alone, and has no secret", async () => {
    expect((await stat(join(state(), "names.json"))).mode & 0o777).toBe(0o600);
    const kept: unknown = JSON.parse(await readFile(join(state(), "names.json"), "utf8"));
    expect(kept).toEqual({
      schema: 1,
      fleets: [
        {
          server: "https://vault.example.org:8200",
          groups: expect.any(Array),
          rules: [{ name: "platform-web", on: "web", as: ["deploy", "ops"] }],
        },
      ],
      hosts: ["web-1.example.org", "db-1.example.org"],
    });
  });
});

test("bash, by its own variables", async () => {
  const script = [
    "source <(ssh-trust completion bash)",
    'ask() { COMP_LINE=$1 COMP_POINT=${#1}; _ssh_trust ssh-trust "$2"; printf \'%s,\' "${COMPREPLY[@]}"; echo; }',
    // The line, and what of it bash will replace.
    ...[
      ["ssh-trust ho", "ho"],
      ["ssh-trust ssh deploy@web", "@web"],
      ["ssh-trust ssh deploy@", "@"],
      ["ssh-trust host list --format=j", "j"],
      ["ssh-trust sign some", "some"],
      ["ssh-trust nothing ", ""],
    ].map(([line, word]) => `ask '${line ?? ""}' '${word ?? ""}'`),
  ].join("\n");
  const { stdout, stderr } = await run("bash", ["--norc", "-c", script], {
    cwd: home,
    env: { ...env, PATH: [file("bin"), process.env["PATH"]].join(delimiter) },
  });
  expect({ lines: stdout.split("\n"), stderr }).toEqual({
    lines: ["host,hosts,", "@web-1.example.org,", "@web-1.example.org,@www.example.org,", "json,", "some-key.pub,", ","],
    stderr: "",
  });
});

/** How each is started without anybody's own settings, and learns of the script. */
const shells = [
  ["bash", ["--norc", "--noprofile", "-i"], "source <(ssh-trust completion bash)"],
  ["zsh", ["-f", "-i"], "autoload -Uz compinit; compinit -u -D; source <(ssh-trust completion zsh)"],
  ["fish", ["--no-config", "-i"], "ssh-trust completion fish | source"],
] as const;

describe.each(shells)("%s, at a terminal", (shell, args, learn) => {
  const isHere = async () => (await run("sh", ["-c", `command -v ${shell}`])).exit === 0;

  /** @returns what `ssh-trust` was called with, when somebody has pressed tab behind this line, and then return */
  async function typed(line: string): Promise<readonly string[]> {
    await rm(file("typed"), { force: true });
    const terminal = spawn("script", ["-qec", `stty cols 200; exec ${[shell, ...args].join(" ")}`, "/dev/null"], {
      cwd: home,
      env: {
        ...process.env,
        ...env,
        PATH: [file("bin"), process.env["PATH"]].join(delimiter),
        TERM: "xterm",
        PS1: "$ ",
        LC_ALL: "C",
      },
      stdio: ["pipe", "pipe", "inherit"],
    });
    let shown = "";
    terminal.stdout.setEncoding("utf8").on("data", (text: string) => (shown += text));
    const ended = once(terminal, "close");
    const said = (what: string) => until(`${shell} to say ${what}`, 20, () => Promise.resolve(shown.includes(what)), 20);
    terminal.stdin.write(`${learn}; echo rea''dy\r`);
    await said("ready");
    shown = "";
    terminal.stdin.write(`${line}\t`);
    // The word is whole, and then it is sent.
    await until("the completion", 20, () => Promise.resolve(shown.length > line.length), 20);
    terminal.stdin.write("\r");
    await until(
      `ssh-trust to be called (${shell})`,
      20,
      () =>
        stat(file("typed")).then(
          () => true,
          () => false,
        ),
      20,
    );
    terminal.stdin.write("exit\r");
    await ended;
    return (await readFile(file("typed"), "utf8")).split("\n").slice(0, -1);
  }

  test.each([
    ["ssh-trust known", ["known-hosts"]],
    ["ssh-trust host sh", ["host", "show"]],
    ["ssh-trust ssh deploy@web", ["ssh", "deploy@web-1.example.org"]],
    ["ssh-trust host show db", ["host", "show", "db-1.example.org"]],
    ["ssh-trust sign some", ["sign", "some-key.pub"]],
    ["ssh-trust known-hosts --por", ["known-hosts", "--port"]],
  ])("%s", async (line, words) => {
    if (!(await isHere())) {
      process.stdout.write(`skipped: there is no ${shell} on this machine (apt-get install ${shell})\n`);
      return;
    }
    expect(await typed(line)).toEqual(words);
  });
});
