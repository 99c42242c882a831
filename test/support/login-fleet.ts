/** A fleet with real hosts: an sshd for each, certified by Vault as a host has it done; and Alice, who is signed in. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll } from "@jest/globals";
import { applyFleet, enrol, setMembers, text, type AppliedFleet } from "./applied-fleet.js";
import { sshTrustInHost } from "./in-host.js";
import { startSshd, type OwnSshd, type SshdOptions } from "./own-sshd.js";
import { signedIn } from "./people.js";
import { run, sshTrustFile, succeeds, type Ran } from "./project.js";
import { serverKinds, type ServerKind } from "./servers.js";

/** Alice is of the group platform; nobody is of dba. */
const fileText = (vault: string): string => `vault: ${vault}
domains: [example.org]
hosts:
  web: { names: "web-*.example.org", also: [www.example.org], accounts: [root, deploy, ops] }
  db: { names: "db-*.example.org", accounts: [root, ops] }
  jump: { names: "jump-*.example.org", accounts: [ops] }
  gate: { names: "gate-*.example.org", accounts: [ops] }
people:
  platform: {}
  dba: {}
access:
  - { name: platform-web, who: platform, on: web, as: [deploy, ops], for: 1m, with: [pty] }
  - name: platform-tunnels
    who: platform
    on: web
    as: [deploy]
    for: 1m
    with: [pty, port-forwarding, agent-forwarding]
    forward-to: [web]
  - { name: platform-jump, who: platform, on: jump, as: [ops], for: 1m, with: [port-forwarding] }
  - { name: platform-gate, who: platform, on: gate, as: [ops], for: 1m, with: [pty], reserve: 1h }
  - { name: dba-db, who: dba, on: db, as: [ops], for: 1m, with: [pty] }
limits: { sign-in: 1000, sign: 1000, store: 1000 }
`;

export const hosts = { "web-1": "web", "jump-1": "jump", "gate-1": "gate" } as const;
export type HostName = keyof typeof hosts;

type CallAlice = (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Ran>;

export interface LoginFleet extends AppliedFleet {
  readonly folder: AppliedFleet["folder"];
  /** Alice's. */
  readonly token: string;
  readonly sshds: Readonly<Record<HostName, OwnSshd>>;
  /** A host's private key, for another sshd. */
  readonly hostKey: string;
  readonly userCa: string;
  /** Certifies the host key as a host of the fleet's: by its own token, for its own name. */
  readonly certified: (name: string, group: string, ttl?: string) => Promise<string>;
  /** Another sshd with that key. */
  readonly sshd: (options: Partial<SshdOptions>) => Promise<OwnSshd>;
  /** A file for ssh's -F: `web-1.example.org` and the others lead to their sshd. */
  readonly config: string;
  /** `ssh-trust` as Alice. */
  readonly asAlice: CallAlice;
  /** The same without a process of its own. */
  readonly asAliceInHost: CallAlice;
  /** Her XDG_RUNTIME_DIR, in memory. */
  readonly runtime: string;
  /** What asAlice sets. */
  readonly env: Readonly<Record<string, string>>;
}

/** @param more lines of the fleet file */
export async function openLoginFleet(kind: ServerKind, more = ""): Promise<LoginFleet> {
  const fleet = await applyFleet(kind, (vault) => `${fileText(vault)}${more}`);
  const opened: AsyncDisposable[] = [fleet];
  const dispose = async () => {
    for (const each of opened.reverse()) await each[Symbol.asyncDispose]();
  };
  try {
    const { must, server, folder } = fleet;
    const file = (name: string) => join(folder.folder, name);
    const token = await signedIn(server, "alice");
    const alice = text((await must("identity/entity/name/alice")).data, "id");
    await setMembers(fleet, "platform", (members) => [...members, alice]);

    const hostKey = file("host_key");
    await succeeds(run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", hostKey]));
    const publicKey = (await readFile(`${hostKey}.pub`, "utf8")).trim();
    const certified: LoginFleet["certified"] = async (name, group, ttl = "1h") => {
      const host = await enrol(fleet, "example.org", name, group);
      const body = { public_key: publicKey, cert_type: "host", valid_principals: `${name}.example.org`, ttl };
      return text((await must(`host-ssh/sign/${group}`, { token: host.token, body })).data, "signed_key").trim();
    };
    const userCa = text((await must("user-ssh/public_key")).data, "text").trim();
    const sshd: LoginFleet["sshd"] = (options) => startSshd({ hostKey, userCa, group: "web", ...options });
    const started = await Promise.all(
      Object.entries(hosts).map(async ([name, group]) => {
        const one = await sshd({ group, hostCertificate: await certified(name, group) });
        opened.push(one);
        return [name, one] as const;
      }),
    );
    const sshds = Object.fromEntries(started) as unknown as LoginFleet["sshds"];
    const entries = started.map(([name, { port }]) => entryOf(`${name}.example.org`, port));
    await writeFile(file("config"), entries.join(""));
    const runtime = await mkdtemp("/dev/shm/test-");
    opened.push({ [Symbol.asyncDispose]: () => rm(runtime, { recursive: true, force: true }) });
    const env = {
      XDG_RUNTIME_DIR: runtime,
      ...server.env(token),
      VAULT_ADDR: server.address,
      HOME: folder.folder,
      XDG_STATE_HOME: "",
      SSH_AUTH_SOCK: "",
    };
    const asAlice: LoginFleet["asAlice"] = (args, more = {}) =>
      run(process.execPath, [sshTrustFile, ...args], { cwd: folder.folder, env: { ...env, ...more } });
    const asAliceInHost: LoginFleet["asAlice"] = (args, more = {}) =>
      sshTrustInHost(args, { cwd: folder.folder, env: { ...env, ...more } });
    const calls = { asAlice, asAliceInHost, env, runtime };
    const made = { token, sshds, hostKey, userCa, certified, sshd, config: file("config"), ...calls };
    return { ...fleet, ...made, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** One at each server, for the tests of a file: there before the first of them, gone after the last. */
export function loginFleets(): (kind: ServerKind) => LoginFleet {
  let fleets: ReadonlyMap<ServerKind, LoginFleet> = new Map();
  beforeAll(async () => {
    fleets = new Map(await Promise.all(serverKinds.map(async (kind) => [kind, await openLoginFleet(kind)] as const)));
  }, 180_000);
  afterAll(async () => {
    await Promise.all([...fleets.values()].map((each) => each[Symbol.asyncDispose]()));
  });
  return (kind) => {
    const fleet = fleets.get(kind);
    if (fleet === undefined) throw new Error(`there is no fleet at ${kind}`);
    return fleet;
  };
}

/** Of ssh_config(5): a name that leads to a port here. */
export const entryOf = (name: string, port: number): string =>
  `Host ${name}\n  HostName 127.0.0.1\n  HostKeyAlias ${name}\n  Port ${String(port)}\n`;
