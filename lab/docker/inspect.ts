/** What the engine knows of a container. */
import { statusOf, type Engine } from "./engine.js";
import { isOwn, otherOwner, type Owner } from "./owner.js";
import { specLabel } from "./spec.js";

export interface ContainerState {
  /** Its name. */
  readonly container: string;
  readonly running: boolean;
  /** What runs in it stands still, as `docker pause` does it. */
  readonly paused: boolean;
  /** Made by this lab. */
  readonly ours: boolean;
  /** Where it is not: the lab of another checkout that it is of, if it is one's. */
  readonly other: Owner | undefined;
  /** The hash of the spec it was made from. */
  readonly spec: string | undefined;
  readonly image: string;
  /** When what ran in it before ended, ISO 8601; undefined in its first run. */
  readonly endedBefore: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Where it is on each network; a stopped container: where it will be again. */
  readonly places: Readonly<Record<string, { readonly address: string; readonly aliases: readonly string[] }>>;
}

/** What is known of a container, or undefined if there is none of that name. */
export async function inspectContainer(engine: Engine, name: string): Promise<ContainerState | undefined> {
  try {
    const info = await engine.getContainer(name).inspect();
    const labels = info.Config.Labels;
    return {
      container: info.Name.replace(/^\//, ""),
      running: info.State.Running && !info.State.Paused,
      paused: info.State.Paused,
      ours: isOwn(labels, engine.owner, "container"),
      other: otherOwner(labels, "container"),
      spec: labels[specLabel],
      image: info.Image,
      endedBefore: info.State.FinishedAt.startsWith("0001-") ? undefined : info.State.FinishedAt,
      labels,
      places: placesOf(info.NetworkSettings.Networks),
    };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** What the engine says of one place; its types leave out that some of it may be null. */
interface Endpoint {
  readonly IPAddress: string;
  readonly IPAMConfig: { readonly IPv4Address?: string } | null;
  readonly Aliases: readonly string[] | null;
}

function placesOf(networks: object): ContainerState["places"] {
  const places = Object.entries(networks as Record<string, Endpoint>).map(([network, place]) => {
    const address = place.IPAddress === "" ? (place.IPAMConfig?.IPv4Address ?? "") : place.IPAddress;
    return [network, { address, aliases: place.Aliases ?? [] }] as const;
  });
  return Object.fromEntries(places.filter(([, { address }]) => address !== ""));
}
