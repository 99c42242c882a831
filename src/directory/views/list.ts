/** The list of hosts: searched, narrowed, sorted and cut into pages here, so that no reader is sent all of it. */
import * as z from "zod";
import { filters, sortKeys, type Freshness, type HostList } from "../contract.js";
import type { Rows } from "./rows.js";

export const mostOnPage = 500;

/** A query as an address has it: each a text, or left out. */
export const listQuery = z.strictObject({
  q: z.string().max(253).default("").meta({ description: "Part of a host's name or group." }),
  group: z.string().max(63).optional().meta({ description: "Only hosts of this group." }),
  filter: z.enum(filters).optional().meta({
    description:
      "expiring: the certificate ends within a quarter of its life or has ended; uncertified: no valid certificate; stale: not heard of for as long as its group allows, or never; failing: it reports a problem.",
  }),
  sort: z
    .enum([...sortKeys, ...sortKeys.map((key) => `-${key}` as const)])
    .default("name")
    .meta({ description: "What it is sorted by; with - in front, the other way round." }),
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  size: z.coerce.number().int().min(1).max(mostOnPage).default(50).meta({ description: "Hosts on a page." }),
});
export type ListQuery = z.output<typeof listQuery>;

/** A page of the list. A page behind the last one is empty. */
export function pageOf(rows: Rows, query: ListQuery, fresh: Freshness): HostList {
  const { page, size } = query;
  const found = rows.find(query);
  return {
    hosts: found.slice((page - 1) * size, page * size),
    total: found.length,
    page,
    pages: Math.ceil(found.length / size),
    complete: rows.watched.complete,
    ...fresh,
  };
}
