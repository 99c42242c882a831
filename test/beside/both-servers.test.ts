/** HashiCorp Vault and OpenBao, from the same commands: the whole story once more, with the server it did not run with. */
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { bobAndAlice } from "../../lab/chapters/bob-and-alice.js";
import { changedHostKey } from "../../lab/chapters/changed-host-key.js";
import { collectedKeys } from "../../lab/chapters/collected-keys.js";
import { firstContact } from "../../lab/chapters/first-contact.js";
import { fiveExperiments } from "../../lab/chapters/five-experiments.js";
import { storyOf } from "../../lab/chapters/index.js";
import { likeTls } from "../../lab/chapters/like-tls.js";
import { silent } from "../../src/ground/progress.js";
import { readLabSettings } from "../../lab/settings/lab.js";
import { fetchHashicorpVault } from "../../lab/toolchain/go-programs.js";
import { taskInHost as task } from "../support/in-host.js";
import { docker, labNames, task as taskProcess } from "../support/project.js";
import { lab } from "../support/cloud.js";

const built = "ssh-trust-test-server:latest";
let image: string;
let marker: RegExp;

/** An image of the server that the lab did not take for itself: pulled, or built where nothing can be pulled. */
async function otherServer(): Promise<string> {
  const { vaultImage, baseImage } = JSON.parse(await readFile(join(lab.settings.labDir, "toolchain.json"), "utf8")) as Record<
    string,
    string
  >;
  const labRunsOpenBao = /^(openbao|ssh-trust[^/]*)\//.test(vaultImage ?? "");
  marker = labRunsOpenBao ? /empty valid principals not allowed by role/ : /no principals specified/;
  const pulled = labRunsOpenBao ? "hashicorp/vault:1.21" : "openbao/openbao:2";
  if ((await docker("pull", "--quiet", pulled)).exit === 0) return pulled;
  expect(labRunsOpenBao).toBe(true); // OpenBao cannot be pulled, though Vault could: there is nothing to build it from here
  const { binary } = await fetchHashicorpVault(readLabSettings(), silent);
  const context = await mkdtemp(join(tmpdir(), "ssh-trust-"));
  await copyFile(binary, join(context, "vault"));
  await writeFile(join(context, "Dockerfile"), `FROM ${baseImage ?? ""}\nCOPY vault /usr/local/bin/vault\n`);
  const made = await docker("build", "-q", "-t", built, context);
  await rm(context, { recursive: true });
  expect(made).toMatchObject({ exit: 0 });
  return built;
}

beforeAll(async () => {
  image = await otherServer();
  await task("stop-vault");
}, 900_000);

afterAll(async () => {
  await task("stop-vault");
  await docker("rmi", "-f", built);
  expect((await task("prepare")).exit).toBe(0);
}, 300_000);

/** Chapters that ask Vault nothing are the same with every server. */
const withoutVault = [firstContact, bobAndAlice, changedHostKey, fiveExperiments, collectedKeys, likeTls].map(
  (chapter) => chapter(labNames).title,
);
const asking = storyOf(labNames)
  .flatMap(({ title }, index) => (withoutVault.includes(title) ? [] : [String(index + 1)]))
  .join(",");

test("every claim of a chapter that asks Vault is seen with the other server too", async () => {
  const { all, exit } = await taskProcess("walkthrough", ["--yes", "--chapter", asking], { VAULT_IMAGE: image });
  // What was not seen, with the step before it: all of the output is more than jest shows.
  const lines = all.split("\n");
  const missed = lines.flatMap((line, at) => (line.trim().startsWith("✗") ? lines.slice(Math.max(0, at - 12), at + 4) : []));
  const last = exit === 0 ? "" : lines.slice(-20).join("\n"); // where a step stood until it was ended
  expect({ exit, missed: missed.join("\n"), last }).toEqual({ exit: 0, missed: "", last: "" });
  const [, seen, of] = /what was seen: (\d+) of (\d+)/.exec(all) ?? [];
  expect(Number(of)).toBeGreaterThan(60);
  expect(seen).toBe(of);
  expect(all).toMatch(marker); // each server has words of its own for this refusal
}, 1_800_000);

test("generating, applying again and losing the state leave its CA as it is", async () => {
  const env = { VAULT_IMAGE: image };
  const ca = async () => (await (await fetch(`${lab.vault.address}/v1/user-ssh/public_key`)).text()).trim();
  const before = await ca();
  expect((await task("generate-user-signing-key", [], env)).all).toContain("was there already and stays");
  await rm(join(lab.settings.labDir, "terraform/stacks/user-ssh/terraform.tfstate"));
  expect((await task("terraform-apply-ssh-with-trusted-user-ca", [], env)).all).toContain("2 taken over");
  expect((await task("terraform-apply-ssh-with-trusted-user-ca", [], env)).all).toContain("nothing to change");
  expect(await ca()).toBe(before);
  expect(before).toMatch(/^ssh-ed25519 /);
}, 300_000);
