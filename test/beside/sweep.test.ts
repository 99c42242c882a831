/** What an interrupted `npm test` takes away: all that its tests started, and nothing of anybody else's. The last of these files. */
import { mkdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { sweptAfter } from "../../tools/sweep.js";
import { otherCheckouts, testLabel } from "../../tools/test-labels.js";
import { lab } from "../support/cloud.js";
import { docker, labNames, root, succeeds, task } from "../support/project.js";

const image = labNames.image("sshd");
/** Without the label of tests: `docker` of these tests would add it. */
const create = (name: string, ...labels: string[]) =>
  execa("docker", ["create", "--name", name, ...labels.flatMap((each) => ["--label", each]), image]);
const isThere = async (name: string) => (await docker("inspect", name)).exit === 0;

const own = "ssh-trust-test-own";
const bystander = "ssh-trust-test-bystander-of-sweep";
const ofTheOtherLab = "ssh-trust-test-of-the-other-lab";
const elsewhere = "ssh-trust-test-elsewhere";

beforeAll(async () => {
  await succeeds(task("start-vault"));
  await docker("create", "--name", own, image);
  await create(bystander);
  await create(ofTheOtherLab, testLabel(root, "default"));
  await create(elsewhere, `io.ssh-trust.lab.checkout=${otherCheckouts(root)}abc/checkout`);
}, 300_000);
afterAll(async () => {
  await docker("rm", "-f", own, bystander, ofTheOtherLab, elsewhere);
  // The last lab that is cleaned takes the compiled programs along, and the fleet's tests, which have no lab, may be at work.
  const atWork = join(root, ".lab-at-work");
  await mkdir(atWork, { recursive: true });
  await task("clean"); // images could not go before them
  await rmdir(atWork);
}, 180_000);

test("the lab, its tests' containers and those of their other checkouts go, though the work fails; the rest stays", async () => {
  const { signal } = new AbortController();
  await expect(sweptAfter([lab], signal, () => Promise.reject(new Error("interrupted")))).rejects.toThrow("interrupted");
  const there = async (...names: string[]) => Promise.all(names.map(isThere));
  expect(await there(labNames.container("vault"), own, elsewhere)).toEqual([false, false, false]);
  expect(await there(bystander, ofTheOtherLab)).toEqual([true, true]);
}, 180_000);
