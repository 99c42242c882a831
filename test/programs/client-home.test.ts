/** The small programs of the walkthrough with which it plays several people: each at a machine of their own, with a phone. */
import { access, mkdtemp, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { makeClientHome, type ClientHome } from "../../lab/runner/client-home.js";
import { readLabSettings } from "../../lab/settings/lab.js";
import { run } from "../support/project.js";
import { codeOf } from "../support/totp.js";

let labDir: string;
let home: ClientHome;
const env = { SSH_TRUST_LAB: "client-home", PATH: process.env["PATH"] };
const typed = (command: string, more: Record<string, string> = {}) =>
  run("bash", ["-c", command], { cwd: labDir, env: { ...home.env, ...more } });

beforeAll(async () => {
  labDir = await mkdtemp(join(tmpdir(), "ssh-trust-"));
  home = await makeClientHome({ ...readLabSettings(env), labDir });
});
afterAll(async () => {
  home[Symbol.dispose]();
  await rm(labDir, { recursive: true });
});

describe("as", () => {
  test("a home and a folder in memory for each, which only they can enter", async () => {
    const places = async (name: string) => (await typed(`as ${name} sh -c 'echo "$HOME $XDG_RUNTIME_DIR"'`)).stdout.split(" ");
    const [bob, carol] = [await places("bob"), await places("carol")];
    expect(bob).toEqual([join(labDir, "people/bob"), expect.stringMatching(/^\/dev\/shm\/ssh-trust-lab-\d+-client-home\/bob$/)]);
    expect(carol).not.toContain(bob[1]);
    for (const folder of [...bob, ...carol]) expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  test("nobody's token, desktop or terminal; arguments, input and exit status as they are", async () => {
    const theirs = { VAULT_TOKEN: "s.x", BAO_TOKEN: "s.x", SSH_TRUST_JWT: "x", DISPLAY: ":0" };
    const { stdout } = await typed("as bob env", theirs);
    for (const name of Object.keys(theirs)) expect(stdout).not.toMatch(RegExp(`^${name}=`, "m"));
    expect((await typed("as bob sh -c ': </dev/tty'")).exit).not.toBe(0);
    const ran = await typed(`echo input | as bob sh -c 'cat; printf "<%s>" "$@"; exit 7' sh "a b" "*"`);
    expect(ran).toMatchObject({ exit: 7, stdout: "input\n<a b><*>" });
  });

  test("what is in memory goes with the walkthrough", async () => {
    const settings = { ...readLabSettings({ ...env, SSH_TRUST_LAB: "client-home-2" }), labDir: join(labDir, "2") };
    let memory: string;
    {
      using other = await makeClientHome(settings);
      const command = `as bob sh -c 'touch "$XDG_RUNTIME_DIR/token"; echo "$XDG_RUNTIME_DIR"'`;
      memory = (await run("bash", ["-c", command], { env: other.env })).stdout;
    }
    expect(memory).toMatch(/client-home-2\/bob$/);
    await expect(access(join(memory, ".."))).rejects.toMatchObject({ code: "ENOENT" });
  });
});

test("the phone shows a code of the second factor, and none twice", async () => {
  const otpauth = "otpauth://totp/x:bob?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA1&digits=6&period=1";
  const file = join(labDir, "factor");
  await writeFile(file, `${otpauth}\n`, { mode: 0o600 });
  await utimes(file, new Date(0), new Date(0));
  const codes: string[] = [];
  for (let time = 0; time < 2; time++) {
    codes.push((await typed("phone factor")).stdout);
    expect(codes.at(-1)).toBe(codeOf(otpauth, (await stat(file)).mtime));
  }
  expect(new Set(codes).size).toBe(2);
});
