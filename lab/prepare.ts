/** `prepare`: the toolchain found or fetched, Alice's and Bob's keys, the images. A second run finds it all there. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../src/ground/atomic-file.js";
import type { Engine } from "./docker/engine.js";
import { refuseTakenLab } from "./docker/taken.js";
import { imageId, isBuilt, pullImage } from "./docker/images.js";
import { fail, isFailure } from "./errors/catalogue.js";
import { generateKeyPair } from "../src/ssh/key-pair.js";
import { renderCliConfig } from "../src/toolchain/cli-config.js";
import { installDocker } from "./toolchain/docker.js";
import { startDockerd } from "./toolchain/dockerd.js";
import { resolveClients } from "./toolchain/clients.js";
import { resolveToolchain } from "./toolchain/find-toolchain.js";
import { fetchOpenBao } from "./toolchain/openbao.js";
import { describePart } from "../src/toolchain/part.js";
import type { ToolchainOptions } from "../src/toolchain/toolchain-options.js";
import { withInContext } from "./toolchain/build-context.js";
import { build, ensureBase } from "./base-image.js";
import { inContext, machineImages, ownVaultImage, pulledVaultImages } from "./images.js";
import type { Lab } from "./lab.js";
import { privateKeyOf } from "./tutorial/people.js";
import { askedFor, cliConfigOf, readToolchainRecord, writeToolchainRecord, type ToolchainRecord } from "./toolchain/record.js";
import { people } from "./story.js";
import { debian } from "./toolchain/versions.js";
import { waitUntil } from "../src/ground/wait.js";
import { exists } from "../src/toolchain/cache.js";

/** Whether all is there that the tasks need. */
export async function isPrepared(lab: Lab): Promise<boolean> {
  const record = await readToolchainRecord(lab.settings);
  if (record === undefined || !(await exists(record.terraform.binary))) return false;
  const engine = await lab.engine().catch((error: unknown) => {
    // Preparing starts an engine where it may; elsewhere it says the same once more.
    if (isFailure(error, "DOCKER_DOWN") && lab.settings.mayInstall) return undefined;
    throw error;
  });
  if (engine === undefined) return false;
  await refuseTakenLab(engine);
  const built = await Promise.all(
    machineImages(lab.names, record.baseImage).map((spec) => isBuilt(engine, lab.settings.root, spec)),
  );
  return built.every(Boolean) && (await imageId(engine, record.vaultImage)) !== undefined;
}

type Images = Pick<ToolchainRecord, "baseImage" | "vaultImage" | "vaultChecksum">;

/** @param options where Go programs are built */
export async function prepare(lab: Lab, options: Pick<ToolchainOptions, "workshop"> = {}): Promise<void> {
  const { settings, progress } = lab;
  await mkdir(settings.labDir, { recursive: true }); // first of all: it says that this lab is at work
  for (const client of await resolveClients(settings, progress)) progress.say(describePart(client));
  const engine = await engineOrInstall(lab);
  await refuseTakenLab(engine);
  await makeKeys(lab);
  // Where they are built, Terraform and its provider take the processors for minutes, and images mostly the network.
  const [{ terraform, provider }, images] = await Promise.all([
    resolveToolchain(settings, progress, options),
    makeImages(lab, engine),
  ]);
  for (const part of [terraform, provider]) progress.say(describePart(part));
  await writeFileAtomically(cliConfigOf(settings), renderCliConfig(provider.mirror), 0o644);
  await writeToolchainRecord(settings, {
    schema: 1,
    ...images,
    asked: askedFor(settings),
    terraform: { binary: terraform.binary, name: terraform.name, version: terraform.version },
  });
  progress.say("prepared");
}

async function makeImages(lab: Lab, engine: Engine): Promise<Images> {
  const baseImage = await ensureBase(lab, engine, debian.suite);
  const vault = await ensureVaultImage(lab, engine, baseImage);
  for (const spec of machineImages(lab.names, baseImage)) await build(lab, engine, spec);
  return { baseImage, ...vault };
}

async function engineOrInstall(lab: Lab): Promise<Engine> {
  const { settings, progress } = lab;
  let engine: Engine;
  try {
    engine = await lab.engine();
  } catch (error) {
    if (!isFailure(error, "DOCKER_DOWN") || !settings.mayInstall || settings.dockerHost !== undefined) throw error;
    progress.say(describePart(await installDocker(settings, progress)));
    const log = join(settings.cacheDir, "dockerd.log");
    const how = await startDockerd(settings, log);
    engine = await progress.during("waiting for Docker", () => awaitEngine(lab));
    progress.say(`docker engine: ${how === "started" ? `started; it stays, and writes to ${log}` : how}`);
  }
  const { Version } = await engine.version();
  progress.say(`docker ${Version}  found ${settings.dockerHost ?? "the default socket"}`);
  return engine;
}

/** @throws what the last look said, where a minute was not enough */
async function awaitEngine(lab: Lab): Promise<Engine> {
  const answers = () =>
    lab.engine().then(
      () => true,
      () => false,
    );
  await waitUntil(answers, { seconds: 60, every: 200, signal: lab.signal });
  return lab.engine();
}

async function makeKeys(lab: Lab): Promise<void> {
  await mkdir(lab.settings.keysDir, { recursive: true, mode: 0o700 });
  for (const person of people) {
    const path = privateKeyOf(lab.settings, person);
    const outcome = await generateKeyPair({ path, type: "rsa", bits: 3072, comment: person });
    if (outcome !== "kept") lab.progress.say(`${lab.names.keys}/${person}_id_rsa: ${outcome}`);
  }
}

async function ensureVaultImage(lab: Lab, engine: Engine, base: string): Promise<{ vaultImage: string; vaultChecksum?: string }> {
  const { progress, settings } = lab;
  const asked = settings.vault.image;
  const candidates = asked === undefined ? pulledVaultImages : [asked];
  for (const tag of candidates) {
    const here = (await imageId(engine, tag)) !== undefined;
    if (here) progress.say(`vault image  found ${tag}`);
    if (here) return { vaultImage: tag };
  }
  const record = await readToolchainRecord(settings);
  const known = record?.vaultChecksum;
  if (asked === undefined && record !== undefined && known !== undefined) {
    const spec = ownVaultImage(lab.names, base, known);
    if (record.baseImage === base && (await isBuilt(engine, settings.root, spec))) {
      progress.say(`vault image  found ${spec.tag}`);
      return { vaultImage: spec.tag, vaultChecksum: known };
    }
  }
  for (const tag of candidates) {
    if (!(await progress.during(`pulling ${tag}`, (detail) => pullImage(engine, tag, detail)))) continue;
    progress.say(`vault image  pulled ${tag}`);
    return { vaultImage: tag };
  }
  if (asked !== undefined) throw fail("IMAGE_MISSING", { image: asked });
  return buildOwnVaultImage(lab, engine, base);
}

async function buildOwnVaultImage(
  lab: Lab,
  engine: Engine,
  base: string,
): Promise<{ vaultImage: string; vaultChecksum: string }> {
  const { progress, settings } = lab;
  const openBao = await fetchOpenBao(settings, progress);
  progress.say(describePart(openBao));
  const spec = ownVaultImage(lab.names, base, `${openBao.name} ${openBao.version}`);
  await withInContext(settings, openBao.binary, inContext(lab.names, "bao"), () => build(lab, engine, spec));
  return { vaultImage: spec.tag, vaultChecksum: `${openBao.name} ${openBao.version}` };
}
