/** An apply that is killed or interrupted at any moment, and two at once: the same command, run again, comes to its end. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { fleetFolder, fleetText, type FleetFolder } from "../support/fleet.js";
import { operatorToken } from "../support/operator.js";
import { sshTrustFile } from "../support/project.js";
import { startProxy, type Proxy } from "../support/proxy.js";
import { differences, snapshotOf } from "../support/vault-snapshot.js";
import { serverKinds, startServer, type Server } from "../support/servers.js";

jest.setTimeout(240_000);

interface Moment {
  /** Of a request, as the proxy says it. */
  readonly at: RegExp;
  /** Whether Vault still gets that request. */
  readonly passes: boolean;
  /** Whether Terraform is killed as well; else it comes to its end alone. */
  readonly terraformToo?: boolean;
}

const moments: readonly Moment[] = [
  { at: /^GET sys\/health/, passes: false },
  { at: /^GET sys\/mounts$/, passes: true },
  { at: /^(POST|PUT) sys\/mounts\/host-ssh$/, passes: true, terraformToo: true },
  { at: /^(POST|PUT) user-ssh\/roles\//, passes: true, terraformToo: true },
  // Anything that is Terraform's: which of them are left by now is not the same each time.
  { at: /^(POST|PUT) (sys|identity\/group|host-ssh\/roles|user-ssh\/roles|ssh-trust\/config)/, passes: false },
  // Each of these leaves a claim, which the next apply respects for a while.
  { at: /^(POST|PUT) host-ssh\/config\/ca/, passes: false },
  { at: /^(POST|PUT) user-ssh\/config\/ca/, passes: true },
  { at: /^(POST|PUT) ssh-trust\/data\/fleet/, passes: false },
];

/** Processes below another, by /proc. */
async function descendants(of: number): Promise<number[]> {
  const parents = await Promise.all(
    (await readdir("/proc"))
      .filter((name) => /^\d+$/.test(name))
      .map(async (pid) => {
        const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
        return [Number(pid), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1])] as const;
      }),
  );
  const below = parents.filter(([, parent]) => parent === of).map(([pid]) => pid);
  return [...below, ...(await Promise.all(below.map(descendants))).flat()];
}

const kill = (pid: number) => {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended
  }
};

