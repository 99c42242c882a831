/** Starting the doors of a container. */
import { waitUntil } from "../../src/ground/wait.js";
import { configOf, doorsFor, logOfDoor, pidFileOf, render } from "./doors.js";
import { at } from "./kit.js";
import type { Machine } from "./machine.js";

export const clientUser = "client";

/** A door that does not open says why in its log; the cases that knock there show it. */
export async function openDoors(machine: Machine, version: string): Promise<void> {
  const all = doorsFor(version);
  await machine.put(all.map((door) => ({ path: configOf(door.name), content: render(door, version), mode: 0o644 })));
  const copies = ["renewed", "reloaded"].map((name) => `cp ${at("host_good-cert.pub")} ${at(`${name}-cert.pub`)}`);
  const start = all.map(({ name }) => `/usr/sbin/sshd -f ${configOf(name)} -E ${logOfDoor(name)}`);
  await machine.sh([...copies, `chown ${clientUser} /matrix/user_*`, ...start].join("\n"));
  const isOpen = async () => {
    const { stdout } = await machine.sh(`ls ${all.map(({ name }) => pidFileOf(name)).join(" ")} 2>/dev/null | wc -l`);
    return Number(stdout) === all.length;
  };
  await waitUntil(isOpen, { seconds: 5, every: 200 });
}
