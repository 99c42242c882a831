/** `status`: what runs, where, by which authorities, until when. It only looks. */
import { readFile } from "node:fs/promises";
import { inspectContainer } from "./docker/inspect.js";
import type { Engine } from "./docker/engine.js";
import { isFailure } from "./errors/catalogue.js";
import { cloudCas, hostRole, userRole } from "./roles.js";
import type { SshRole } from "../src/roles.js";
import { hostNames, people, type HostName, type Person } from "./story.js";
import type { LabNames } from "./names.js";
import { parseCertificate, type Certificate } from "../src/ssh/certificate.js";
import { isValidAt } from "../src/ssh/certificate-validity.js";
import { certificateToJson, type CertificateJson } from "../src/ssh/describe-certificate.js";
import { parsePublicKey } from "../src/ssh/public-key.js";
import type { LeftOut } from "../src/ssh/read-lines.js";
import { scanHost } from "../src/ssh/scan.js";
import { isLaptopUp } from "./cloud/laptop.js";
import { listMachines, type Machine } from "./cloud/machines.js";
import { listServices } from "./cloud/services.js";
import type { Lab } from "./lab.js";
import { isObjectStoreUp } from "./object-store/server.js";
import { certificateOf } from "./tutorial/people.js";
import { task } from "./errors/task.js";

export interface Status {
  readonly docker: string;
  readonly vault: { readonly address: string; readonly state: string };
  readonly cas: readonly CaStatus[];
  readonly hosts: readonly {
    readonly name: HostName;
    readonly port: number;
    readonly running: boolean;
    /** What its sshd presents to a client that asks. */
    readonly certificates: readonly CertificateStatus[];
    /** What it presents besides, and cannot be read here; left out where there is nothing. */
    readonly notRead?: readonly LeftOut[];
  }[];
  /** The small cloud of chapters 9 to 15; undefined where it is not known. */
  readonly cloud: CloudStatus | undefined;
  /** Why it is not known. */
  readonly cloudUnknown?: string;
  readonly people: readonly { readonly name: Person; readonly certificate: CertificateStatus | undefined }[];
}

export interface CloudStatus {
  readonly laptop: boolean;
  readonly objectStore: boolean;
  readonly machines: readonly Pick<Machine, "name" | "state">[];
  /** Where each leads: a machine's name, "eve", or undefined for nowhere. */
  readonly services: readonly { readonly name: string; readonly leadsTo: string | undefined }[];
}

export interface CaStatus {
  readonly mount: string;
  /** Left out where there is no key yet. */
  readonly fingerprint?: string;
  /** Why it is not known whether there is a key. */
  readonly unknown?: string;
}

export type CertificateStatus = CertificateJson & { readonly validNow: boolean };

export async function readStatus(lab: Lab): Promise<Status> {
  const engine = await lab.engine().catch((error: unknown) => error);
  const [vault, cas, hosts, cloud, persons] = await Promise.all([
    vaultState(lab),
    Promise.all([hostRole, userRole, { mount: cloudCas.host }].map((role) => caState(lab, role))),
    Promise.all(hostNames.map((host) => hostState(lab.names, engine instanceof Error ? undefined : (engine as Engine), host))),
    engine instanceof Error ? "Docker does not answer" : cloudState(lab).catch(whyUnknown),
    Promise.all(people.map(async (name) => ({ name, certificate: await personState(lab, name) }))),
  ]);
  return {
    docker: isFailure(engine) ? engine.message : "runs",
    vault: { address: lab.vault.address, state: vault },
    cas,
    hosts,
    ...(typeof cloud === "string" ? { cloud: undefined, cloudUnknown: cloud } : { cloud }),
    people: persons,
  };
}

async function vaultState(lab: Lab): Promise<string> {
  try {
    const { name, version } = await lab.vault.checkReady();
    return `runs, ${name} ${version}`;
  } catch (error) {
    if (isFailure(error, "VAULT_UNREACHABLE") && !lab.settings.vault.external)
      return `does not run; start it: ${task("start-vault")}`;
    if (isFailure(error)) return error.message;
    throw error;
  }
}

async function caState({ vault }: Lab, { mount }: Pick<SshRole, "mount">): Promise<CaStatus> {
  try {
    const key = await vault.caPublicKey(mount);
    return key === undefined ? { mount } : { mount, fingerprint: parsePublicKey(key).fingerprint };
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { mount, unknown: error.code === "VAULT_UNREACHABLE" ? "Vault does not answer" : error.message };
  }
}

async function hostState(names: LabNames, engine: Engine | undefined, name: HostName) {
  const port = names.ports[name];
  const container = engine === undefined ? undefined : await inspectContainer(engine, names.container(name));
  const running = container?.running === true && container.ours;
  const seen = running ? await scanHost({ host: "127.0.0.1", port, timeoutSeconds: 10 }) : { certificates: [], leftOut: [] };
  const certificates = seen.certificates.map(describe).sort((a, b) => a.type.localeCompare(b.type));
  return { name, port, running, certificates, ...(seen.leftOut.length === 0 ? {} : { notRead: seen.leftOut }) };
}

async function cloudState(lab: Lab): Promise<CloudStatus> {
  const [laptop, objectStore, machines, services] = await Promise.all([
    isLaptopUp(lab),
    isObjectStoreUp(lab),
    listMachines(lab),
    listServices(lab),
  ]);
  return {
    laptop,
    objectStore,
    machines: machines.map(({ name, state }) => ({ name, state })),
    services: services.map(({ name, leadsTo }) => ({ name, leadsTo })),
  };
}

/** What is told instead: a status only looks. */
function whyUnknown(error: unknown): string {
  if (isFailure(error)) return error.message;
  throw error;
}

async function personState(lab: Lab, person: Person): Promise<CertificateStatus | undefined> {
  const line = await readFile(certificateOf(lab.settings, person), "utf8").catch(() => undefined);
  try {
    return line === undefined ? undefined : describe(parseCertificate(line));
  } catch {
    return undefined; // not a certificate: as good as none
  }
}

function describe(certificate: Certificate): CertificateStatus {
  return { ...certificateToJson(certificate), validNow: isValidAt(certificate, new Date()) };
}
