/**
 * The directory of a fleet of 10,000 hosts, on OpenBao: a cold start, what it costs while nobody asks, how fast it answers 20 clients, how
 * old what it tells is, and what its memory becomes.
 */
import { setTimeout as wait } from "node:timers/promises";
import { finish } from "../../lab/face/task.js";
import type { Lab } from "../../lab/lab.js";
import { waitUntil } from "../../src/ground/wait.js";
import { print } from "../../src/terminal/report.js";
import { memoryOf } from "../login/memory.js";
import { percentile } from "../median.js";
import { kinds, read, type Answered, type Kind } from "./clients.js";
import { writeHosts } from "./hosts.js";
import { openBenchServer, type BenchServer } from "./server.js";
import { cpuOf, cpuOfAll, readsOf, address, startService, type Service } from "./service.js";

const count = 10_000;
const clients = 20;
/** Requests after which the memory is compared. */
const requests = { few: 100, many: 10_000 } as const;
const limits = { milliseconds: 100, opened: 5, overview: 60, page: 200, memory: 1.1, cold: 60 } as const;
/** Requests a second to the store: more than is ever asked, and what a fleet file has that says nothing. */
const store = { ample: 10_000, usual: 100 } as const;
/** In seconds: longer than it takes to read all hosts once. */
const spans = { idle: 45, paced: 60, reading: 95 } as const;
/** Milliseconds between two requests of a client: 20 clients ask 200 times a second, as a thousand people might who look every five seconds. */
const pace = 100;

export async function directory(lab: Lab): Promise<void> {
  await using server = await openBenchServer(lab);
  await lab.progress.during(`writing ${String(count)} hosts`, async (detail) => {
    await server.apply(store.ample);
    await writeHosts(server.ask, count, detail);
  });
  {
    await using service = await coldStart(server, lab);
    await atRest(server, service, lab);
    await whileRead(server, service, lab);
  }
  await atUsualLimit(server, lab);
}

/** One line of the result. @param value undefined: nothing was seen */
function report(value: number | undefined, digits: number, unit: string, limit: number | undefined, what: string): void {
  if (limit !== undefined && !((value ?? Number.NaN) <= limit)) finish(1);
  const beside = limit === undefined ? "" : ` (limit ${String(limit)} ${unit})`;
  print(`${(value ?? Number.NaN).toFixed(digits)} ${unit}${beside}  ${what}`);
}

interface Cost {
  readonly seconds: number;
  /** Seconds of CPU. */
  readonly directory: number;
  readonly vault: number;
  /** Of what has nothing to do with this. */
  readonly others: number;
  /** What was asked of Vault, by its own count. */
  readonly handled: number;
  /** Hosts and lists that were read, by the directory's count. */
  readonly reads: number;
}

async function costOf(server: BenchServer, service: Service, work: () => Promise<unknown>): Promise<Cost> {
  const now = async () => {
    const [handled, reads, directory, vault, all] = await Promise.all([
      server.handled(),
      readsOf(),
      cpuOf(service.pid),
      cpuOf(server.pid),
      cpuOfAll(),
    ]);
    const { user, system } = process.cpuUsage();
    return { at: performance.now(), handled, reads, directory, vault, others: all - directory - vault - (user + system) / 1e6 };
  };
  const before = await now();
  await work();
  const after = await now();
  return {
    seconds: (after.at - before.at) / 1000,
    directory: after.directory - before.directory,
    vault: after.vault - before.vault,
    others: after.others - before.others,
    handled: after.handled - before.handled,
    reads: after.reads - before.reads,
  };
}

const share = (cpu: number, seconds: number) => `${((100 * cpu) / seconds).toFixed(0)} %`;
/** A machine that has other work says little. */
const shares = ({ directory, vault, others, seconds }: Cost) =>
  `of one core the directory takes ${share(directory, seconds)}, the server ${share(vault, seconds)}, and what has nothing to do with this ${share(others, seconds)}`;

async function coldStart(server: BenchServer, { progress }: Lab): Promise<Service> {
  const service = await startService(server);
  try {
    let slowest = 0;
    const complete = async () => {
      const begun = performance.now();
      await (await fetch(`${address}/healthz`)).text();
      slowest = Math.max(slowest, performance.now() - begun);
      return service.said().includes("hosts from Vault");
    };
    const cost = await costOf(server, service, () =>
      progress.during("a cold start", () => waitUntil(complete, { seconds: 300, every: 50 })),
    );
    const took = Number(/read \d+ hosts from Vault in ([\d.]+) s/.exec(service.said())?.[1] ?? Number.NaN);
    report(took, 1, "s", limits.cold, `a cold cache: until each of ${String(count)} hosts has been read`);
    print(
      `${String(await readsOf())} reads by the directory's count, ${cost.handled.toFixed(0)} requests by the server's; ` +
        `CPU of the directory ${cost.directory.toFixed(1)} s, of the server ${cost.vault.toFixed(1)} s, of others ${cost.others.toFixed(1)} s; ` +
        `meanwhile /healthz took ${slowest.toFixed(0)} ms at most`,
    );
    return service;
  } catch (error) {
    await service[Symbol.asyncDispose]();
    throw error;
  }
}

