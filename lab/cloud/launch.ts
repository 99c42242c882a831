/** Launching a machine: a new disk, an address, who may log in; and, where it is asked for, an identity with Vault. */
import { randomBytes } from "node:crypto";
import { startNewContainer } from "../docker/containers.js";
import { removeImage } from "../docker/images.js";
import { logOf } from "../docker/log.js";
import type { Attachment } from "../docker/networks.js";
import type { TarFile } from "../docker/tar.js";
import { fail } from "../errors/catalogue.js";
import { findLabFleet, readLabFleet } from "../fleet/fleet.js";
import { openForFleet } from "../fleet/open.js";
import type { Fleet } from "../../src/fleet/fleet.js";
import { hostOf } from "../../src/host/host.js";
import type { Lab } from "../lab.js";
import { seedFiles } from "../machine/seed.js";
import { objectStore, objectStoreCertificate, withdraw } from "../object-store/server.js";
import { addressIn } from "./addresses.js";
import { booting } from "./booting.js";
import { filesToEnrol } from "./files-to-enrol.js";
import { vaultForContainers } from "../tutorial/vault-server.js";
import { copyOf, diskOf, plain, withCloudInit, type Kind } from "./kinds.js";
import { withAddress } from "./hand-out.js";
import { laptopPublicKey } from "./laptop.js";
import { changeLedger } from "./ledger.js";
import { listMachines } from "./machines.js";
import { checkedName, containerOf, hostNameOf, labels } from "./naming.js";
import { ensureCloud } from "./networks.js";
import { listServices } from "./services.js";
import { task } from "../errors/task.js";

export interface LaunchOptions {
  /** The address it shall have; the cloud's choice where it is left out. */
  readonly address?: string | undefined;
  /** Whether Vault signs its host keys when it boots. */
  readonly signed: boolean;
  /** Whether it publishes its host keys at its first boot. */
  readonly publish: boolean;
  /** Whether its account gets a password too, as some clouds do. */
  readonly password: boolean;
  /** What cloud-init is told at its first boot: the machine has that, and systemd, and lets in whom that says and nobody else. */
  readonly userData?: string | undefined;
  /** Another machine, of whose disk this one's is a copy. */
  readonly diskOf?: string | undefined;
}

export interface Launched {
  readonly hostName: string;
  readonly address: string;
  /** Shown once, and kept nowhere. */
  readonly password: string | undefined;
  /** Whether it lets in whom its user-data says, and not the laptop. */
  readonly cloudInit: boolean;
}

/**
 * What the fleet file says of a machine, or of its name. Nothing has to run for it.
 * @returns the fleet that it is to be a host of; undefined where it shall not be signed
 * @throws MACHINE_NAME_INVALID, NAME_TAKEN, HOST_IN_NO_GROUP, FLEET_FILE_INVALID
 */
export async function checkLaunch(lab: Lab, name: string, { signed }: Pick<LaunchOptions, "signed">): Promise<Fleet | undefined> {
  checkedName(name, "machine");
  const fleet = signed ? await readLabFleet(lab) : await findLabFleet(lab);
  if (fleet?.hosts.some(({ also }) => also.includes(hostNameOf(name))) === true)
    throw fail("NAME_TAKEN", { name, what: "a service" });
  if (fleet === undefined || !signed) return undefined;
  hostOf(fleet, hostNameOf(name));
  return fleet;
}

/**
 * Launches a machine and waits until its sshd answers.
 * @throws MACHINE_NAME_INVALID, NAME_TAKEN, HOST_IN_NO_GROUP, HOST_ENROLLED, MACHINE_EXISTS, ADDRESS_INVALID, ADDRESS_IN_USE,
 *   CONTAINER_NOT_READY, …
 */
export async function launch(lab: Lab, name: string, options: LaunchOptions): Promise<Launched> {
  const fleet = await checkLaunch(lab, name, options);
  await checkNames(lab, name, fleet);
  const asked = options.address === undefined ? undefined : addressIn(lab.names.cloud.pool, options.address);
  const there = (await listMachines(lab)).find((each) => each.name === name);
  if (there !== undefined) throw fail("MACHINE_EXISTS", { name, state: there.state });
  await ensureCloud(lab);
  await withdraw(lab, name); // a machine of that name may have ended without a word

  const { kind, files, knowsVault, password } = await makeUp(lab, name, options);
  const begin = (identity: readonly TarFile[]) =>
    lab.progress.during(`launching ${name}`, () =>
      withAddress(lab, asked, (candidate) =>
        startMachine(lab, name, candidate, {
          ...kind,
          files: [...files, ...identity],
          labels: {
            ...kind.labels,
            [labels.machine]: name,
            ...(options.signed ? { [labels.vault]: lab.vault.address } : {}),
          },
          // Vault is on the lab's own network.
          also: knowsVault ? [{ network: lab.names.network }] : [],
        }),
      ),
    );
  const beginning = fleet === undefined ? begin([]) : enrolled(lab, name, begin);
  const address = await beginning.catch(async (error: unknown) => {
    await removeImage(await lab.engine(), diskOf(lab.names, name)); // a copy of another's disk, where it has one
    throw error;
  });
  for (const complaint of complaints(await logOf(await lab.engine(), containerOf(lab.names, name))))
    lab.progress.say(`${name}: ${complaint}`);
  await changeLedger(lab.settings, (before) => ({
    ...before,
    terminated: Object.fromEntries(Object.entries(before.terminated).filter(([each]) => each !== name)),
  }));
  return { hostName: hostNameOf(name), address, password, cloudInit: kind.labels[labels.boots] !== undefined };
}

