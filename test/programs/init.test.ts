/** `ssh-trust init` as a person types it: the real command, at a terminal and without one. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { fleetJsonSchema } from "../../src/fleet/json-schema.js";
import { readFleetFile } from "../../src/fleet/read-fleet-file.js";
import { sshTrustInHost } from "../support/in-host.js";
import { run, sshTrustFile, type Ran } from "../support/project.js";

jest.setTimeout(180_000);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-init-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const vault = "--vault https://vault.example.org:8200";
const all = `${vault} --domain example.org --yes`;
const init = (args: string, options: { env?: Record<string, string>; input?: string } = {}): Promise<Ran> =>
  sshTrustInHost(["init", ...args.split(" ").filter((word) => word !== "")], { cwd: folder, ...options });
const found = async () => (await readdir(folder)).sort();

describe("without a terminal", () => {
  test("it writes a file that can be read, its schema, and what comes next", async () => {
    const { exit, stdout, stderr } = await init(`${all} --domain example.net`);
    expect({ exit, stdout, stderr }).toEqual({
      exit: 0,
      stdout: "ssh-trust.yaml",
      stderr: expect.stringMatching(/^next: .*\n {2}(npx )?ssh-trust apply --plan$/),
    });
    expect(await found()).toEqual([".ssh-trust", "ssh-trust.yaml"]);
    expect(await readFleetFile(join(folder, "ssh-trust.yaml"))).toMatchObject({
      vault: "https://vault.example.org:8200",
      domains: ["example.org", "example.net"],
    });
    expect(JSON.parse(await readFile(join(folder, ".ssh-trust/schema.json"), "utf8"))).toEqual(fleetJsonSchema());
    expect(await readFile(join(folder, ".ssh-trust/.gitignore"), "utf8")).toBe("*\n");
    expect((await stat(join(folder, "ssh-trust.yaml"))).mode & 0o777).toBe(0o644);
  });

  test("in another folder, under another name", async () => {
    await mkdir(join(folder, "a b"));
    const { exit, stdout, stderr } = await run(
      process.execPath,
      [sshTrustFile, "init", ...all.split(" "), "--file", "a b/fleet.yaml"],
      { cwd: folder },
    );
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: "a b/fleet.yaml" });
    expect(stderr).toContain("apply --plan --file 'a b/fleet.yaml'");
    expect((await readdir(join(folder, "a b"))).sort()).toEqual([".ssh-trust", "fleet.yaml"]);
  });

  test("twice: what is there stays", async () => {
    await init(all);
    await writeFile(join(folder, "ssh-trust.yaml"), "mine");
    const { exit, stdout, stderr } = await init(all);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: "" });
    expect(stderr).toMatch(
      /^ssh-trust: error: ssh-trust\.yaml already exists, and is never overwritten {2}\[FLEET_FILE_EXISTS\]\nssh-trust: hint: .*init --vault \S+ --file <file>$/,
    );
    expect(await readFile(join(folder, "ssh-trust.yaml"), "utf8")).toBe("mine");
  });

  test.each<[what: string, make: () => Promise<unknown>]>([
    ["an empty file", () => writeFile(join(folder, "ssh-trust.yaml"), "")],
    ["a folder", () => mkdir(join(folder, "ssh-trust.yaml"))],
    ["a link to nothing", () => symlink("nowhere", join(folder, "ssh-trust.yaml"))],
  ])("%s is not overwritten either", async (_what, make) => {
    await make();
    expect(await init(all)).toMatchObject({ exit: 1, stderr: expect.stringContaining("[FLEET_FILE_EXISTS]") });
    expect(await found()).toEqual(["ssh-trust.yaml"]);
  });

  test.each<[args: string, problem: string]>([
    ["", "there is no terminal to ask at; add --vault <address> --domain <domain> --yes"],
    [`${vault} --domain example.org`, "there is no terminal to ask at; add --yes"],
    ["--yes --domain example.org", "there is no terminal to ask at; add --vault <address>"],
    [`--yes ${vault}`, "there is no terminal to ask at; add --domain <domain>"],
    [
      "--yes --vault vault.example.org --domain example.org",
      '--vault: "vault.example.org" is not an address; write it as https://',
    ],
    ["--yes --vault http://vault.example.org --domain example.org", '--vault: "http://vault.example.org" is not https'],
    [`${all} --file -`, '--file: "-" is not a file\'s name; write one, such as ssh-trust.yaml'],
    [`${all} --file=`, '--file: "" is not a file\'s name; write one, such as ssh-trust.yaml'],
    ["--yes --vault https://v/ui --domain example.org", '--vault: "https://v/ui" has more than host and port'],
    [`${all} --domain org`, '--domain: "example.org" is below "org"'],
    [`--yes ${vault} --domain co.uk`, '--domain: "co.uk" is a public suffix'],
    [`--yes ${vault} --domain 192.0.2.1`, '--domain: "192.0.2.1" is an address of a host'],
    [`${all} --domain example.org`, '--domain: "example.org" is given twice'],
    [`${all} --domain a.example.org`, '--domain: "a.example.org" is below "example.org"'],
    [`${all} --force`, "unknown option '--force'"],
    [`${all} other.yaml`, 'too many arguments: "other.yaml"'],
  ])("refused, and nothing is written: %s", async (args, problem) => {
    const { exit, stdout, stderr } = await init(args, { input: "y\ny\ny\n" });
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
    expect(stderr).toContain(`ssh-trust: error: ${problem}`);
    expect(stderr).toContain("[USAGE]");
    expect(await found()).toEqual([]);
  });

  test("a folder that cannot be, as a file is in its place", async () => {
    await writeFile(join(folder, "nowhere"), "");
    expect(await init(`${all} --file nowhere/ssh-trust.yaml`)).toMatchObject({
      exit: 1,
      stdout: "",
      stderr: expect.stringContaining("[FILE_NOT_WRITTEN]"),
    });
  });

  test("a file where the schema's folder has to be: no fleet file is written", async () => {
    await writeFile(join(folder, ".ssh-trust"), "");
    const { exit, stdout, stderr } = await init(all);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: "" });
    expect(stderr).toMatch(/^ssh-trust: error: .*\.ssh-trust/);
    expect(await found()).toEqual([".ssh-trust"]);
  });

  test("a folder that may not be written to", async () => {
    await chmod(folder, 0o555);
    // To root no folder is read-only; without its power to override, it is one like others.
    const asOthers = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"] : [];
    const [program = "", ...args] = [...asOthers, process.execPath, sshTrustFile, "init", ...all.split(" ")];
    const { exit, stderr } = await run(program, args, { cwd: folder });
    await chmod(folder, 0o755);
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining("[FILE_NOT_WRITTEN]") });
    expect(await found()).toEqual([]);
  });
});

describe("at a terminal", () => {
  /** Types an answer at each question. @returns what the terminal shows, and the exit status */
  async function atTerminal(args: string, answers: readonly (readonly [question: string, answer: string])[]) {
    const command = [process.execPath, sshTrustFile, "init", args].join(" ");
    const terminal = spawn("script", ["-qec", command, "/dev/null"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    const left = [...answers];
    let shown = "";
    let seen = 0;
    terminal.stdout.setEncoding("utf8").on("data", (text: string) => {
      shown += text;
      const [next] = left;
      if (next === undefined || !shown.slice(seen).includes(next[0])) return;
      left.shift();
      seen = shown.length;
      terminal.stdin.write(next[1]);
    });
    await once(terminal, "close");
    return { shown, exit: terminal.exitCode, unasked: left.map(([question]) => question) };
  }

  test("it asks for what is missing, shows what it will write, and writes it", async () => {
    const answers = [
      ["Vault's address", "vault.example.org\r"],
      ["once more", "https://vault.example.org/\r"],
      ["the domain of the hosts", "example.org, example.net\r"],
      ["[y/N]", "y\r"],
    ] as const;
    const { shown, exit, unasked } = await atTerminal("", answers);
    expect({ exit, unasked }).toEqual({ exit: 0, unasked: [] });
    expect(shown.indexOf("domains: [example.org, example.net]")).toBeLessThan(shown.indexOf("write this to ssh-trust.yaml?"));
    expect(await readFleetFile(join(folder, "ssh-trust.yaml"))).toMatchObject({
      vault: "https://vault.example.org",
      domains: ["example.org", "example.net"],
    });
  });

  test.each(["\r", "n\r", "\u0004"])("%j is no: nothing is written", async (answer) => {
    const { shown, exit } = await atTerminal(`${vault} --domain example.org`, [["[y/N]", answer]]);
    expect(shown).toContain("nothing was written");
    expect(exit).toBe(1);
    expect(await found()).toEqual([]);
  });

  test("whoever does not answer is told what to give", async () => {
    const { shown, exit } = await atTerminal("", [["Vault's address", "\u0004"]]);
    expect(shown).toContain("--vault <address> is missing");
    expect(exit).toBe(2);
    expect(await found()).toEqual([]);
  });

  test("after three answers that cannot be taken, it says what was wrong with the last", async () => {
    const { shown, exit, unasked } = await atTerminal(vault, [
      ["the domain of the hosts", "org\r"],
      ["once more", "co.uk\r"],
      ["once more", "192.0.2.1\r"],
    ]);
    expect({ exit, unasked }).toEqual({ exit: 2, unasked: [] });
    expect(shown).toContain('--domain <domain>: "192.0.2.1" is an address of a host');
    expect(await found()).toEqual([]);
  });

  test("with --yes and all that is needed, it asks nothing", async () => {
    expect(await atTerminal(all, [])).toMatchObject({ exit: 0 });
    expect(await found()).toEqual([".ssh-trust", "ssh-trust.yaml"]);
  });
});
