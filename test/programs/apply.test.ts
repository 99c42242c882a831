/** `ssh-trust apply` where no server is asked: the command in a folder with a fleet file. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { fleetText } from "../support/fleet.js";
import { sshTrustInHost } from "../support/in-host.js";
import type { Ran } from "../support/project.js";

jest.setTimeout(180_000);
const address = "https://vault.example.org:8200";
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-apply-"));
  await writeFile(join(folder, "ssh-trust.yaml"), fleetText(address));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const apply = (args: string, env: Record<string, string> = {}): Promise<Ran> =>
  sshTrustInHost(["apply", ...args.split(" ")], { cwd: folder, env: { VAULT_ADDR: "", ...env } });

describe("a policy goes to Vault's own command, which has to be told the server", () => {
  const told = "before the vault command writes it, tell it the server: export VAULT_ADDR=";
  test.each([
    ["no server is set", "", {}, `${told}${address}`],
    ["another one is", "", { VAULT_ADDR: "https://other" }, `${told}${address}`],
    ["--vault says where it is reached", " --vault http://127.0.0.1:1", { VAULT_ADDR: address }, `${told}http://127.0.0.1:1`],
    ["it knows it already", "", { VAULT_ADDR: address }, ""],
  ])("%s", async (_what, more, env, stderr) => {
    const printed = await apply(`--print-policy operator${more}`, env);
    expect(printed).toMatchObject({ exit: 0, stdout: expect.stringContaining('path "sys/mounts/host-ssh"'), stderr });
  });
});
