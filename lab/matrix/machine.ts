/** A container of the matrix. */
import { removeContainer, startNewContainer } from "../docker/containers.js";
import { execIn, type Executed, type ExecOptions } from "../docker/exec.js";
import { putFiles } from "../docker/files.js";
import { inspectContainer } from "../docker/inspect.js";
import { ensureNetwork } from "../docker/networks.js";
import type { ContainerSpec } from "../docker/spec.js";
import type { TarFile } from "../docker/tar.js";
import { task } from "../errors/task.js";
import type { Lab } from "../lab.js";
import { domain } from "../story.js";
import type { Suite } from "../toolchain/versions.js";
import { capabilities } from "../tutorial/hosts.js";

export interface Machine extends AsyncDisposable {
  /** Its name on the network. */
  readonly address: string;
  readonly run: (command: readonly string[], options?: ExecOptions) => Promise<Executed>;
  /** Runs a script of a case's own, in dash. */
  readonly sh: (script: string, options?: ExecOptions) => Promise<Executed>;
  readonly put: (files: readonly TarFile[]) => Promise<void>;
}

const ours = "io.ssh-trust.matrix";

/** @param use what it is there for, beside the release that it is of: "" or such as "dash" */
export async function startMachine(
  lab: Lab,
  suite: Suite,
  use: string,
  own: Pick<ContainerSpec, "env" | "files"> = { env: {}, files: [] },
): Promise<Machine> {
  const engine = await lab.engine();
  const called = ["matrix", suite, ...(use === "" ? [] : [use])].join("-");
  const name = lab.names.container(called);
  const address = `${called}.${domain}`;
  // What a killed run left behind; a machine of the cloud may have the name too.
  if ((await inspectContainer(engine, name))?.labels[ours] !== undefined) await removeContainer(engine, name);
  await ensureNetwork(engine, lab.names.network);
  await startNewContainer(
    engine,
    {
      name,
      image: lab.names.image(`openssh-${suite}`),
      places: [{ network: lab.names.network, aliases: [address] }],
      capabilities,
      labels: { [ours]: suite },
      ...own,
    },
    { what: "it to start", seconds: 30, again: task("matrix"), check: () => Promise.resolve(true), signal: lab.signal },
  );
  const run = (command: readonly string[], options?: ExecOptions) => execIn(engine, name, command, options);
  return {
    address,
    run,
    sh: (script, options) => run(["sh", "-c", script], options),
    put: (files) => putFiles(engine, name, files),
    [Symbol.asyncDispose]: async () => {
      await removeContainer(engine, name);
    },
  };
}
