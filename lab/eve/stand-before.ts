/**
 * Eve takes the elastic address of one of the cloud's services, as somebody does who controls the way there, and passes on
 * to the machine that had it. She stands before nothing that is not the lab's own.
 */
import { removeContainer, startContainer } from "../docker/containers.js";
import { inspectContainer } from "../docker/inspect.js";
import { logOf } from "../docker/log.js";
import { readFileIn } from "../docker/files.js";
import { attach, detach } from "../docker/networks.js";
import type { TarFile } from "../docker/tar.js";
import { fail } from "../errors/catalogue.js";
import { changeLedger, readLedger } from "../cloud/ledger.js";
import { findMachine, hostKeyFiles, listMachines, type Machine } from "../cloud/machines.js";
import { containerOf, hostNameOf } from "../cloud/naming.js";
import { heldServices } from "../cloud/services.js";
import { capabilities } from "../tutorial/hosts.js";
import type { Lab } from "../lab.js";
import { task } from "../errors/task.js";

export const presentations = ["own-key", "own-ca", "stolen-certificate", "other-host"] as const;
export type Presentation = (typeof presentations)[number];

export interface EveOptions {
  /** What she shows to whoever comes: see containers/eve/start.sh. */
  readonly present: Presentation;
  /** The machine of her own whose certificate and key she shows; for other-host only. */
  readonly machine?: string | undefined;
}

const labels = { service: "io.ssh-trust.eve.service", victim: "io.ssh-trust.eve.victim", shows: "io.ssh-trust.eve.shows" };

/**
 * @param service the name of an elastic address, such as "www"
 * @throws EVE_TARGET_REFUSED, EVE_BUSY, MACHINE_UNKNOWN, MACHINE_WRONG_STATE, USAGE, …
 */
export async function startEve(lab: Lab, service: string, options: EveOptions): Promise<void> {
  const before = await standing(lab);
  const address = before?.service === service ? before.address : await addressOfService(lab, service);
  if (before !== undefined && before.service !== service) throw fail("EVE_BUSY", { service: before.service });
  const machine = await victimOf(lab, service, before?.victim);
  const files = await borrowed(lab, options);
  const engine = await lab.engine();
  const hostName = hostNameOf(service);
  // Written down first: whatever ends this half-way, stopping her gives the address back.
  await changeLedger(lab.settings, (ledger) => ({ ...ledger, eve: { service, address, victim: machine.name } }));
  await detach(engine, containerOf(lab.names, machine.name), lab.names.elastic.name);
  try {
    const outcome = await lab.progress.during("Eve takes her place", () =>
      startContainer(
        engine,
        {
          name: lab.names.container("eve"),
          image: lab.names.image("eve"),
          places: [
            { network: lab.names.cloud.name, address: lab.names.addresses.eve },
            { network: lab.names.elastic.name, address, aliases: [hostName] },
          ],
          env: {
            EVE_TARGET: machine.address ?? "",
            EVE_NETWORK: lab.names.cloud.subnet,
            EVE_NAME: hostName,
            EVE_PRESENTS: options.present,
          },
          labels: {
            [labels.service]: service,
            [labels.victim]: machine.name,
            ...(options.machine === undefined ? {} : { [labels.shows]: options.machine }),
          },
          files,
          capabilities,
        },
        {
          what: "Eve to listen",
          seconds: 20,
          again: `${task("eve", "stop")} && ${task("eve", `start ${service}`)}`,
          check: async () => /^eve: I listen|^Server listening/m.test(await logOf(engine, lab.names.container("eve"))),
          signal: lab.signal,
        },
      ),
    );
    const state = outcome === "kept" ? "is there already" : "is there now";
    lab.progress.say(
      `Eve ${state}: ${hostName}, ${address}, leads to her, not to ${machine.name}; her journal: docker logs ${lab.names.container("eve")}`,
    );
  } catch (error) {
    await giveBack(lab, { service, address, victim: machine.name });
    throw error;
  }
}

