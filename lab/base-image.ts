/** What images are built on, and the building of one. */
import { setTimeout as after } from "node:timers/promises";
import type { Engine } from "./docker/engine.js";
import { ensureImage, imageAgeInDays, importImage, pullImage, type ImageSpec } from "./docker/images.js";
import { pauseBeforeNext } from "./docker/follow.js";
import { isFailure, reasonOf } from "./errors/catalogue.js";
import { bases as basesOf } from "./images.js";
import type { Lab } from "./lab.js";
import { fetchDebianRootfs } from "./toolchain/debian-rootfs.js";
import { factsOf, type Suite } from "./toolchain/versions.js";

/** A minimal Debian of a suite: one that is here, else pulled, else made of Debian's packages. */
export async function ensureBase(lab: Lab, engine: Engine, suite: Suite): Promise<string> {
  const { progress, settings } = lab;
  const { pulled, bootstrapped } = basesOf(suite);
  const { freshForDays = Infinity } = factsOf(suite);
  for (const tag of [pulled, bootstrapped]) {
    const age = await imageAgeInDays(engine, tag);
    if (age === undefined || (tag === bootstrapped && age > freshForDays)) continue;
    progress.say(`base image  found ${tag}`);
    return tag;
  }
  if (await progress.during(`pulling ${pulled}`, (detail) => pullImage(engine, pulled, detail))) {
    progress.say(`base image  pulled ${pulled}`);
    return pulled;
  }
  const rootfs = await fetchDebianRootfs(settings, progress, suite);
  await progress.during("importing the base image", () => importImage(engine, rootfs.tar, bootstrapped));
  progress.say(`base image  ${bootstrapped}, made by ${rootfs.where}`);
  return bootstrapped;
}

/** Builds an image, unless it is here already; again where a mirror did not answer. @throws IMAGE_BUILD_FAILED */
export async function build(lab: Lab, engine: Engine, spec: ImageSpec): Promise<void> {
  const { progress, settings, signal } = lab;
  for (let tries = 1; ; tries++) {
    try {
      const outcome = await progress.during(`building the image ${spec.tag}`, (detail) =>
        ensureImage(engine, settings.root, spec, detail),
      );
      progress.say(`image ${spec.tag}  ${outcome}`);
      return;
    } catch (error) {
      if (!isFailure(error, "IMAGE_BUILD_FAILED")) throw error;
      const pause = pauseBeforeNext(error.cause, tries);
      if (pause === undefined) throw error;
      progress.say(`image ${spec.tag}  not built, trying again in ${String(pause)} s: ${reasonOf(error.cause)}`);
      await after(pause * 1000, undefined, { signal });
    }
  }
}
