/** The host of commands that most tests use: what it says of a call is what a process says of it, however often it is called. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execa } from "execa";
import { fleetText } from "../support/fleet.js";
import { sshTrustInHost, taskInHost } from "../support/in-host.js";
import { run, sshTrustFile, task, type Ran } from "../support/project.js";

jest.setTimeout(180_000);

const nobody = { VAULT_ADDR: "", BAO_ADDR: "", VAULT_TOKEN: "s.none", VAULT_NAMESPACE: "" };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-called-"));
  await writeFile(join(folder, "ssh-trust.yaml"), fleetText("https://127.0.0.1:1"));
  await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "key"], { cwd: folder });
  await writeFile(join(folder, "mistakes.yaml"), "vault: x\nhosts: { web: 1 }\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const inHost = (args: string, env: Record<string, string> = {}, cwd = folder) =>
  sshTrustInHost(args.split(" "), { cwd, env: { ...nobody, ...env } });
const inProcess = (args: string, env: Record<string, string> = {}, cwd = folder) =>
  run(process.execPath, [sshTrustFile, ...args.split(" ")], { cwd, env: { ...nobody, ...env } });

const calls: readonly (readonly [what: string, args: string, exit: number, env?: Record<string, string>])[] = [
  ["a version", "--version", 0],
  ["the help of all", "--help", 0],
  ["the help of a group", "host --help", 0],
  ["the help of a verb", "apply --help", 0],
  ["no verb", "host", 2],
  ["a verb that is mistyped", "appyl --plan", 2],
  ["an option that is mistyped", "apply --plna", 2],
  ["an option without its value", "host list --format", 2],
  ["options that contradict each other", "host remove web-1.example.org --silent-for 30d", 2],
  ["a policy", "apply --print-policy operator", 0],
  ["a file with mistakes", "apply --plan --file mistakes.yaml", 1],
  ["a file that is missing", "apply --plan --file nowhere.yaml", 1],
  ["no server", "host list", 2],
  ["a server that does not answer", "host list", 1, { VAULT_ADDR: "https://127.0.0.1:1" }],
  ["the same, typed by npx", "host list", 1, { VAULT_ADDR: "https://127.0.0.1:1", npm_command: "exec" }],
  ["a home without a token", "host list", 1, { VAULT_ADDR: "https://127.0.0.1:1", VAULT_TOKEN: "", HOME: "/nowhere" }],
  ["a key", "inspect key.pub", 0],
  ["a key and no key", "inspect key.pub ssh-trust.yaml", 1],
  ["the same for programs", "inspect --format json key.pub", 0],
  ["a file that is there already", "init --vault https://v --domain example.org --yes", 1],
  ["Terraform's configuration", "apply --synth terraform", 0],
];

describe("one after another in the same host, twice, in both orders", () => {
  test("what is printed where, and the exit status, are a process's", async () => {
    const [first, second]: [unknown[], unknown[]] = [[], []];
    for (const [, args, , env] of calls) first.push({ args, ...(await inHost(args, env)) });
    for (const [, args, , env] of calls.toReversed()) second.unshift({ args, ...(await inHost(args, env)) });
    const processes = await Promise.all(calls.map(async ([, args, , env]) => ({ args, ...(await inProcess(args, env)) })));
    expect(processes.map(({ args, exit }) => ({ args, exit }))).toEqual(calls.map(([, args, exit]) => ({ args, exit })));
    // Both streams at once: which of two pipes is read first is not the same each time.
    const split = (all: unknown[]) => all.map((each) => ({ ...(each as object), all: undefined }));
    expect(split(first)).toEqual(split(processes));
    expect(split(second)).toEqual(split(processes));
  });

  test("Terraform's configuration is the same each time", async () => {
    const written = async (place: string, call: typeof inHost) => {
      expect(await call(`apply --synth ${place}`)).toMatchObject({ exit: 0 });
      return readFile(join(folder, place, "main.tf.json"), "utf8");
    };
    const ofProcess = await written("one", inProcess);
    for (const place of ["two", "three", "four"]) expect(await written(place, inHost)).toBe(ofProcess);
    expect(await readdir(join(folder, "four"))).toEqual(["main.tf.json"]);
  });
});

const noDocker = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };
/** What the default lab has running, other tests start and stop meanwhile. */
const nobodys = { ...noDocker, SSH_TRUST_LAB: "nobodys" };
const tasks: readonly (readonly [name: string, args: readonly string[], exit: number, env?: Record<string, string>])[] = [
  ["status", ["--help"], 0],
  ["status", [], 0, nobodys],
  ["status", ["--format", "json"], 0, nobodys],
  ["status", ["--format", "yaml"], 2],
  ["start-vault", [], 1, noDocker],
  ["start-vault", [], 2, { DOCKER_HOST: "nowhere" }],
  ["start-vault", ["--fast"], 2],
  ["sign-user-key", ["mallory"], 2],
  ["sign-user-key", [], 2, { SSH_TRUST_LAB: "another" }],
  ["cloud", ["list"], 1, nobodys],
];

test("npm tasks, too, end and print as processes do", async () => {
  const without = ({ exit, stdout, stderr }: Ran) => ({ exit, stdout, stderr });
  const hosted: unknown[] = [];
  for (const [name, args, , env] of [...tasks, ...tasks.toReversed()])
    hosted.push({ name, args, ...without(await taskInHost(name, args, env)) });
  const processes: (Pick<Ran, "exit"> & { name: string; args: readonly string[] })[] = [];
  for (const [name, args, , env] of tasks) processes.push({ name, args, ...without(await task(name, args, env)) });
  expect(processes.map(({ exit }) => exit)).toEqual(tasks.map(([, , exit]) => exit));
  expect(hosted).toEqual([...processes, ...processes.toReversed()]);
});

test("standard input is each call's own, and empty where nothing is written to it", async () => {
  const key = await readFile(join(folder, "key.pub"), "utf8");
  for (const input of [key, "", key, `# another\n${key}`]) {
    const { exit, stdout, stderr } = await run(process.execPath, [sshTrustFile, "inspect", "-"], { cwd: folder, input });
    expect(exit).toBe(input === "" ? 1 : 0);
    expect(await sshTrustInHost(["inspect", "-"], { cwd: folder, input })).toMatchObject({ exit, stdout, stderr });
  }
});

test("calls at the same time: each has its folder and its environment", async () => {
  const both = await Promise.all([
    inHost("apply --print-policy operator --file ssh-trust.yaml"),
    inHost("apply --print-policy operator --file ssh-trust.yaml", {}, "/"),
    inHost("host list", { VAULT_ADDR: "https://127.0.0.1:1" }),
    inHost("host list"),
  ]);
  expect(both.map(({ exit, stderr }) => [exit, /\[(\w+)\]/.exec(stderr)?.[1]])).toEqual([
    [0, undefined],
    [1, "FLEET_FILE_MISSING"],
    [1, "VAULT_UNREACHABLE"],
    [2, "VAULT_ADDR_MISSING"],
  ]);
});

test("what Node reads when it starts is refused: the host has started", async () => {
  await expect(inHost("host list", { NODE_OPTIONS: "--no-warnings" })).rejects.toThrow("needs a process of its own");
});
