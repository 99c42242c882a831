/** Removing all that the project made in the engine. It goes by label, so it finds also what a killed run left behind. */
import { reasonOf } from "../../src/errors/catalogue.js";
import { lab } from "../../src/settings.js";
import { unlessDone, type Engine } from "./engine.js";

export interface Reaped {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly images: readonly string[];
  /** What the engine would not let go, with its reason. */
  readonly left: readonly string[];
}

/** Removes the containers, then the networks, then the images that carry the project's label; nothing else. */
export async function reap(engine: Engine): Promise<Reaped> {
  // The value tells what is ours: a container that somebody made from one of our images carries the image's own.
  const ours = (kind: "container" | "network" | "image") => ({ label: [`${lab.label}=${kind}`] });
  const left: string[] = [];
  /** Removes one thing; a refusal is noted, and the rest goes on. */
  const remove = async (what: string, work: () => Promise<unknown>): Promise<string[]> => {
    try {
      await unlessDone(work());
      return [what];
    } catch (error) {
      left.push(`${what}: ${reasonOf(error)}`);
      return [];
    }
  };

  const containers: string[] = [];
  for (const { Id, Names } of await engine.listContainers({ all: true, filters: ours("container") })) {
    const name = Names[0]?.replace(/^\//, "") ?? Id;
    containers.push(...(await remove(name, () => engine.getContainer(Id).remove({ force: true, v: true }))));
  }
  const networks: string[] = [];
  for (const { Id, Name } of await engine.listNetworks({ filters: ours("network") })) {
    networks.push(...(await remove(Name, () => removeNetwork(engine, Id))));
  }
  const images: string[] = [];
  // An image that others are built on cannot go before them: newest first.
  const found = await engine.listImages({ all: false, filters: ours("image") });
  for (const { Id, RepoTags } of found.sort((a, b) => b.Created - a.Created)) {
    const tags = RepoTags?.filter((name) => name !== "<none>:<none>") ?? [];
    for (const name of tags.length === 0 ? [Id] : tags) {
      images.push(...(await remove(name, () => engine.getImage(name).remove())));
    }
  }
  return { containers, networks, images, left };
}

async function removeNetwork(engine: Engine, id: string): Promise<void> {
  const network = engine.getNetwork(id);
  const { Containers } = (await network.inspect()) as { Containers?: Record<string, unknown> };
  for (const guest of Object.keys(Containers ?? {})) {
    await unlessDone(network.disconnect({ Container: guest, Force: true }));
  }
  await network.remove();
}
