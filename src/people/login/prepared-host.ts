/** What ssh needs for one host of the fleet, and what vanishes when it is over: an agent with a certificate, and known hosts. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connectAgent } from "../../ssh/agent/client.js";
import { ephemeralKey, type EphemeralKey } from "../../ssh/agent/ephemeral-key.js";
import { addSigned, type SignedKey } from "../sign.js";
import type { SignedIn } from "../signed-in.js";
import { certify } from "./certify.js";
import type { Hop } from "./hop.js";
import { knownHostsOf } from "./known-hosts.js";
import { startPrivateAgent } from "./private-agent.js";

export interface PreparedHost extends AsyncDisposable {
  /** The agent's socket. */
  readonly agent: string;
  /** A file. */
  readonly knownHosts: string;
}

/** @throws as certify, privateFolder, startOwnAgent and AgentClient.add; nothing is left behind then */
export async function prepareHost(signedIn: SignedIn, { name, account, rule }: Hop): Promise<PreparedHost> {
  using key = ephemeralKey();
  const [signing, starting] = await Promise.allSettled([
    certify(signedIn, { rule, accounts: [account], publicKey: key.key }),
    startPrivateAgent(),
  ]);
  if (starting.status === "rejected") throw signing.status === "rejected" ? signing.reason : starting.reason;
  const { folder, socket } = starting.value;
  const dispose = () => starting.value[Symbol.asyncDispose]();
  try {
    if (signing.status === "rejected") throw signing.reason;
    const knownHosts = join(folder, "known_hosts");
    await writeFile(knownHosts, knownHostsOf(name, signedIn.stored.cas.host), { mode: 0o600, flag: "wx" });
    await handOver(socket, key, signing.value);
    return { agent: socket, knownHosts, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function handOver(socket: string, key: EphemeralKey, signed: SignedKey): Promise<void> {
  using agent = await connectAgent(socket);
  await addSigned(agent, key, signed);
}
