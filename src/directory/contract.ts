/**
 * What the directory answers: its API's shapes, which the service, its OpenAPI document and the programs that ask it share. Times are
 * ISO 8601 in UTC; what a host says of itself is bounded, printable text, and is not believed.
 */
import * as z from "zod";
import { stateKinds } from "../host/describe-state.js";

const time = z.iso.datetime();
const count = z.number().int().min(0);

/** How old an answer is. What is stale is the last that was known: Vault does not answer, or does not say which hosts there are. */
export const freshness = z.object({
  asOf: time.meta({ description: "When this was read from Vault, by the directory's clock." }),
  age: count.meta({ description: "Seconds since then." }),
  stale: z
    .boolean()
    .meta({ description: "Whether Vault does not answer, or not all of it, so that this is the last known state." }),
  unlisted: z.boolean().optional().meta({
    description: "Whether it is stale because the directory cannot read from Vault which hosts there are, though Vault answers.",
  }),
});
export type Freshness = z.output<typeof freshness>;

/** The conditions that a list can be narrowed to. */
export const filters = ["expiring", "uncertified", "stale", "failing"] as const;
export type Filter = (typeof filters)[number];

export const sortKeys = ["name", "group", "state", "expires", "seen"] as const;
export type SortKey = (typeof sortKeys)[number];

export const state = z.object({
  kind: z.enum(stateKinds as [(typeof stateKinds)[number], ...(typeof stateKinds)[number][]]),
  text: z.string().meta({ description: 'The same for people, such as "certified until 2026-01-31 10:00:00 UTC".' }),
});

export const hostSummary = z.object({
  name: z.string().meta({ description: "The host's full name.", examples: ["web-1.example.org"] }),
  group: z.string().nullable().meta({ description: "Its group in the fleet file; null: none." }),
  state,
  certificate: z
    .object({ from: time, until: time })
    .nullable()
    .meta({ description: "Of its valid certificates, the one that ends first; null: it shows none that is valid." }),
  keyTypes: z.array(z.string()).meta({ description: "Of its host keys, such as ED25519." }),
  seen: time.nullable().meta({ description: "When Vault last heard of it; null: never." }),
});
export type HostSummary = z.output<typeof hostSummary>;

const hostKey = z.object({
  type: z.string().meta({ examples: ["ssh-ed25519"] }),
  kind: z.string().meta({ examples: ["ED25519"] }),
  bits: count,
  sha256: z.string().meta({ examples: ["SHA256:…"] }),
  md5: z.string().meta({ examples: ["MD5:12:34:…"] }),
  publicKey: z.string().meta({ description: "As one line of a .pub file, without a comment." }),
});
export type HostKey = z.output<typeof hostKey>;

const certificate = z.object({
  key: z.string().meta({ description: "The fingerprint of the key that it certifies." }),
  kind: z.string(),
  serial: z.string(),
  keyId: z.string(),
  principals: z.array(z.string()),
  from: time.nullable().meta({ description: "null: it always was valid." }),
  until: time.nullable().meta({ description: "null: it never ends." }),
  signingCa: z.string().meta({ description: "The fingerprint of the CA's key." }),
  problem: z.string().nullable().meta({ description: "Why no client takes it; null: clients do." }),
});
export type HostCertificate = z.output<typeof certificate>;

const version = z.object({
  version: count,
  at: time,
  keys: z.array(z.object({ kind: z.string(), sha256: z.string() })),
  added: z.array(z.string()).meta({ description: "Fingerprints that the version before did not have." }),
  removed: z.array(z.string()).meta({ description: "Fingerprints that only the version before had." }),
  problem: z.string().nullable().meta({ description: "Why this version cannot be read; null: it can." }),
});
export type KeyVersion = z.output<typeof version>;

/** What the host says of itself beside its keys. */
const says = z.object({
  addresses: z.array(z.string()),
  openssh: z.string(),
  script: z.string(),
  machine: z.string(),
  written: time.nullable(),
  next: time.nullable().meta({ description: "When it means to renew." }),
  problem: z.string().nullable(),
  problemSince: time.nullable(),
  /** Whom its sshd lets in beside those whom the fleet names, in sentences. */
  otherWays: z.array(z.string()),
  /** What of its entry could not be read, in sentences. */
  unreadable: z.array(z.string()),
});

export const hostDetail = hostSummary
  .extend({
    accounts: z.array(z.string()).meta({ description: "The accounts of its group that people may log in to." }),
    connect: z.array(z.string()).meta({ description: "Commands that log in, one for each account." }),
    keys: z.array(hostKey),
    knownHosts: z.array(z.string()).meta({
      description:
        "Lines for known_hosts. Of a host with certificates: its name with each CA of hosts, and no plain key; of an uncertified one: its keys.",
    }),
    certificates: z.array(certificate),
    sshfp: z.array(z.string()).meta({ description: "DNS records, as ssh-keygen -r prints them." }),
    history: z.array(version).nullable().meta({
      description: "Versions of its entry whose keys differ, the newest first; null: not known while Vault does not answer.",
    }),
    says: says.nullable(),
  })
  .extend(freshness.shape);
export type HostDetail = z.output<typeof hostDetail>;

export const hostList = z
  .object({
    hosts: z.array(hostSummary),
    total: count.meta({ description: "How many there are, by the same search and filters." }),
    page: count.min(1),
    pages: count,
    complete: z.boolean().meta({ description: "Whether each host has been read at least once since the directory started." }),
  })
  .extend(freshness.shape);
export type HostList = z.output<typeof hostList>;

/** RFC 9457. */
export const problem = z.object({
  type: z.string().meta({ examples: ["urn:ssh-trust:HOST_UNKNOWN"] }),
  title: z.string(),
  status: z.number().int().min(400).max(599),
  detail: z.string().optional(),
  hint: z.string().optional().meta({ description: "What to do about it." }),
});
export type Problem = z.output<typeof problem>;

export const health = z
  .object({ status: z.enum(["ok", "starting", "stale", "draining"]), hosts: count })
  .extend({ asOf: time.nullable(), age: count.nullable() });
export type Health = z.output<typeof health>;
