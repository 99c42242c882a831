/** A folder for one login, on a memory file system where there is one, that only its owner can enter. */
import { rmSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail, reasonOf } from "../../errors/catalogue.js";
import { isPrivateInMemory } from "../../ground/memory-folder.js";
import { runtimeFolder } from "../../settings/login.js";
import { longestSocketPath, socketIn } from "../../ssh/agent/own-agent.js";

export interface PrivateFolder extends AsyncDisposable {
  readonly path: string;
}

/** @throws LOGIN_AGENT_FAILED where no folder is short enough for a socket, or none can be made */
export async function privateFolder(places = usualPlaces()): Promise<PrivateFolder> {
  let problem = "there is no folder for its socket";
  for (const { place, trusted } of places) {
    const prefix = join(place, "ssh-trust-");
    if (!/^[\w./-]+$/.test(prefix)) continue; // ssh_config(5) would read more into other characters
    if (Buffer.byteLength(socketIn(`${prefix}XXXXXX`)) > longestSocketPath) {
      problem = `the path of its socket would be longer than ${String(longestSocketPath)} bytes in ${place}`;
      continue;
    }
    if (!trusted && !(await isPrivateInMemory(place))) continue;
    try {
      const path = await mkdtemp(prefix); // mode 0700, less the umask
      await chmod(path, 0o700);
      return owned(path);
    } catch (error) {
      problem = reasonOf(error);
    }
  }
  throw fail("LOGIN_AGENT_FAILED", { reason: problem });
}

/** Also where this process ends by itself before the folder is disposed of. */
function owned(path: string): PrivateFolder {
  const atExit = () => {
    rmSync(path, { recursive: true, force: true });
  };
  process.once("exit", atExit);
  const dispose = async () => {
    await rm(path, { recursive: true, force: true });
    process.off("exit", atExit);
  };
  return { path, [Symbol.asyncDispose]: dispose };
}

interface Place {
  readonly place: string;
  /** Whether anybody may make folders there, as the system has it. */
  readonly trusted: boolean;
}

function usualPlaces(): readonly Place[] {
  const own = runtimeFolder();
  const shared = ["/dev/shm", tmpdir(), "/tmp"].map((place) => ({ place, trusted: true }));
  return [...(own === undefined ? [] : [{ place: own, trusted: false }]), ...shared];
}
