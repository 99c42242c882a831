/** What ssh needs for one host of the fleet, and what vanishes when it is over: an agent with a certificate, and known hosts. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "../../errors/catalogue.js";
import { childEnvironment } from "../../settings/login.js";
import { splitKeyLine } from "../../ssh/key-line.js";
import { connectAgent } from "../../ssh/agent/client.js";
import { ephemeralKey, type EphemeralKey } from "../../ssh/agent/ephemeral-key.js";
import { startOwnAgent } from "../../ssh/agent/own-agent.js";
import type { SignedKey } from "../sign.js";
import type { SignedIn } from "../signed-in.js";
import { certify } from "./certify.js";
import type { Hop } from "./hop.js";
import { knownHostsOf } from "./known-hosts.js";
import { privateFolder } from "./private-folder.js";

export interface Door extends AsyncDisposable {
  /** The agent's socket. */
  readonly agent: string;
  /** A file. */
  readonly knownHosts: string;
}

/** @throws as certify, privateFolder, startOwnAgent and AgentClient.add; nothing is left behind then */
export async function openDoor(signedIn: SignedIn, { name, account, rule }: Hop): Promise<Door> {
  using key = ephemeralKey();
  const [signing, starting] = await Promise.allSettled([
    certify(signedIn, { rule, accounts: [account], publicKey: key.key }),
    startAgent(),
  ]);
  if (starting.status === "rejected") throw signing.status === "rejected" ? signing.reason : starting.reason;
  const { folder, socket, dispose } = starting.value;
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

/** An agent of its own in a folder of its own. */
async function startAgent() {
  const folder = await privateFolder();
  try {
    const agent = await startOwnAgent(folder.path, childEnvironment());
    const dispose = async () => {
      await agent[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    };
    return { folder: folder.path, socket: agent.socket, dispose };
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
}

/** The agent forgets the key when the certificate expires. */
async function handOver(socket: string, key: EphemeralKey, { certificate, line }: SignedKey): Promise<void> {
  using agent = await connectAgent(socket);
  const left = Number(certificate.validBefore) - Math.floor(Date.now() / 1000);
  const { blob } = splitKeyLine(line, (reason) => fail("LOGIN_AGENT_FAILED", { reason }));
  await agent.add(key, blob, certificate.keyId, Math.max(1, left));
}
