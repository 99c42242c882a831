/** When a machine has booted. */
import { inspectContainer } from "../../docker/inspect.js";
import { logOf } from "../../docker/log.js";
import type { Ready } from "../../docker/ready.js";
import type { Lab } from "../lab.js";
import { containerOf } from "./naming.js";

/** The condition that a machine has booted. @param again the command to try it again with */
export const booting = (lab: Lab, machine: string, again: string): Ready => ({
  what: "its sshd to listen",
  seconds: 40,
  again,
  check: () => listens(lab, machine),
});

/** Whether sshd has listened since the machine's last boot. */
async function listens(lab: Lab, machine: string): Promise<boolean> {
  const engine = await lab.engine();
  const since = (await inspectContainer(engine, containerOf(machine)))?.startedAt;
  if (since === undefined) return false;
  return (await logOf(engine, containerOf(machine), { since })).includes("Server listening on 0.0.0.0 port 22");
}
