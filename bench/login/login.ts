/**
 * What a login with plain ssh and the agent costs, against `ssh -i key` with a plain key in authorized_keys on the same host; and the
 * `ssh` verb of Vault's and OpenBao's own programs. In turns.
 */
import { execa } from "execa";
import { join } from "node:path";
import * as z from "zod";
import type { Lab } from "../../lab/lab.js";
import { finish } from "../../lab/face/task.js";
import { print } from "../../src/terminal/report.js";
import { table } from "../../src/terminal/table.js";
import { findProgram } from "../../src/toolchain/find-program.js";
import { percentile } from "../median.js";
import { delayed } from "./delay.js";
import { name, openBenchHost, ports, type BenchHost } from "./host.js";
import { conversationsWith, memoryOf } from "./memory.js";

/** Fewer say little of what is this short. */
const fewest = 30;
/** Of a login, to one with a certificate in a file: what sshd takes to look at a certificate is the same in both. */
const limits = { valid: 1.05, new: 1.05, memory: 1.1 } as const;
/** To Vault and back, in milliseconds. */
const far = 20;
const crowd = 200;

interface Way {
  readonly what: string;
  readonly limit?: number;
  /** Not timed. */
  readonly before?: () => Promise<unknown>;
  readonly login: () => Promise<unknown>;
}

export async function login(lab: Lab, asked: number): Promise<void> {
  const rounds = Math.max(asked, fewest);
  await using host = await openBenchHost(lab);
  const away = await delayed(ports.away, ports.vault, far / 2);
  try {
    await measure(await waysOf(host), rounds, lab);
    await measureCrowd(host);
    await measureMemory(host);
  } finally {
    await away[Symbol.asyncDispose]();
  }
}

async function measure(ways: readonly Way[], rounds: number, lab: Lab): Promise<void> {
  const took = new Map<Way, number[]>(ways.map((way) => [way, []]));
  await lab.progress.during("measuring logins", async (detail) => {
    for (let round = 0; round <= rounds; round++) {
      detail(`round ${String(round)} of ${String(rounds)}`);
      for (const way of ways) {
        await way.before?.();
        const begun = performance.now();
        await way.login();
        if (round > 0) took.get(way)?.push(performance.now() - begun); // the first one warms up
      }
    }
  });
  const [plain, certificate] = ways;
  const times = (way: Way | undefined) => (way === undefined ? [] : (took.get(way) ?? []));
  const ratio = (way: Way, to: Way | undefined, at = 50) => percentile(times(way), at) / percentile(times(to), at);
  print(
    table([
      ["a login", "  ms", "to a plain key", " 95 %", "to a plain key", "to a certificate in a file", "limit"],
      ...ways.map((way) => {
        if (way.limit !== undefined && ratio(way, certificate) > way.limit) finish(1);
        const cell = (value: number, digits: number, title: string) => value.toFixed(digits).padStart(title.length);
        return [
          way.what,
          cell(percentile(times(way), 50), 0, "  ms"),
          cell(ratio(way, plain), 2, "to a plain key"),
          cell(percentile(times(way), 95), 0, " 95 %"),
          cell(ratio(way, plain, 95), 2, "to a plain key"),
          cell(ratio(way, certificate), 2, "to a certificate in a file"),
          way.limit?.toFixed(2) ?? "",
        ];
      }),
    ]),
  );
  print(`medians and 95th percentiles of ${String(rounds)}, the ways in turns`);
}

const ssh = (config: string, options: readonly string[] = []) =>
  execa("ssh", ["-F", config, ...options, name, "true"], { stdin: "ignore" });

