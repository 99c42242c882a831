/**
 * Services: names with an elastic address, each leading to whoever holds the address. The containers say who that is; the
 * ledger remembers those that lead nowhere.
 */
import { inspectContainer, type ContainerState } from "../docker/inspect.js";
import type { Lab } from "../lab.js";
import { readLedger } from "./ledger.js";
import { labels } from "./naming.js";
import { ofKind } from "../docker/owner.js";
import type { LabNames } from "../names.js";
import { domain } from "../story.js";

export interface Service {
  /** Such as "www". */
  readonly name: string;
  readonly address: string;
}

export interface HeldService extends Service {
  readonly container: string;
  /** Undefined where the container is no machine, but Eve. */
  readonly machine: string | undefined;
}

export interface ListedService extends Service {
  /** A machine's name, "eve", or undefined for nowhere. */
  readonly leadsTo: string | undefined;
}

const ending = `.${domain}`;

/** The service that leads to a container. */
export function serviceAt(
  { elastic }: Pick<LabNames, "elastic">,
  { places }: Pick<ContainerState, "places">,
): Service | undefined {
  const place = places[elastic.name];
  const alias = place?.aliases.find((each) => each.endsWith(ending));
  return place === undefined || alias === undefined
    ? undefined
    : { name: alias.slice(0, -ending.length), address: place.address };
}

/** Every service that leads somewhere. */
export async function heldServices(lab: Lab): Promise<HeldService[]> {
  const engine = await lab.engine();
  const found = await engine.listContainers({ all: true, filters: ofKind("container") });
  const states = await Promise.all(found.map(({ Id }) => inspectContainer(engine, Id)));
  return states.flatMap((state) => {
    const service = state?.ours === true ? serviceAt(lab.names, state) : undefined;
    if (state === undefined || service === undefined) return [];
    return [{ ...service, container: state.container, machine: state.labels[labels.machine] }];
  });
}

/** Every service that has an address, by name. */
export async function listServices(lab: Lab): Promise<ListedService[]> {
  const held = await heldServices(lab);
  const kept = Object.entries((await readLedger(lab.settings)).elastic).filter(
    ([name]) => !held.some((each) => each.name === name),
  );
  return [
    ...held.map(({ name, address, machine, container }) => ({
      name,
      address,
      leadsTo: machine ?? (container === lab.names.container("eve") ? "eve" : container),
    })),
    ...kept.map(([name, address]) => ({ name, address, leadsTo: undefined })),
  ].sort((a, b) => a.name.localeCompare(b.name));
}
