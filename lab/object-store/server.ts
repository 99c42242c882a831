/** The lab's object store: MinIO in a container, reached by TLS from this machine and from the cloud. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { connect } from "node:tls";
import { removeContainer, startContainer } from "../docker/containers.js";
import { inspectContainer } from "../docker/inspect.js";
import { readFolderIn } from "../docker/files.js";
import { ensureImage, isBuilt } from "../docker/images.js";
import { fail, isFailure } from "../errors/catalogue.js";
import { fetchMinio } from "../toolchain/go-programs.js";
import { describePart } from "../../src/toolchain/part.js";
import { minio } from "../toolchain/versions.js";
import { withInContext } from "../toolchain/build-context.js";
import { ensureCloud } from "../cloud/networks.js";
import { inContext, objectStoreImage } from "../images.js";
import type { Lab } from "../lab.js";
import { openBucket, type Credentials, type ObjectStore } from "./object-store.js";
import { objectStoreName } from "../story.js";
import type { LabNames } from "../names.js";
import { task } from "../errors/task.js";

const nameIn = ({ container }: LabNames) => container("object-store");
const addressIn = ({ ports }: LabNames) => `https://localhost:${String(ports.objectStore)}`;
/** Where its container has its credentials and its certificate, in one folder: the lab reads them together. */
const secrets = "/run/secrets";
const files = { user: "object-store-user", password: "object-store-password", certificate: "object-store.crt" };

export async function startObjectStore(lab: Lab): Promise<void> {
  const engine = await lab.engine();
  const { names } = lab;
  await ensureCloud(lab);
  const image = await ensureObjectStoreImage(lab);
  const known = await credentials(lab);
  const outcome = await lab.progress.during("starting the object store", () =>
    startContainer(
      engine,
      {
        name: nameIn(names),
        image,
        places: [{ network: names.cloud.name, address: names.addresses.objectStore, aliases: [objectStoreName] }],
        env: {},
        port: { inside: 9000, outside: names.ports.objectStore },
        files: [
          // The lab reads them back from the container: they are in no other place.
          { path: join(secrets, files.user), content: known?.user ?? "lab", mode: 0o400 },
          { path: join(secrets, files.password), content: known?.password ?? randomBytes(24).toString("base64url"), mode: 0o400 },
        ],
        capabilities: [],
      },
      {
        what: "MinIO to answer",
        seconds: 40,
        again: `${task("stop-object-store")} && ${task("start-object-store")}`,
        every: 200,
        check: () => showsItsCertificate(lab),
        signal: lab.signal,
      },
    ),
  );
  const state = outcome === "kept" ? "runs already" : "started, and is empty";
  lab.progress.say(`the object store ${state}: ${addressIn(names)}`);
}

export async function stopObjectStore(lab: Lab): Promise<void> {
  const stopped = await removeContainer(await lab.engine(), nameIn(lab.names));
  lab.progress.say(stopped ? "the object store stopped; what was in it is gone" : "the object store was not running");
}

export async function isObjectStoreUp(lab: Lab): Promise<boolean> {
  return (await isRunning(lab)) && showsItsCertificate(lab);
}

async function isRunning(lab: Lab): Promise<boolean> {
  const state = await inspectContainer(await lab.engine(), nameIn(lab.names));
  return state?.running === true && state.ours;
}

/** The store, ready to be used. @throws OBJECT_STORE_DOWN, OBJECT_STORE_FAILED */
export async function objectStore(lab: Lab): Promise<ObjectStore> {
  const known = (await isRunning(lab)) ? await credentials(lab) : undefined;
  if (known === undefined || !(await answers(lab, known.certificate)))
    throw fail("OBJECT_STORE_DOWN", { address: addressIn(lab.names) });
  return openBucket(known);
}

/** Takes away what a machine published, where the store runs: its name may be another machine's next. @throws OBJECT_STORE_FAILED */
export async function withdraw(lab: Lab, machine: string): Promise<void> {
  try {
    await (await objectStore(lab)).remove(machine);
  } catch (error) {
    if (!isFailure(error, "OBJECT_STORE_DOWN")) throw error; // a store that is gone holds nothing
  }
}

/** The certificate that the store shows, for those who shall trust it. @throws OBJECT_STORE_DOWN */
export async function objectStoreCertificate(lab: Lab): Promise<string> {
  const known = await credentials(lab);
  if (known === undefined || known.certificate === "") throw fail("OBJECT_STORE_DOWN", { address: addressIn(lab.names) });
  return known.certificate;
}

async function credentials(lab: Lab): Promise<Credentials | undefined> {
  const found = await readFolderIn(await lab.engine(), nameIn(lab.names), secrets);
  const [user, password, certificate] = [files.user, files.password, files.certificate].map((name) => found.get(name));
  if (user === undefined || password === undefined) return undefined;
  return { user, password, certificate: certificate ?? "", port: lab.names.ports.objectStore };
}

/** Whether something on the port shows the container's own certificate. */
const showsItsCertificate = async (lab: Lab): Promise<boolean> => answers(lab, (await credentials(lab))?.certificate ?? "");

/** The same, where its certificate is at hand; "" for none. */
async function answers(lab: Lab, ca: string): Promise<boolean> {
  if (ca === "") return false;
  return new Promise((resolve) => {
    const socket = connect(
      { host: "127.0.0.1", servername: "localhost", port: lab.names.ports.objectStore, ca, timeout: 2000 },
      () => {
        socket.end();
        resolve(true);
      },
    );
    for (const event of ["error", "timeout"]) {
      socket.once(event, () => {
        socket.destroy();
        resolve(false);
      });
    }
  });
}

async function ensureObjectStoreImage(lab: Lab): Promise<string> {
  const { settings, progress } = lab;
  const spec = objectStoreImage(lab.names, minio.version);
  if (await isBuilt(await lab.engine(), settings.root, spec)) return spec.tag;
  const fetched = await fetchMinio(settings, progress);
  progress.say(describePart(fetched));
  await withInContext(settings, fetched.binary, inContext(lab.names, "minio"), () =>
    progress.during(`building the image ${spec.tag}`, async (detail) =>
      ensureImage(await lab.engine(), settings.root, spec, detail),
    ),
  );
  return spec.tag;
}
