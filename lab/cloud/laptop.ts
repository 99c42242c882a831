/** The laptop: the client of the small cloud, and the one whose `~/.ssh` fills up. */
import { removeContainer, startContainer } from "../docker/containers.js";
import { inspectContainer } from "../docker/inspect.js";
import { logOf } from "../docker/log.js";
import { readFileIn } from "../docker/files.js";
import { fail } from "../errors/catalogue.js";
import { task } from "../errors/task.js";
import type { Lab } from "../lab.js";
import { listMachines } from "./machines.js";
import { ensureCloud } from "./networks.js";
import { laptopUser } from "../story.js";

export async function startLaptop(lab: Lab): Promise<void> {
  const engine = await lab.engine();
  const { cloud, elastic, addresses, image, container } = lab.names;
  const name = container("laptop");
  await ensureCloud(lab);
  const outcome = await lab.progress.during("starting the laptop", () =>
    startContainer(
      engine,
      {
        name,
        image: image("laptop"),
        places: [
          { network: cloud.name, address: addresses.laptop.cloud },
          { network: elastic.name, address: addresses.laptop.elastic },
        ],
        env: {},
        files: [],
        capabilities: [],
      },
      {
        what: "the laptop to make its key",
        seconds: 20,
        again: `${task("stop-laptop")} && ${task("start-laptop")}`,
        check: async () => (await logOf(engine, name)).includes("the laptop is ready"),
        signal: lab.signal,
      },
    ),
  );
  const state = outcome === "kept" ? "runs already" : "started, and knows no host";
  lab.progress.say(`the laptop ${state}; sit down at it: docker exec -it ${name} bash`);
  if (outcome === "kept") return;
  const locked = (await listMachines(lab)).map((machine) => machine.name);
  if (locked.length > 0) {
    const they = locked.length === 1 ? `the machine ${locked.join()} lets` : `the machines ${locked.join(", ")} let`;
    lab.progress.say(
      `${they} in the previous laptop's key, not this one's: terminate those that you need, and launch them again`,
    );
  }
}

export async function stopLaptop(lab: Lab): Promise<void> {
  const stopped = await removeContainer(await lab.engine(), lab.names.container("laptop"));
  lab.progress.say(stopped ? "the laptop stopped; its known_hosts and keys are lost" : "the laptop was not running");
}

export async function isLaptopUp(lab: Lab): Promise<boolean> {
  const state = await inspectContainer(await lab.engine(), lab.names.container("laptop"));
  return state?.running === true && state.ours;
}

/** The public key of the person at the laptop, one line. @throws KEY_FILE_MISSING */
export async function laptopPublicKey(lab: Lab): Promise<string> {
  const file = `/home/${laptopUser}/.ssh/id_ed25519.pub`;
  const line = await readFileIn(await lab.engine(), lab.names.container("laptop"), file);
  if (line === undefined) throw fail("KEY_FILE_MISSING", { file: `${lab.names.container("laptop")}:${file}` });
  return line;
}
