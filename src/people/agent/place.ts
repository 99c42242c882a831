/** Where a person's agent is: the same folder at each start, so that a configuration can name its socket. */
import { join } from "node:path";
import { fail, reasonOf } from "../../errors/catalogue.js";
import { makeFolder } from "../../ground/make-folder.js";
import { memoryFolder } from "../../ground/memory-folder.js";
import type { SignInSettings } from "../../settings/sign-in.js";
import { longestSocketPath } from "../../ssh/agent/own-agent.js";

export interface AgentPlace {
  /** Of mode 0700. */
  readonly folder: string;
  /** What ssh asks. */
  readonly socket: string;
  /** What `ssh-trust agent` asks: never forwarded to a host. */
  readonly control: string;
  /** A file with its process id, while it runs. */
  readonly pid: string;
  /** A file that says why nobody can log in by the agent; it is not there where somebody can. */
  readonly notice: string;
}

/**
 * In memory where there is such a folder (XDG_RUNTIME_DIR, or one in /dev/shm); else where this user's programs keep their state.
 * It is made where it is not there yet.
 * @throws AGENT_NO_PLACE where the path is too long for a socket, or the folder cannot be made
 */
export async function agentPlace({ runtime, state }: Pick<SignInSettings, "runtime" | "state">): Promise<AgentPlace> {
  const memory = await memoryFolder("ssh-trust", { runtime });
  const folder = "folder" in memory ? memory.folder : join(state, "agent");
  const at = (name: string) => join(folder, name);
  const place = {
    folder,
    socket: at("agent.sock"),
    control: at("control.sock"),
    pid: at("agent.pid"),
    notice: at("agent.notice"),
  };
  const longest = Buffer.byteLength(place.control);
  if (longest > longestSocketPath) {
    const reason = `${place.control} has ${String(longest)} bytes, and the path of a socket may have ${String(longestSocketPath)}`;
    throw fail("AGENT_NO_PLACE", { reason });
  }
  await makeFolder(folder, 0o700).catch((error: unknown) => {
    throw fail("AGENT_NO_PLACE", { reason: reasonOf(error) }, error);
  });
  return place;
}
