/** Launching a machine: a new disk, an address, who may log in; and, where it is asked for, an identity with Vault. */
import { randomBytes } from "node:crypto";
import { startNewContainer } from "../docker/containers.js";
import { logOf } from "../docker/log.js";
import type { Attachment } from "../docker/networks.js";
import type { TarFile } from "../docker/tar.js";
import { fail } from "../errors/catalogue.js";
import { cloudRole, cloudTokens } from "../roles.js";
import { issueMachineToken } from "../../src/vault/machine-identity.js";
import { capabilities, configureHost } from "../tutorial/hosts.js";
import type { Lab } from "../lab.js";
import { objectStore, objectStoreCertificate, withdraw } from "../object-store/server.js";
import { addressIn } from "./addresses.js";
import { booting } from "./booting.js";
import { withAddress } from "./hand-out.js";
import { laptopPublicKey } from "./laptop.js";
import { changeLedger } from "./ledger.js";
import { listMachines } from "./machines.js";
import { checkedName, containerOf, hostNameOf, identityOf, labels } from "./naming.js";
import { ensureCloud } from "./networks.js";
import { listServices } from "./services.js";
import { task } from "../errors/task.js";

export interface LaunchOptions {
  /** The address it shall have; the cloud's choice where it is left out. */
  readonly address?: string | undefined;
  /** Whether Vault signs its host keys when it boots. */
  readonly signed: boolean;
  /** The service that it may stand for beside its own name, such as "www"; its certificate names both. */
  readonly serves?: string | undefined;
  /** Whether it publishes its host keys at its first boot. */
  readonly publish: boolean;
  /** Whether its account gets a password too, as some clouds do. */
  readonly password: boolean;
}

export interface Launched {
  readonly hostName: string;
  readonly address: string;
  /** Shown once, and kept nowhere. */
  readonly password: string | undefined;
}

/**
 * Launches a machine and waits until its sshd answers.
 * @throws USAGE, MACHINE_NAME_INVALID, NAME_TAKEN, MACHINE_EXISTS, ADDRESS_INVALID, ADDRESS_IN_USE, CONTAINER_NOT_READY, …
 */
export async function launch(lab: Lab, name: string, options: LaunchOptions): Promise<Launched> {
  checkedName(name, "machine");
  if (options.serves !== undefined) checkedName(options.serves, "service");
  if (options.serves !== undefined && !options.signed) {
    const what = "--serves without --signed: it is the certificate that names the service";
    throw fail("USAGE", { what, help: "npm run cloud -- launch --help" });
  }
  await checkNames(lab, name, options.serves);
  const asked = options.address === undefined ? undefined : addressIn(lab.names.cloud.pool, options.address);
  const there = (await listMachines(lab)).find((each) => each.name === name);
  if (there !== undefined) throw fail("MACHINE_EXISTS", { name, state: there.state });
  await ensureCloud(lab);
  await withdraw(lab, name); // a machine of that name may have ended without a word

  const password = options.password ? randomBytes(9).toString("base64url") : undefined;
  const files: TarFile[] = [
    { path: "/var/lib/cloud/seed/public-keys", content: await laptopPublicKey(lab), mode: 0o644 },
    ...(options.publish ? await publishing(lab, name) : []),
    ...(password === undefined ? [] : [{ path: "/var/lib/cloud/seed/password", content: password, mode: 0o400 }]),
  ];
  const identity = options.signed ? await enrol(lab, name, options.serves) : undefined;
  const address = await lab.progress.during(`launching ${name}`, () =>
    withAddress(lab, asked, (candidate) =>
      startMachine(lab, name, candidate, {
        env: identity?.env ?? {},
        files: [...files, ...(identity?.files ?? [])],
        labels: {
          [labels.machine]: name,
          ...(options.signed ? { [labels.vault]: lab.vault.address } : {}),
          ...(options.serves === undefined ? {} : { [labels.service]: hostNameOf(options.serves) }),
        },
        // Vault is on the lab's own network.
        also: options.signed ? [{ network: lab.names.network }] : [],
      }),
    ),
  );
  for (const complaint of complaints(await logOf(await lab.engine(), containerOf(lab.names, name))))
    lab.progress.say(`${name}: ${complaint}`);
  await changeLedger(lab.settings, (before) => ({
    ...before,
    terminated: Object.fromEntries(Object.entries(before.terminated).filter(([each]) => each !== name)),
  }));
  return { hostName: hostNameOf(name), address, password };
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
async function checkNames(lab: Lab, name: string, serves: string | undefined): Promise<void> {
  const machines = await listMachines(lab);
  const services = [...(await listServices(lab)).map((each) => hostNameOf(each.name)), ...machines.map(({ service }) => service)];
  if (services.includes(hostNameOf(name))) throw fail("NAME_TAKEN", { name, what: "a service" });
  const taken = [name, ...machines.map((each) => each.name)];
  if (serves !== undefined && taken.includes(serves)) throw fail("NAME_TAKEN", { name: serves, what: "a machine" });
}

interface Parts {
  readonly env: Readonly<Record<string, string>>;
  readonly files: readonly TarFile[];
  readonly labels: Readonly<Record<string, string>>;
  readonly also: readonly Attachment[];
}

async function startMachine(lab: Lab, name: string, address: string, parts: Parts): Promise<void> {
  const engine = await lab.engine();
  const { also, ...rest } = parts;
  await startNewContainer(
    engine,
    {
      name: containerOf(lab.names, name),
      image: lab.names.image("cloud-vm"),
      hostname: name,
      places: [{ network: lab.names.cloud.name, address, aliases: [hostNameOf(name)] }, ...also],
      capabilities,
      ...rest,
    },
    booting(lab, name, task("cloud", `launch ${name}`)),
  );
}

/** What the machine needs to have its keys signed: a token that signs its own names only, and the settings of ssh-trust-host. */
async function enrol(lab: Lab, name: string, serves: string | undefined) {
  const host = hostNameOf(name);
  const service = serves === undefined ? host : hostNameOf(serves);
  const machine = { name: identityOf(lab.names, name), metadata: { host, service }, tokenRole: cloudTokens.name };
  const token = await issueMachineToken(lab.settings.vault, machine);
  return configureHost(lab, { role: cloudRole, principals: [...new Set([host, service])], token });
}
