/** When a machine has booted. */
import { execIn, waitingFor } from "../docker/exec.js";
import { inspectContainer } from "../docker/inspect.js";
import { logOf } from "../docker/log.js";
import type { Ready } from "../docker/ready.js";
import type { Lab } from "../lab.js";
import { containerOf, labels } from "./naming.js";

/** The condition that a machine has booted. @param again the command to try it again with */
export const booting = (lab: Lab, machine: string, again: string): Ready => ({
  what: "its sshd to listen",
  seconds: 60,
  every: 200,
  again,
  check: () => listens(lab, machine),
  signal: lab.signal,
});

/**
 * Whether sshd has listened in the machine's present run: since the one before ended. (The engine may note the start of a run
 * only after its first words.)
 */
async function listens(lab: Lab, machine: string): Promise<boolean> {
  const engine = await lab.engine();
  const state = await inspectContainer(engine, containerOf(lab.names, machine));
  if (state?.running !== true) return false;
  if (state.labels[labels.boots] !== undefined) return greets(lab, machine);
  const log = await logOf(
    engine,
    containerOf(lab.names, machine),
    state.endedBefore === undefined ? {} : { since: state.endedBefore },
  );
  return log.includes("Server listening on 0.0.0.0 port 22");
}

/** Whether something on port 22 begins with SSH's banner (RFC 4253, 4.2): systemd keeps what sshd logs to itself. */
async function greets(lab: Lab, machine: string): Promise<boolean> {
  const look = "(exec 3<>/dev/tcp/127.0.0.1/22 && head -c 4 <&3) 2>/dev/null";
  const { stdout } = await execIn(await lab.engine(), containerOf(lab.names, machine), waitingFor(look, "bash"));
  return stdout === "SSH-";
}
