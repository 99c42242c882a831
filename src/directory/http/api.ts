/** The API's routes. */
import { Hono } from "hono";
import * as z from "zod";
import { fail, isFailure } from "../../errors/catalogue.js";
import { problemOfHostName } from "../../fleet/names.js";
import { printable } from "../../ground/printable.js";
import { groupLines } from "../../people/login/known-hosts.js";
import type { Freshness, Health, HostDetail, HostList } from "../contract.js";
import { detailOf, knownHostsOf } from "../views/detail.js";
import { freshnessOf, whyStale } from "../views/freshness.js";
import { listQuery, pageOf, type ListQuery } from "../views/list.js";
import type { Rows } from "../views/rows.js";
import type { Watched } from "../watch/watch.js";
import type { Directory, DirectoryContext, Env } from "./directory.js";
import { jsonOrNotModified, textOrNotModified, toldOf, toldOrNotModified } from "./fresh.js";
import { mayRead } from "./guards.js";
import { openApiDocument } from "./openapi.js";

export function apiRoutes(directory: Directory): Hono<Env> {
  const { address, watch } = directory;
  const reads = mayRead(directory);
  const document = openApiDocument(address);
  const fresh = () => freshOf(directory);
  const app = new Hono<Env>();
  app
    .get("/openapi.json", (c) => jsonOrNotModified(c, { ...document }))
    .get("/ca/host.pub", (c) => textOrNotModified(c, linesOf(watch.fleet().cas.host), fresh()))
    .get("/ca/user.pub", (c) => textOrNotModified(c, linesOf(watch.fleet().cas.user), fresh()))
    .get("/hosts", reads, (c) => {
      const query = readQuery(c.req.query());
      const { rows, list, kept, fresh } = listFor(directory, query);
      return toldOrNotModified(
        c,
        rows.once(["told", ...kept], () => toldOf(list())),
        fresh,
      );
    })
    .get("/known_hosts", reads, (c) => knownHosts(c, allKnownHosts(directory), fresh()))
    .get("/hosts/:name", reads, async (c) => jsonOrNotModified(c, await detailFor(directory, c)))
    .get("/hosts/:name/known_hosts", reads, async (c) => {
      const host = await detailFor(directory, c);
      return knownHosts(c, host.knownHosts, host);
    });
  return app;
}

/** What is saved as a file says itself that it is old. */
function knownHosts(c: DirectoryContext, lines: readonly string[], fresh: Freshness): Response {
  const note = fresh.stale ? [`# stale: as of ${fresh.asOf}, as ${whyStale(fresh)}; later changes are missing`] : [];
  return textOrNotModified(c, linesOf([...note, ...lines]), fresh);
}

const linesOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");

/** @throws DIRECTORY_QUERY */
export function readQuery(query: Readonly<Record<string, string>>): ListQuery {
  const parsed = listQuery.safeParse(query);
  if (parsed.success) return parsed.data;
  throw fail("DIRECTORY_QUERY", { problem: printable(z.prettifyError(parsed.error)).slice(0, 500) });
}

export interface ListFor {
  readonly rows: Rows;
  readonly list: () => HostList;
  readonly fresh: Freshness;
  /** All that it depends on, but for the time that passes within the moment of the rows. */
  readonly kept: readonly unknown[];
}

export function listFor(directory: Directory, query: ListQuery): ListFor {
  const rows = directory.rows();
  const fresh = freshOf(directory, rows.watched);
  const { q, group, filter, sort, page, size } = query;
  return {
    rows,
    list: () => pageOf(rows, query, fresh),
    fresh,
    kept: [q, group, filter, sort, page, size, fresh.stale, fresh.unlisted],
  };
}

/** How old all that is known is: as old as its oldest part. @throws DIRECTORY_STARTING, DIRECTORY_VAULT_SILENT */
export function freshOf({ watch }: Directory, { readAt }: Pick<Watched, "readAt"> = watch.overview()): Freshness {
  // The fleet may have been read a moment ago, and no host yet.
  return freshnessOf(readAt === 0 ? Date.now() : readAt, watch.trouble()?.kind);
}

/** The host that the path names. @throws DIRECTORY_HOST_UNKNOWN */
export async function detailFor({ watch, histories }: Directory, c: DirectoryContext): Promise<HostDetail> {
  const name = c.req.param("name") ?? "";
  const opened = problemOfHostName(name) === undefined ? await watch.open(name) : undefined;
  if (opened === undefined) throw fail("DIRECTORY_HOST_UNKNOWN", { name: printable(name).slice(0, 253) });
  const { host, stored, readAt } = opened;
  const trouble = watch.trouble()?.kind ?? (Date.now() - readAt > 2 * watch.fresh ? "away" : undefined);
  const { said } = host;
  const versions =
    said === undefined
      ? []
      : trouble === "away"
        ? histories.kept(name, said)
        : await histories.of(name, said).catch((error: unknown) => {
            if (isFailure(error)) return histories.kept(name, said); // Vault is away since a moment ago
            throw error;
          });
  return detailOf({ host, stored, versions, now: watch.now() }, freshnessOf(readAt, trouble));
}

/**
 * By the CAs for groups, and the keys of each host that has no certificate.
 * @throws DIRECTORY_STARTING, DIRECTORY_VAULT_SILENT until each host has been read: a file that lacks some would look whole
 */
export function allKnownHosts({ watch }: Directory): readonly string[] {
  const { stored, hosts, complete } = watch.overview();
  if (!complete) throw fail(watch.trouble() === undefined ? "DIRECTORY_STARTING" : "DIRECTORY_VAULT_SILENT", undefined);
  const plain = [...hosts.values()].filter(({ host }) => host.registered !== undefined && host.state.kind === "uncertified");
  return [
    ...groupLines(stored.fleet.hosts, stored.cas.host).map(({ line }) => line),
    ...plain.flatMap(({ host }) => knownHostsOf(host, stored.cas.host)),
  ];
}

/** For whoever decides whether to send requests here: it serves what it knows, also while Vault is away. */
export function healthOf({ watch, isDraining }: Directory): { readonly status: 200 | 503; readonly health: Health } {
  const known = watch.stored() === undefined ? undefined : watch.overview();
  const fresh = known === undefined ? undefined : freshnessOf(known.readAt, undefined);
  const status = isDraining()
    ? "draining"
    : known?.complete !== true
      ? "starting"
      : watch.trouble() !== undefined
        ? "stale"
        : "ok";
  return {
    status: status === "ok" || status === "stale" ? 200 : 503,
    health: { status, hosts: known?.hosts.size ?? 0, asOf: fresh?.asOf ?? null, age: fresh?.age ?? null },
  };
}