interface MakeUp {
  readonly kind: Kind;
  readonly files: readonly TarFile[];
  readonly knowsVault: boolean;
  readonly password: string | undefined;
}

/** What a machine boots from, and what the cloud tells it. */
async function makeUp(lab: Lab, name: string, options: LaunchOptions): Promise<MakeUp> {
  const { userData } = options;
  const others = { knowsVault: true, password: undefined };
  if (options.diskOf !== undefined) return { kind: await copyOf(lab, options.diskOf, name), files: [], ...others };
  if (userData !== undefined) {
    const files = seedFiles({ userData: await asInTheLab(lab, userData) }, hostNameOf(name));
    return { kind: await withCloudInit(lab), files, ...others };
  }
  const password = options.password ? randomBytes(9).toString("base64url") : undefined;
  const files: TarFile[] = [
    { path: "/var/lib/cloud/seed/public-keys", content: await laptopPublicKey(lab), mode: 0o644 },
    ...(options.publish ? await publishing(lab, name) : []),
    ...(password === undefined ? [] : [{ path: "/var/lib/cloud/seed/password", content: password, mode: 0o400 }]),
  ];
  return { kind: plain(lab), files, knowsVault: options.signed, password };
}

/** User-data names Vault by its address on this machine; in the cloud it has another one. */
async function asInTheLab(lab: Lab, userData: string): Promise<string> {
  const here = `VAULT_ADDR=${new URL(lab.settings.vault.address).origin}`;
  if (!userData.includes(here)) return userData;
  const { address } = await vaultForContainers(lab);
  if (!here.endsWith(`=${address}`))
    lab.progress.say(`its user-data says ${here}: in the cloud that is ${address}, and it is told so`);
  return userData.replaceAll(here, `VAULT_ADDR=${address}`);
}

/** What a boot says that did not work, though sshd listens: keys not signed, or not published. */
const complaints = (log: string) => [...log.matchAll(/^boot: (.*)$/gm)].map(([, text]) => text ?? "");

/** What a machine needs to publish its host keys: a ticket for its own object, and the store's certificate. */
async function publishing(lab: Lab, name: string): Promise<TarFile[]> {
  const store = await objectStore(lab);
  return [
    { path: "/var/lib/cloud/seed/publish-url", content: await store.ticket(name), mode: 0o400 },
    { path: "/var/lib/cloud/seed/object-store.crt", content: await objectStoreCertificate(lab), mode: 0o644 },
  ];
}

/**
 * Machines and services share one name space: who could choose a name that is another's could have a certificate for it.
 * @throws NAME_TAKEN
 */
async function checkNames(lab: Lab, name: string, fleet: Fleet | undefined): Promise<void> {
  if ((await listServices(lab)).some((service) => service.name === name)) throw fail("NAME_TAKEN", { name, what: "a service" });
  if (fleet === undefined) return;
  const { principals } = hostOf(fleet, hostNameOf(name));
  const taken = (await listMachines(lab)).find((each) => each.name !== name && principals.includes(each.hostName));
  if (taken !== undefined) throw fail("NAME_TAKEN", { name: taken.name, what: "a machine" });
}

interface Parts extends Kind {
  readonly files: readonly TarFile[];
  readonly also: readonly Attachment[];
}

async function startMachine(lab: Lab, name: string, address: string, parts: Parts): Promise<void> {
  const engine = await lab.engine();
  const { also, ...rest } = parts;
  await startNewContainer(
    engine,
    {
      name: containerOf(lab.names, name),
      hostname: name,
      places: [{ network: lab.names.cloud.name, address, aliases: [hostNameOf(name)] }, ...also],
      env: {},
      ...rest,
    },
    booting(lab, name, task("cloud", `launch ${name}`)),
  );
}

/**
 * Begins a machine with what it enrols with at its first boot. Where it cannot be begun, nothing of that stays in Vault.
 * @returns its address
 */
async function enrolled(lab: Lab, name: string, begin: (identity: readonly TarFile[]) => Promise<string>): Promise<string> {
  const fleet = await openForFleet(lab);
  let address = "";
  await fleet.add(hostNameOf(name), async (handed) => {
    address = await begin(await filesToEnrol(handed, lab.settings.vault.tls));
  });
  return address;
}