async function waysOf(host: BenchHost): Promise<readonly Way[]> {
  const { config, signIn } = host;
  return [
    { what: "ssh -i key, a plain key", login: () => ssh(config.plain) },
    {
      what: "ssh -i key, a certificate in a file",
      before: () => host.certify(),
      login: () => ssh(config.certificate),
    },
    {
      what: "the agent, a certificate that is valid",
      limit: limits.valid,
      before: () => warm(host),
      login: () => ssh(config.agent),
    },
    {
      what: "the agent, signed for this login",
      limit: limits.new,
      before: () => signIn(ports.vault),
      login: () => ssh(config.agent),
    },
    { what: `the same, with ${String(far)} ms to Vault`, before: () => signIn(ports.away), login: () => ssh(config.agent) },
    ...(await others(host)),
  ];
}

/** The sign-in of another way is gone by now. */
async function warm({ signIn, config }: BenchHost): Promise<void> {
  await signIn(ports.vault);
  await ssh(config.agent);
}

/** The programs of the servers have a verb of that name, too. */
async function others({ server, folder, hostKey }: BenchHost): Promise<readonly Way[]> {
  const programs = [server, await findProgram("vault")].filter((each) => each !== undefined);
  const file = (each: string) => join(folder, each);
  const [address, token] = [`http://127.0.0.1:${String(ports.vault)}`, "of-a-measurement"];
  const env = { VAULT_ADDR: address, BAO_ADDR: address, VAULT_TOKEN: token, BAO_TOKEN: token, HOME: folder };
  // They ask for every extension that there is; a rule of a fleet does not allow that.
  const role = ["key_type=ca", "allow_user_certificates=true", "allowed_users=*", "allowed_extensions=*", "ttl=60"];
  await execa(server, ["write", "user-ssh/roles/theirs", ...role], { env });
  return programs.map((program) => {
    const args = [
      ...["ssh", "-mode=ca", "-role=theirs", "-mount-point=user-ssh", "-valid-principals=root@web"],
      ...[`-public-key-path=${hostKey}.pub`, `-private-key-path=${hostKey}`, "-strict-host-key-checking=yes"],
      ...[`-user-known-hosts-file=${file("known_hosts")}`, "root@127.0.0.1"],
      ...["-p", String(ports.sshd), "-o", `HostKeyAlias=${name}`, "-o", "IdentityAgent=none", "-F", "/dev/null", "true"],
    ];
    return {
      what: `${program.split("/").at(-1) ?? ""} ssh -mode=ca`,
      login: () => execa(program, args, { stdin: "ignore", env }),
    };
  });
}

const status = z.object({ pid: z.number(), socket: z.string(), signatures: z.number() });
const statusOf = async ({ sshTrust }: BenchHost) =>
  status.parse(JSON.parse(await sshTrust(["agent", "status", "--format", "json"])));

/** Many at once, by one agent. */
async function measureCrowd(host: BenchHost): Promise<void> {
  const { config, signIn } = host;
  const took: Record<"plain" | "agent", number[]> = { plain: [], agent: [] };
  const signatures: number[] = [];
  for (let round = 0; round < 3; round++)
    for (const way of ["plain", "agent"] as const) {
      await signIn(ports.vault);
      const before = (await statusOf(host)).signatures;
      const begun = performance.now();
      await Promise.all(Array.from({ length: crowd }, () => ssh(config[way])));
      took[way].push(performance.now() - begun);
      if (way === "agent") signatures.push((await statusOf(host)).signatures - before);
    }
  const ratio = percentile(took.agent, 50) / percentile(took.plain, 50);
  print(
    `${String(crowd)} logins at once, none fails: ${ratio.toFixed(2)} × the plain key, with ${signatures.join(", ")} signatures`,
  );
}

async function measureMemory(host: BenchHost): Promise<void> {
  const { pid, socket } = await statusOf(host);
  const converse = await conversationsWith(socket, host.hostKey);
  await converse(100);
  const before = await memoryOf(pid);
  await converse(9900);
  const after = await memoryOf(pid);
  const ratio = after / before;
  if (ratio > limits.memory) finish(1);
  print(
    `the agent's memory after 10,000 conversations: ${ratio.toFixed(2)} × (limit ${String(limits.memory)} ×) that after 100 ` +
      `(${before.toFixed(0)} MB, ${after.toFixed(0)} MB)`,
  );
}
