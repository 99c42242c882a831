/** OpenSSH's ssh-agent in a folder of its own, which goes with it. */
import { childEnvironment } from "../../settings/login.js";
import { startOwnAgent, type OwnAgent } from "../../ssh/agent/own-agent.js";
import { privateFolder } from "./private-folder.js";

export interface PrivateAgent extends OwnAgent {
  /** Where more can be laid beside the socket. */
  readonly folder: string;
}

/** @throws what privateFolder and startOwnAgent throw; nothing is left behind then */
export async function startPrivateAgent(): Promise<PrivateAgent> {
  const folder = await privateFolder();
  try {
    const agent = await startOwnAgent(folder.path, childEnvironment());
    const dispose = async () => {
      await agent[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    };
    return { folder: folder.path, socket: agent.socket, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
}
