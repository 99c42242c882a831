/** The directory of the lab's fleet, as a container: at the port of this machine that the fleet file names. */
import { cp, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Fleet } from "../../src/fleet/fleet.js";
import { build, ensureBase } from "../base-image.js";
import { removeContainer, startContainer } from "../docker/containers.js";
import type { TarFile } from "../docker/tar.js";
import { fail, reasonOf } from "../errors/catalogue.js";
import { task } from "../errors/task.js";
import { readLabFleet } from "../fleet/fleet.js";
import { directoryImage } from "../images.js";
import type { Lab } from "../lab.js";
import type { LabNames } from "../names.js";

export interface DirectoryOptions {
  /** Holds the token that it reads Vault with. */
  readonly tokenFile: string;
  /** Puts the modules of ssh-trust into a folder, as they are published. */
  readonly bundle: (to: string) => Promise<void>;
}

const nameIn = ({ container }: LabNames) => container("directory");
/** The user that the image runs as. */
const nobody = 65_532;
const files = { token: "/run/secrets/directory-token", vaultCa: "/run/secrets/vault-ca.pem" };

/** @throws DIRECTORY_NOT_IN_FLEET, USAGE, IMAGE_BUILD_FAILED, CONTAINER_NOT_READY, … */
export async function startDirectory(lab: Lab, options: DirectoryOptions): Promise<void> {
  const { names, settings, progress } = lab;
  const { directory } = await readLabFleet(lab);
  if (directory === undefined) throw fail("DIRECTORY_NOT_IN_FLEET", undefined);
  const secrets = await secretsOf(lab, options.tokenFile);
  const image = await ensureDirectoryImage(lab, options.bundle);
  const { address, namespace } = settings.vault;
  const outcome = await progress.during("starting the directory", async () =>
    startContainer(
      await lab.engine(),
      {
        name: nameIn(names),
        image,
        // Its port is one of this machine's own: others do not reach it, and who asks is this machine.
        places: [{ network: "host" }],
        env: {
          VAULT_ADDR: address,
          ...(namespace === undefined ? {} : { VAULT_NAMESPACE: namespace }),
          ...(secrets.some(({ path }) => path === files.vaultCa) ? { VAULT_CACERT: files.vaultCa } : {}),
        },
        files: secrets,
        args: ["--http", "--listen", `127.0.0.1:${portOf(directory)}`, "--token-file", files.token],
        capabilities: [],
      },
      {
        what: "the directory to answer",
        seconds: 60,
        again: task("directory", `start --token-file ${options.tokenFile}`),
        check: () => answers(directory),
        signal: lab.signal,
      },
    ),
  );
  progress.say(`the directory ${outcome === "kept" ? "runs already" : "runs"}: ${directory.address}`);
}

export async function stopDirectory(lab: Lab): Promise<void> {
  const stopped = await removeContainer(await lab.engine(), nameIn(lab.names));
  lab.progress.say(stopped ? "the directory stopped" : "the directory was not running");
}

type FleetDirectory = NonNullable<Fleet["directory"]>;

const portOf = ({ address }: FleetDirectory): string => {
  const { port, protocol } = new URL(address);
  return port === "" ? (protocol === "https:" ? "443" : "80") : port;
};

const answers = (directory: FleetDirectory): Promise<boolean> =>
  fetch(`http://127.0.0.1:${portOf(directory)}/healthz`, {
    headers: { host: new URL(directory.address).host },
    signal: AbortSignal.timeout(2000),
  }).then(
    ({ ok }) => ok,
    () => false,
  );

async function secretsOf({ settings }: Lab, tokenFile: string): Promise<readonly TarFile[]> {
  const read = (file: string) =>
    readFile(file, "utf8").catch((error: unknown) => {
      throw fail("USAGE", { what: `${file}: ${reasonOf(error)}`, help: task("directory", "start --help") }, error);
    });
  const { caCert, caText } = settings.vault.tls;
  const ca = caCert === undefined ? caText : await read(caCert);
  const secret = { uid: nobody, mode: 0o400 };
  return [
    { path: files.token, content: await read(tokenFile), ...secret },
    ...(ca === undefined ? [] : [{ path: files.vaultCa, content: ca, ...secret }]),
  ];
}

/** Built from the package's own files, in the release of Debian whose Node.js it needs. */
async function ensureDirectoryImage(lab: Lab, bundle: DirectoryOptions["bundle"]): Promise<string> {
  const { settings, names } = lab;
  const engine = await lab.engine();
  const base = await ensureBase(lab, engine, "trixie");
  const folder = join(settings.root, names.folder, "build", "package");
  await rm(folder, { recursive: true, force: true });
  try {
    await mkdir(folder, { recursive: true });
    for (const name of ["bin", "package.json"]) await cp(join(settings.root, name), join(folder, name), { recursive: true });
    await bundle(join(folder, "dist"));
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = found
      .filter((entry) => entry.isFile())
      .map((entry) => relative(settings.root, join(entry.parentPath, entry.name)));
    const spec = directoryImage(names, base, relative(settings.root, folder), paths.sort());
    await build(lab, engine, spec);
    return spec.tag;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