async function atRest(server: BenchServer, service: Service, { progress }: Lab): Promise<void> {
  const cost = await costOf(server, service, () => progress.during("at rest", () => wait(spans.idle * 1000)));
  print(
    `${(cost.reads / cost.seconds).toFixed(0)} reads a second while nobody asks (${(cost.handled / cost.seconds).toFixed(0)} requests by the ` +
      `server's count); ${shares(cost)}`,
  );
}

async function whileRead(server: BenchServer, service: Service, { progress }: Lab): Promise<void> {
  // Each form of a question once, and a sweep: what is kept is the same before and after.
  await read({ clients: 1, hosts: count, every: 0, enough: (asked) => asked >= requests.few });
  await progress.during("settling", () => wait(spans.idle * 1000));
  const few = await memoryOf(service.pid);
  const during = async (what: string, every: number, seconds: number, least: number) => {
    const end = Date.now() + seconds * 1000;
    let answered: readonly Answered[] = [];
    const cost = await costOf(server, service, () =>
      progress.during(what, async (detail) => {
        const enough = (asked: number) => {
          if (asked % 500 === 0) detail(`${String(asked)} requests`);
          return asked >= least && Date.now() >= end;
        };
        answered = await read({ clients, hosts: count, every, enough });
      }),
    );
    print(
      `${(answered.length / cost.seconds).toFixed(0)} answers a second to ${what}, with ${(cost.reads / cost.seconds).toFixed(0)} ` +
        `reads of hosts and lists a second (${(cost.handled / cost.seconds).toFixed(0)} requests by the server's count); ${shares(cost)}`,
    );
    return answered;
  };
  const paced = await during(`${String(clients)} clients that ask each ${String(pace)} ms`, pace, spans.paced, 0);
  times(paced, limits.milliseconds);
  const saturated = await during(`${String(clients)} clients that never pause`, 0, spans.reading, requests.many);
  times(saturated, undefined);
  const answered = [...paced, ...saturated];
  const oldest = (some: readonly Kind[]) =>
    Math.max(...answered.filter(({ kind }) => some.includes(kind)).map(({ age }) => age ?? Number.NaN));
  report(oldest(["a host by the API", "a host's page"]), 1, "s", limits.opened, "the oldest host that was opened");
  report(oldest(["the overview page", "the API's list"]), 1, "s", limits.overview, "the oldest overview");
  const first = Math.max(...answered.filter(({ path }) => path === "/").map(({ bytes }) => bytes));
  report(first / 1000, 0, "kB", limits.page, "the first page");
  await progress.during("settling", () => wait(spans.idle * 1000));
  const many = await memoryOf(service.pid);
  report(
    many / few,
    2,
    "×",
    limits.memory,
    `memory after ${String(answered.length)} requests to that after ${String(requests.few)} (${many.toFixed(0)} MB, ${few.toFixed(0)} MB)`,
  );
}

function times(answered: readonly Answered[], limit: number | undefined): void {
  for (const kind of kinds) {
    const took = answered.filter((each) => each.kind === kind).map(({ milliseconds }) => milliseconds);
    const what = `${kind}, 95 of 100; median ${percentile(took, 50).toFixed(0)} ms, slowest ${Math.max(...took).toFixed(0)} ms`;
    report(percentile(took, 95), 0, "ms", limit, what);
  }
}

/** What a fleet file's limit of 100 requests a second does to a fleet that is too large for it. */
async function atUsualLimit(server: BenchServer, { progress }: Lab): Promise<void> {
  await server.apply(store.usual);
  await using service = await startService(server);
  let oldest = 0;
  let first = 0;
  const begun = Date.now();
  await progress.during("at the usual limit", () =>
    waitUntil(
      async () => {
        const list = await fetch(`${address}/api/v1/hosts?size=1`);
        const { age = 0, complete } = (await list.json()) as { readonly age?: number; readonly complete?: boolean };
        if (complete === true) {
          first ||= Date.now();
          oldest = Math.max(oldest, age);
        }
        return first > 0 && Date.now() - first > 1.3 * (first - begun);
      },
      { seconds: 600, every: 1000 },
    ),
  );
  const says = /note: to read .*$/m.exec(service.said())?.[0] ?? "nothing";
  print(
    `${String(oldest)} s  the oldest overview at ${String(store.usual)} requests a second to the store, first complete after ` +
      `${((first - begun) / 1000).toFixed(0)} s; it says: ${says}`,
  );
}
