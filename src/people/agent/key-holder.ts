/** OpenSSH's ssh-agent, which holds the keys and signs; started again where it ended, without what it held. */
import { connectAgent, type AgentClient } from "../../ssh/agent/client.js";
import { startPrivateAgent, type PrivateAgent } from "../login/private-agent.js";

export interface KeyHolder extends AsyncDisposable {
  /** @throws LOGIN_AGENT_FAILED, TOOL_MISSING */
  connection(): Promise<AgentClient>;
}

interface Running {
  readonly agent: PrivateAgent;
  readonly client: AgentClient;
}

export function openKeyHolder(): KeyHolder {
  let running: Promise<Running> | undefined;
  const end = async (gone: Promise<Running>) => {
    const { agent, client } = await gone;
    client[Symbol.dispose]();
    await agent[Symbol.asyncDispose]();
  };
  async function start(): Promise<Running> {
    const agent = await startPrivateAgent();
    try {
      return { agent, client: await connectAgent(agent.socket) };
    } catch (error) {
      await agent[Symbol.asyncDispose]();
      throw error;
    }
  }
  async function connection(): Promise<AgentClient> {
    const now = (running ??= start());
    try {
      const { client } = await now;
      if (!client.closed) return client;
    } catch (error) {
      if (running === now) running = undefined; // the next login tries again
      throw error;
    }
    if (running === now) {
      running = undefined;
      await end(now).catch(() => undefined);
    }
    return connection();
  }
  return {
    connection,
    [Symbol.asyncDispose]: async () => {
      const last = running;
      running = undefined;
      if (last !== undefined) await end(last).catch(() => undefined);
    },
  };
}
