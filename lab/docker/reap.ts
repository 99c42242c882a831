/** Removing all that the project made in the engine. It goes by label, so it finds also what a killed run left behind. */
import { reasonOf } from "../errors/catalogue.js";
import { unlessDone, type Engine } from "./engine.js";
import { isOwn, ofKind } from "./owner.js";

export interface Reaped {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly images: readonly string[];
  /** What the engine would not let go, with its reason. */
  readonly left: readonly string[];
}

/** Removes the lab's containers, then its networks, then its images; nothing else, and nothing of another lab. */
export async function reap(engine: Engine): Promise<Reaped> {
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
  for (const { Id, Names, Labels } of await engine.listContainers({ all: true, filters: ofKind("container") })) {
    if (!isOwn(Labels, engine.owner, "container")) continue;
    const name = Names[0]?.replace(/^\//, "") ?? Id;
    containers.push(...(await remove(name, () => engine.getContainer(Id).remove({ force: true, v: true }))));
  }
  const networks: string[] = [];
  for (const { Id, Name, Labels } of await engine.listNetworks({ filters: ofKind("network") })) {
    if (!isOwn(Labels ?? {}, engine.owner, "network")) continue;
    networks.push(...(await remove(Name, () => removeNetwork(engine, Id))));
  }
  const images: string[] = [];
  // An image that others are built on cannot go before them: newest first.
  const all = await engine.listImages({ all: false, filters: ofKind("image") });
  const found = all.filter(({ Labels }) => isOwn(Labels, engine.owner, "image"));
  for (const { Id, RepoTags } of found.sort((a, b) => b.Created - a.Created)) {
    const tags = RepoTags?.filter((name) => name !== "<none>:<none>") ?? [];
    for (const name of tags.length === 0 ? [Id] : tags) {
      images.push(...(await remove(name, () => engine.getImage(name).remove())));
    }
  }
  // What all labs build on goes with the last of them.
  if ((await engine.listImages({ filters: ofKind("image") })).length === 0)
    for (const { RepoTags } of await engine.listImages({ filters: ofKind("base") }))
      // Images that somebody else builds on it inherit its label.
      for (const name of RepoTags?.filter((tag) => tag.startsWith("ssh-trust/")) ?? [])
        images.push(...(await remove(name, () => engine.getImage(name).remove())));
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