describe.each(serverKinds)("%s", (kind) => {
  let server: Server;
  let fleet: FleetFolder;
  let proxy: Proxy;
  let token: string;

  beforeAll(async () => {
    server = await startServer(kind);
    fleet = await fleetFolder(server);
    proxy = await startProxy(server);
    token = await operatorToken(server, fleetText(server.address));
  }, 300_000);
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await fleet[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const start = (args: readonly string[] = []) =>
    spawn(process.execPath, [sshTrustFile, "apply", "--yes", "--vault", proxy.address, ...args], {
      cwd: fleet.folder,
      env: { ...process.env, ...server.env(token), VAULT_NAMESPACE: "" },
      stdio: ["ignore", "ignore", "pipe"],
    });
  const again = (sshTrust = fleet.sshTrust) => sshTrust(["apply", "--yes", "--vault", proxy.address], token);

  /** Runs it as its hints say, until there is nothing to change. */
  async function untilDone(inFolder = fleet, at = { through: proxy.address, as: token }): Promise<void> {
    const said: string[] = [];
    for (const flags of [[], [], ["--adopt"], []]) {
      const ran = await inFolder.sshTrust(["apply", "--yes", "--vault", at.through, ...flags], at.as);
      if (ran.exit === 0 && ran.stdout.includes("nothing to change")) return;
      said.push(ran.all);
    }
    throw new Error(`it is never done: ${said.join("\n")}`);
  }

  /** @returns how it ended */
  async function stoppedAt({ at, passes, terraformToo = false }: Moment, signal: "SIGKILL" | "SIGINT" = "SIGKILL") {
    let hit = false;
    const wasReached = () => hit;
    let said = "";
    const running = start(["--adopt"]);
    const ended = once(running, "exit");
    running.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    proxy.gate = async (asked) => {
      if (hit) return terraformToo ? { status: 400 } : undefined;
      if (!at.test(asked)) return undefined;
      hit = true;
      const below = terraformToo ? await descendants(running.pid ?? 0) : [];
      running.kill(signal);
      for (const pid of below) kill(pid);
      return passes ? undefined : { status: 400 };
    };
    const [status] = (await ended) as [number | null];
    if (!wasReached()) throw new Error(`${String(at)} was not reached: ${said}`);
    if (terraformToo) proxy.gate = undefined;
    return { status, said };
  }

  /** Keys that were made in a CA's mount: OpenBao makes another where it is asked twice. */
  const keysMade = async (mount: string, of = server) => {
    const issuers = await of.ask(`${mount}/issuers`, { method: "LIST" });
    return kind === "OpenBao" ? (issuers.body.data as { readonly keys: readonly unknown[] }).keys.length : 1;
  };

  test("killed at every step, then run again until there is nothing to change: each CA has one key", async () => {
    // A claim on CA keys is waited for, and protects on OpenBao only: HashiCorp's server takes no second key.
    for (const moment of moments.filter(({ at }) => kind === "OpenBao" || !at.source.includes("config\\/ca"))) {
      await stoppedAt(moment);
      // Terraform itself was killed while it wrote its state: the hint is to move that away.
      const state = join(fleet.folder, "ssh-trust.tfstate");
      if (moment.terraformToo === true && (await readFile(state, "utf8").catch(() => "{}")) === "") await rm(state);
    }
    proxy.gate = undefined;
    await untilDone();
    expect([await keysMade("host-ssh"), await keysMade("user-ssh")]).toEqual([1, 1]);
    expect(proxy.asked.filter((asked) => asked === "POST user-ssh/config/ca")).toHaveLength(1);
  });

  test("interrupted once: Terraform comes to its end, and the same command does the rest", async () => {
    const before = await snapshotOf(server);
    await fleet.edit("[example.org]", "[example.org, example.net]");
    const { status, said } = await stoppedAt(
      { at: /^(POST|PUT) sys\/auth\/ssh-trust\/hosts\/example\.net$/, passes: true },
      "SIGINT",
    );
    proxy.gate = undefined;
    expect({ status, said }).toMatchObject({ status: 130, said: expect.stringContaining("continues from there") });
    const limit = "sys/quotas/rate-limit/ssh-trust-limit-auth.ssh-trust.hosts.example.net";
    expect((await server.ask(limit)).status).toBe(200); // what Terraform does last
    await untilDone();
    expect(differences(before, await snapshotOf(server))).toEqual(
      [`+ ${limit}`, "+ sys/auth/ssh-trust/hosts/example.net/", "~ ssh-trust/data/fleet"].sort(),
    );
  });

  test("Vault fails between making a mount and saying so: the mount is kept, and brought to what it should be", async () => {
    await fleet.edit("[example.org, example.net]", "[example.org, example.net, example.com]");
    let made = false;
    proxy.gate = (asked) => {
      if (made && asked.startsWith("GET sys/")) return Promise.resolve({ status: 400 });
      made ||= /^(POST|PUT) sys\/auth\/ssh-trust\/hosts\/example\.com$/.test(asked);
      return Promise.resolve(undefined);
    };
    expect((await again()).exit).toBe(1);
    proxy.gate = undefined;
    const { accessor } = (await server.ask("sys/auth/ssh-trust/hosts/example.com")).body.data ?? {};
    const next = await again();
    expect({ ...next, exit: 0 }).toEqual(next);
    await untilDone();
    expect((await server.ask("sys/auth/ssh-trust/hosts/example.com")).body.data).toMatchObject({ accessor });
  });

  test("two at once from one folder: the second waits, and both are right", async () => {
    await fleet.edit("session: 10h", "session: 9h");
    const both = await Promise.all([again(fleet.sshTrustProcess), again(fleet.sshTrustProcess)]);
    expect(both.map(({ exit }) => exit)).toEqual([0, 0]);
    expect(both.filter(({ stdout }) => stdout.includes("nothing to change"))).toHaveLength(1);
    await untilDone();
  });

  if (kind === "OpenBao")
    test("two first applies at once, from two copies: they do not both succeed, and no CA has two keys", async () => {
      await using other = await startServer(kind);
      await using through = await startProxy(other);
      await using one = await fleetFolder(other);
      await using two = await fleetFolder(other);
      const at = { through: through.address, as: other.rootToken };
      const args = ["apply", "--yes", "--vault", at.through];
      const both = await Promise.all([one.sshTrustProcess(args, at.as), two.sshTrustProcess(args, at.as)]);
      // Sometimes neither comes to its end: each has made what the other one wanted to.
      const failed = both.filter(({ exit }) => exit !== 0);
      expect(failed.length).toBeGreaterThan(0);
      for (const { stderr } of failed) expect(stderr).toMatch(/\[(TERRAFORM_FAILED|FLEET_NOT_OURS)\]/);
      await untilDone(both[0].exit === 0 ? two : one, at);
      expect([await keysMade("host-ssh", other), await keysMade("user-ssh", other)]).toEqual([1, 1]);
    });
});