/** Ends her; the address leads to the machine again. */
export async function stopEve(lab: Lab): Promise<void> {
  const before = await standing(lab);
  await removeContainer(await lab.engine(), lab.names.container("eve"));
  if (before === undefined) lab.progress.say("Eve was not running");
  else {
    await giveBack(lab, before);
    const holder = (await heldServices(lab)).find(({ name }) => name === before.service)?.machine;
    const leads = holder === undefined ? "nowhere" : `to ${holder} again`;
    const next =
      holder === undefined ? `; give it to a machine: ${lab.names.task("cloud", `associate ${before.service} <machine>`)}` : "";
    lab.progress.say(`Eve is gone; ${hostNameOf(before.service)} leads ${leads}${next}`);
  }
}

/** The address goes to the machine that had it, unless that is gone or has another, or the address is somebody's again. */
async function giveBack(lab: Lab, { service, victim, address }: Standing): Promise<void> {
  const engine = await lab.engine();
  const there = await inspectContainer(engine, containerOf(lab.names, victim));
  const taken = (await heldServices(lab)).some(({ name }) => name === service);
  if (there !== undefined && there.places[lab.names.elastic.name] === undefined && !taken) {
    await attach(engine, containerOf(lab.names, victim), {
      network: lab.names.elastic.name,
      address,
      aliases: [hostNameOf(service)],
    });
  }
  await changeLedger(lab.settings, (ledger) => ({ ...ledger, eve: undefined }));
}

interface Standing {
  readonly service: string;
  readonly address: string;
  /** The machine that she stands before. */
  readonly victim: string;
}

/** Where she stands, or was about to when she was interrupted. */
async function standing(lab: Lab): Promise<Standing | undefined> {
  const container = await inspectContainer(await lab.engine(), lab.names.container("eve"));
  const service = container?.labels[labels.service];
  const victim = container?.labels[labels.victim];
  const address = container?.places[lab.names.elastic.name]?.address;
  if (service !== undefined && victim !== undefined && address !== undefined) return { service, victim, address };
  return (await readLedger(lab.settings)).eve;
}

async function addressOfService(lab: Lab, service: string): Promise<string> {
  const known = new Map([
    ...Object.entries((await readLedger(lab.settings)).elastic),
    ...(await heldServices(lab)).map(({ name, address }) => [name, address] as const),
  ]);
  const address = known.get(service);
  if (address !== undefined) return address;
  throw fail("EVE_TARGET_REFUSED", { target: service, known: [...known.keys()].join(", ") || "none" });
}

async function victimOf(lab: Lab, service: string, before: string | undefined): Promise<Machine> {
  const machines = await listMachines(lab);
  const machine = machines.find((each) => each.name === before || each.elastic?.name === service);
  if (machine === undefined) throw fail("EVE_TARGET_REFUSED", { target: service, known: "none that leads to a machine" });
  if (machine.state === "running") return machine;
  const how = { say: "start it", run: task("cloud", `start ${machine.name}`) };
  throw fail("MACHINE_WRONG_STATE", { doing: `put Eve in front of "${machine.name}"`, state: machine.state, how });
}

/** The key and the certificate of a machine of hers. She was root there, so she has them. */
async function borrowed(lab: Lab, { present, machine }: EveOptions): Promise<TarFile[]> {
  if ((present === "other-host") !== (machine !== undefined)) {
    throw fail("USAGE", { what: "--present other-host and --machine belong together", help: "npm run eve -- start --help" });
  }
  if (machine === undefined) return [];
  const doing = `take a certificate from "${machine}"`;
  await findMachine(lab, machine, doing);
  const engine = await lab.engine();
  const files = [
    [hostKeyFiles.private, "key"],
    [hostKeyFiles.public, "key.pub"],
    [hostKeyFiles.certificate, "key-cert.pub"],
  ] as const;
  return Promise.all(
    files.map(async ([from, to]) => {
      const content = await readFileIn(engine, containerOf(lab.names, machine), from);
      if (content === undefined) {
        const how = { say: "launch one that has", run: task("cloud", `launch ${machine}2 --signed`) };
        throw fail("MACHINE_WRONG_STATE", { doing, state: "without one", how });
      }
      return { path: `/opt/eve/other/${to}`, content, mode: 0o600 };
    }),
  );
}
