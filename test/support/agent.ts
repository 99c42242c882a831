/** The agent of Alice, and plain ssh that uses it. */
import { readFile, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { createConnection } from "node:net";
import { dirname, join } from "node:path";
import type { LoginFleet } from "./login-fleet.js";
import { run, succeeds, type Ran } from "./project.js";

export interface Status {
  readonly pid: number;
  readonly socket: string;
  readonly signatures: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly people: readonly {
    readonly name: string | null;
    readonly problem: string | null;
    readonly certificates: readonly { readonly rule: string; readonly reserve: boolean; readonly until: string }[];
  }[];
  readonly decisions: readonly { readonly at: string; readonly kind: string; readonly text: string }[];
}

export interface RunningAgent extends AsyncDisposable {
  readonly socket: string;
  /** For ssh's -F. */
  readonly config: string;
  /** Plain ssh. */
  readonly ssh: (to: string, command: string, ...options: readonly string[]) => Promise<Ran>;
  readonly status: () => Promise<Status>;
  /** What it decided since the last time that this was asked: "kind: text". */
  readonly decided: () => Promise<string>;
  /** It looks after its reserves now. */
  readonly look: () => Promise<void>;
  /** `ssh-trust` as Alice, by her kept sign-in. */
  readonly asAlice: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Ran>;
}

/** As `ssh-trust login` tells it. */
async function askControl(socket: string, ask: string): Promise<void> {
  const control = createConnection(join(dirname(socket), "control.sock"));
  control.write(`${JSON.stringify({ ask })}\n`);
  control.resume();
  await once(control, "end");
}

/** The token is the kept sign-in's, not a variable's. */
const withoutToken = { VAULT_TOKEN: "", BAO_TOKEN: "" };

export async function agentOf(fleet: LoginFleet): Promise<RunningAgent> {
  const file = (name: string) => join(fleet.folder.folder, name);
  const asAlice: RunningAgent["asAlice"] = (args, env = {}) => fleet.asAlice(args, { ...withoutToken, ...env });
  const inHost: RunningAgent["asAlice"] = (args) => fleet.asAliceInHost(args, withoutToken);
  await writeFile(file("token"), fleet.token, { mode: 0o600 });
  await succeeds(asAlice(["login", "--method", "token", "--token-file", file("token")]));
  await succeeds(asAlice(["agent", "start"]));
  const status = async () =>
    JSON.parse((await inHost(["agent", "status", "--format", "json", "--last", "100"])).stdout) as Status;
  const { socket } = await status();
  let told = 0;
  const decided = async () => {
    const { counts, decisions } = await status();
    const all = Object.values(counts).reduce((sum, each) => sum + each, 0);
    const since = all - told;
    told = all;
    return since <= 0
      ? ""
      : decisions
          .slice(-since)
          .map(({ kind, text }) => `${kind}: ${text}`)
          .join("\n");
  };
  const knownHosts = file("fleet_known_hosts");
  await succeeds(inHost(["known-hosts", "--out", knownHosts]));
  const config = file("agent_config");
  const block = `Host *.example.org
  IdentityAgent ${socket}
  IdentitiesOnly no
  IdentityFile none
  PubkeyAcceptedKeyTypes ssh-ed25519-cert-v01@openssh.com
  UserKnownHostsFile ${knownHosts}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  UpdateHostKeys no
  HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com
  PreferredAuthentications publickey
`;
  await writeFile(config, `${block}${await readFile(fleet.config, "utf8")}`);
  return {
    socket,
    config,
    asAlice,
    status,
    decided,
    look: () => askControl(socket, "look"),
    ssh: (to, command, ...options) => run("ssh", ["-F", config, ...options, to, command]),
    [Symbol.asyncDispose]: async () => {
      await succeeds(asAlice(["agent", "stop"]));
    },
  };
}
