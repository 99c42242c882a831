/** Large programs get into an image through the project's folder: linked there for the time of a build. */
import { copyFile, link, mkdir, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { LabSettings } from "../settings/lab.js";

/** @param place where the Dockerfile finds it, below the project's folder; its folder goes too, once nothing else is in it */
export async function withInContext<T>(
  settings: LabSettings,
  binary: string,
  place: string,
  build: () => Promise<T>,
): Promise<T> {
  const inContext = join(settings.root, place);
  await mkdir(dirname(inContext), { recursive: true });
  await rm(inContext, { force: true });
  await link(binary, inContext).catch(() => copyFile(binary, inContext));
  try {
    return await build();
  } finally {
    await rm(inContext, { force: true });
    await rmdir(dirname(inContext)).catch(() => undefined);
  }
}
