/** The laptop: the client of the small cloud, and the one whose `~/.ssh` fills up. */
import { removeContainer, startContainer } from "../docker/containers.js";
import { inspectContainer } from "../docker/inspect.js";
import { logOf } from "../docker/log.js";
import { readFileIn } from "../docker/files.js";
import { fail } from "../../src/errors/catalogue.js";
import { lab as names } from "../../src/settings.js";
import { laptopImage } from "../images.js";
import type { Lab } from "../lab.js";
import { listMachines } from "./machines.js";
import { ensureCloud } from "./networks.js";

const { laptop, network, elastic } = names.cloud;

export async function startLaptop(lab: Lab): Promise<void> {
  const engine = await lab.engine();
  await ensureCloud(lab);
  const outcome = await lab.progress.during("starting the laptop", () =>
    startContainer(
      engine,
      {
        name: laptop.name,
        image: laptopImage.tag,
        places: [
          { network: network.name, address: laptop.addresses.network },
          { network: elastic.name, address: laptop.addresses.elastic },
        ],
        env: {},
        files: [],
        capabilities: [],
      },
      {
        what: "the laptop to make its key",
        seconds: 20,
        again: "npm run stop-laptop && npm run start-laptop",
        check: async () => (await logOf(engine, laptop.name)).includes("the laptop is ready"),
      },
    ),
  );
  const state = outcome === "kept" ? "runs already" : "started, and knows no host";
  lab.progress.say(`the laptop ${state}; sit down at it: docker exec -it ${laptop.name} bash`);
  if (outcome === "kept") return;
  const locked = (await listMachines(lab)).map(({ name }) => name);
  if (locked.length > 0) {
    const they = locked.length === 1 ? `the machine ${locked.join()} lets` : `the machines ${locked.join(", ")} let`;
    lab.progress.say(`${they} in the key of the laptop before, not this one's: terminate and launch what you need of them`);
  }
}

export async function stopLaptop(lab: Lab): Promise<void> {
  const stopped = await removeContainer(await lab.engine(), laptop.name);
  lab.progress.say(stopped ? "the laptop stopped; what it knew is gone with it" : "the laptop was not running");
}

export async function isLaptopUp(lab: Lab): Promise<boolean> {
  const state = await inspectContainer(await lab.engine(), laptop.name);
  return state?.running === true && state.ours;
}

/** The public key of the person at the laptop, one line. @throws KEY_FILE_MISSING */
export async function laptopPublicKey(lab: Lab): Promise<string> {
  const file = `/home/${laptop.user}/.ssh/id_ed25519.pub`;
  const line = await readFileIn(await lab.engine(), laptop.name, file);
  if (line === undefined) throw fail("KEY_FILE_MISSING", { file: `${laptop.name}:${file}` });
  return line;
}
