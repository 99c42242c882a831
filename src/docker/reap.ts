/** Removing all that the project made in the engine. It goes by label, so it finds also what a killed run left behind. */
import { lab } from "../settings.js";
import { unlessDone, type Engine } from "./engine.js";

export interface Reaped {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly images: readonly string[];
}

/** Removes the containers, then the networks, then the images that carry the project's label; nothing else. */
export async function reap(engine: Engine): Promise<Reaped> {
  const filters = { label: [lab.label] };
  const containers: string[] = [];
  for (const { Id, Names } of await engine.listContainers({ all: true, filters })) {
    await unlessDone(engine.getContainer(Id).remove({ force: true, v: true }));
    containers.push(Names[0]?.replace(/^\//, "") ?? Id);
  }
  const networks: string[] = [];
  for (const { Id, Name } of await engine.listNetworks({ filters })) {
    const network = engine.getNetwork(Id);
    const joined = (await network.inspect()) as { Containers?: Record<string, unknown> };
    for (const guest of Object.keys(joined.Containers ?? {})) {
      await unlessDone(network.disconnect({ Container: guest, Force: true }));
    }
    await unlessDone(network.remove());
    networks.push(Name);
  }
  return { containers, networks, images: await reapImages(engine) };
}

async function reapImages(engine: Engine): Promise<string[]> {
  const removed: string[] = [];
  // An image that others are built on cannot go first: newest first, once more for what was in the way.
  for (let pass = 1; pass <= 2; pass++) {
    const images = await engine.listImages({ all: false, filters: { label: [lab.label] } });
    for (const { Id, RepoTags } of images.sort((a, b) => b.Created - a.Created)) {
      for (const tag of RepoTags?.filter((name) => name !== "<none>:<none>") ?? []) {
        await unlessDone(engine.getImage(tag).remove());
        removed.push(tag);
      }
      await unlessDone(engine.getImage(Id).remove({ force: true })).catch(() => undefined);
    }
  }
  return removed;
}
