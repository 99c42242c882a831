/** Which images a clean takes away. (With a real engine: test/e2e/8-clean and 6-two-labs.) */
import { expect, test } from "@jest/globals";
import type { Engine } from "../../../../lab/docker/engine.js";
import { baseLabels, labelsOf, type Owner } from "../../../../lab/docker/owner.js";
import { reap } from "../../../../lab/docker/reap.js";

const owner: Owner = { lab: "default", checkout: "/srv/checkout" };
const image = (name: string, Labels: Readonly<Record<string, string>>, Created: number) => ({
  Id: name,
  RepoTags: [name],
  Labels,
  Created,
});
const base = image("ssh-trust/debian:bookworm", baseLabels, 1);
const ours = image("ssh-trust/sshd:latest", labelsOf(owner, "image"), 2);
const another = image("ssh-trust.second/sshd:latest", labelsOf({ ...owner, lab: "second" }, "image"), 3);
const foreign = image("debian:bookworm-slim", {}, 4);

/** An engine that has nothing but images. */
function engineWith(images: readonly ReturnType<typeof image>[]) {
  let left = [...images];
  const engine = {
    owner,
    listContainers: () => Promise.resolve([]),
    listNetworks: () => Promise.resolve([]),
    listImages: ({ filters }: { filters: { label: readonly string[] } }) => {
      const [name = "", value = ""] = (filters.label[0] ?? "").split("=");
      return Promise.resolve(left.filter(({ Labels }) => Labels[name] === value));
    },
    getImage: (name: string) => ({
      remove: () => {
        left = left.filter(({ Id }) => Id !== name);
        return Promise.resolve();
      },
    }),
  };
  return { engine: engine as unknown as Engine, left: () => left };
}

test("what all labs build on stays while another lab has an image", async () => {
  const { engine, left } = engineWith([base, ours, another, foreign]);
  expect((await reap(engine)).images).toEqual([ours.Id]);
  expect(left()).toEqual([base, another, foreign]);
});

test("it goes with the last of them, and nobody else's image does", async () => {
  const { engine, left } = engineWith([base, ours, foreign]);
  expect((await reap(engine)).images).toEqual([ours.Id, base.Id]);
  expect(left()).toEqual([foreign]);
});
