/** A fleet file in a folder of its own, and `ssh-trust apply` there as an operator types it. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sshTrustInHost } from "./in-host.js";
import { run, sshTrustFile, type Ran } from "./project.js";
import type { Server } from "./servers.js";

export interface FleetFolder extends AsyncDisposable {
  readonly folder: string;
  readonly file: string;
  /** Replaces text of the fleet file; it must be there. */
  readonly edit: (from: string | RegExp, to: string) => Promise<void>;
  readonly write: (text: string) => Promise<void>;
  /** `ssh-trust <args>` in the folder. @param token root's where it is left out */
  readonly sshTrust: Call;
  /** The same as a process of its own. */
  readonly sshTrustProcess: Call;
}

type Call = (args: readonly string[], token?: string, env?: Record<string, string>) => Promise<Ran>;

/** The file that the tests begin with. */
export const fleetText = (vault: string): string => `vault: ${vault}
domains: [example.org]
hosts:
  web: { names: "web-*.example.org", also: [www.example.org], accounts: [deploy, ops], for: 72h }
  db: { names: "db-*.example.org", accounts: [postgres-admin] }
people:
  platform: {}
  dba: {}
access:
  - { name: platform-web, who: platform, on: web, as: [deploy, ops], for: 1m, with: [pty] }
  - { name: dba-db, who: dba, on: db, as: [postgres-admin], for: 1m, with: [pty, port-forwarding], reserve: 1h }
session: 10h
`;

/** Every file below a folder, but the programs that Terraform keeps there. */
export async function textsBelow(folder: string): Promise<readonly (readonly [name: string, text: string])[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  const ours = files.filter((file) => !file.includes("/.terraform/providers/"));
  return Promise.all(ours.map(async (file) => [file, await readFile(file, "latin1")] as const));
}

export async function fleetFolder(server: Server): Promise<FleetFolder> {
  const folder = await mkdtemp(join(tmpdir(), "ssh-trust-fleet-"));
  const file = join(folder, "ssh-trust.yaml");
  const write = (text: string) => writeFile(file, text);
  await write(fleetText(server.address));
  const environment = (token: string | undefined, env: Record<string, string>) => ({
    ...server.env(token),
    VAULT_NAMESPACE: "",
    ...env,
  });
  return {
    folder,
    file,
    write,
    async edit(from, to) {
      const before = await readFile(file, "utf8");
      const after = before.replace(from, to);
      if (after === before) throw new Error(`the fleet file has no ${String(from)}`);
      await write(after);
    },
    sshTrust: (args, token, env = {}) => sshTrustInHost(args, { cwd: folder, env: environment(token, env) }),
    sshTrustProcess: (args, token, env = {}) =>
      run(process.execPath, [sshTrustFile, ...args], { cwd: folder, env: environment(token, env) }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
