/** Clients that read the directory, each by a connection that it keeps: so often, or again as soon as it was answered. */
import { Agent, request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { nameOf } from "./hosts.js";
import { address } from "./service.js";

export const kinds = ["the overview page", "a host's page", "the API's list", "a host by the API"] as const;
export type Kind = (typeof kinds)[number];

export interface Answered {
  readonly kind: Kind;
  readonly path: string;
  readonly milliseconds: number;
  readonly bytes: number;
  /** Seconds, as the answer says. */
  readonly age: number | undefined;
}

const pages = [
  "/",
  "/?page=2",
  "/?q=web-1",
  "/?sort=-expires",
  "/?filter=failing&sort=seen",
  "/?group=db&size=100",
  "/?sort=state&page=40",
  "/?q=cache&filter=expiring&sort=-name",
] as const;
const lists = [
  "",
  "?size=100&page=7",
  "?q=edge-9",
  "?sort=expires&filter=expiring",
  "?filter=uncertified",
  "?group=app&sort=-seen",
  "?size=500",
] as const;

/** Whom a client asks for, the same in each run. @param at how many were asked before */
function nextOf(at: number, hosts: number): { readonly kind: Kind; readonly path: string } {
  const kind = kinds[at % kinds.length] ?? kinds[0];
  const turn = Math.floor(at / kinds.length);
  // Some hosts are looked at again and again, others once: those without an entry have no page of interest.
  const name = nameOf((turn % 3 === 0 ? turn % 10 : (turn * 7919) % hosts) % hosts);
  if (kind === "the overview page") return { kind, path: pages[turn % pages.length] ?? "/" };
  if (kind === "a host's page") return { kind, path: `/hosts/${name}` };
  if (kind === "the API's list") return { kind, path: `/api/v1/hosts${lists[turn % lists.length] ?? ""}` };
  return { kind, path: `/api/v1/hosts/${name}` };
}

export interface Reading {
  readonly clients: number;
  readonly hosts: number;
  /** Milliseconds from one request of a client to its next; 0: as soon as it was answered. */
  readonly every: number;
  /** Asked before each request. */
  readonly enough: (asked: number) => boolean;
}

export async function read({ clients, hosts, every, enough }: Reading): Promise<readonly Answered[]> {
  const answered: Answered[] = [];
  let asked = 0;
  const client = async (number: number) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    // They do not begin together, and one that was answered late does not catch up.
    for (let next = Date.now() + (every * number) / clients; !enough(asked); next = Math.max(next + every, Date.now())) {
      if (next > Date.now()) await wait(next - Date.now());
      const { kind, path } = nextOf(asked++, hosts);
      answered.push({ kind, path, ...(await ask(agent, path)) });
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  return answered;
}

function ask(agent: Agent, path: string): Promise<Omit<Answered, "kind" | "path">> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const sent = request(`${address}${path}`, {
      agent,
      headers: { accept: path.startsWith("/api/") ? "application/json" : "text/html" },
    });
    sent.on("error", reject).on("response", (response) => {
      let bytes = 0;
      let start = "";
      response.on("data", (part: Buffer) => {
        bytes += part.length;
        if (start.length < 8192) start += part.toString("latin1");
      });
      response.on("end", () => {
        if (response.statusCode !== 200) reject(new Error(`${path}: ${String(response.statusCode)} ${start}`));
        else resolve({ milliseconds: performance.now() - begun, bytes, age: ageIn(response.headers.age, start) });
      });
    });
    sent.end();
  });
}

/** The API says it in a header, a page in words and as the time of which it is. */
function ageIn(header: string | undefined, page: string): number | undefined {
  if (header !== undefined) return Number(header);
  const asOf = /(?:Read from Vault|last known state,) [^<]*<time datetime="([^"]+)"/.exec(page)?.[1];
  return asOf === undefined ? undefined : (Date.now() - Date.parse(asOf)) / 1000;
}
