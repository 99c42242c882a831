/** Hosts in every state, as the directory's pages are given them. The same each time. */
import { createHash } from "node:crypto";
import { describeState, stateKinds } from "../../src/host/describe-state.js";
import type { HostState } from "../../src/host/state.js";
import type { HostDetail, HostList, HostSummary } from "../../src/directory/contract.js";
import type { ConsoleVerdict } from "../../src/directory/console-log.js";
import type { TrustView } from "../../src/directory/pages/trust.js";

export const sampleNow = Date.parse("2026-03-14T03:07:00.000Z");
const hour = 3_600_000;
const iso = (offset: number) => new Date(sampleNow + offset).toISOString();
const later = (offset: number) => new Date(sampleNow + offset);

export const groups = ["bastion", "database", "storage", "web"];

const digest = (what: string) => createHash("sha256").update(what).digest();
export const sha256Of = (what: string): string => `SHA256:${digest(what).toString("base64").replace(/=+$/, "")}`;
export const md5Of = (what: string): string => `MD5:${digest(what).toString("hex").slice(0, 32).match(/../g)?.join(":") ?? ""}`;
const publicKeyOf = (what: string) =>
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${digest(what).toString("base64").replace(/=+$/, "")}`;

/** In the order of a fleet's usual shares: of a hundred, most are certified. */
const states: readonly (readonly [from: number, state: HostState, seen: number | null])[] = [
  [
    0,
    {
      kind: "failing",
      since: later(-5 * hour),
      problem: "Vault refused to sign: permission denied (role web)",
      until: later(9 * hour),
    },
    -0.4 * hour,
  ],
  [2, { kind: "expired", at: later(-30 * hour) }, -31 * hour],
  [3, { kind: "silent", since: later(-9 * 24 * hour) }, -9 * 24 * hour],
  [6, { kind: "uncertified" }, -40 * 24 * hour],
  [10, { kind: "not-enrolled" }, null],
  [12, { kind: "conflict" }, -0.1 * hour],
  [13, { kind: "unreadable", problem: "keys[2] is not as it has to be" }, -2 * hour],
  [14, { kind: "no-identity" }, -3 * hour],
  [15, { kind: "kept-out" }, -100 * hour],
  [16, { kind: "not-certified" }, -hour],
];

const withCertificate = new Set<HostState["kind"]>(["certified", "failing", "conflict"]);

export function sampleHost(index: number): HostSummary {
  const share = (index * 37) % 100;
  const found = states.findLast(([from]) => from <= share);
  const left = (((index * 7919) % 160) + 2) * hour;
  const [, state, seen] =
    share >= 17 || found === undefined
      ? ([0, { kind: "certified", until: later(left) }, -(index % 90) * 60_000 - 4000] as const)
      : found;
  const group = groups[index % groups.length] ?? "web";
  const life = state.kind === "failing" ? 9 * hour : left;
  return {
    name: `${group}-${String(index + 1)}.example.org`,
    group: share === 15 ? null : group,
    state: { kind: state.kind, text: describeState(state) },
    certificate: withCertificate.has(state.kind) ? { from: iso(life - 168 * hour), until: iso(life) } : null,
    keyTypes: seen === null ? [] : index % 5 === 0 ? ["ED25519"] : ["ED25519", "ECDSA", "RSA"],
    seen: seen === null ? null : iso(seen),
  };
}

export const sampleHosts = (count: number): readonly HostSummary[] =>
  Array.from({ length: count }, (_, index) => sampleHost(index));

export const fresh = { asOf: iso(-3000), age: 3, stale: false };
export const stale = { asOf: iso(-0.6 * hour), age: 2160, stale: true };

export const sampleCounts = (hosts: readonly HostSummary[]) =>
  stateKinds.map((kind) => ({ kind, count: hosts.filter(({ state }) => state.kind === kind).length }));

export const listOf = (hosts: readonly HostSummary[], total = hosts.length, size = 50, page = 1): HostList => ({
  hosts: [...hosts],
  total,
  page,
  pages: Math.ceil(total / size),
  complete: true,
  ...fresh,
});

export const hostCaLine = publicKeyOf("the host CA");
export const fleetLines = ["bastion", "database", "storage", "web"].map(
  (group) => `@cert-authority ${group}-*.example.org ${hostCaLine}`,
);

const kinds = [
  ["ssh-ed25519", "ED25519", 256],
  ["ecdsa-sha2-nistp256", "ECDSA", 256],
  ["ssh-rsa", "RSA", 3072],
] as const;

export function sampleDetail(summary: HostSummary): HostDetail {
  const { name, state, certificate } = summary;
  const isPinned = state.kind === "uncertified";
  const keys = kinds
    .filter(([, kind]) => summary.keyTypes.includes(kind))
    .map(([type, kind, bits]) => {
      const what = `${name} ${kind}`;
      const rest = kind === "RSA" ? digest(what).toString("hex").repeat(6) : publicKeyOf(what).slice(12);
      return { type, kind, bits, sha256: sha256Of(what), md5: md5Of(what), publicKey: `${type} ${rest}` };
    });
  return {
    ...summary,
    accounts: ["deploy", "ops"],
    connect: ["deploy", "ops"].map((account) => `ssh-trust ssh ${isPinned ? "--pin " : ""}${account}@${name}`),
    keys,
    knownHosts: isPinned ? keys.map(({ publicKey }) => `${name} ${publicKey}`) : [`@cert-authority ${name} ${hostCaLine}`],
    certificates:
      certificate === null
        ? []
        : keys.map(({ kind, sha256 }, index) => ({
            key: sha256,
            kind,
            serial: "1234567890123456789" + String(index),
            keyId: `vault-approle-${name}-${sha256.slice(7, 20)}`,
            principals: [name, "www.example.org"],
            ...certificate,
            signingCa: sha256Of("the host CA"),
            problem: index === 1 ? "it does not hold the host's name" : null,
          })),
    sshfp: keys.map(({ sha256 }, index) => `${name} IN SSHFP ${String([4, 3, 1][index])} 2 ${digest(sha256).toString("hex")}`),
    history: [
      {
        version: 14,
        at: iso(-50 * hour),
        keys: keys.map(({ kind, sha256 }) => ({ kind, sha256 })),
        added: keys.slice(0, 1).map(({ sha256 }) => sha256),
        removed: [sha256Of(`${name} old`)],
        problem: null,
      },
      { version: 9, at: iso(-400 * hour), keys: [], added: [], removed: [], problem: "it is longer than 64 KiB" },
      {
        version: 1,
        at: iso(-4000 * hour),
        keys: [{ kind: "ED25519", sha256: sha256Of(`${name} old`) }],
        added: [sha256Of(`${name} old`)],
        removed: [],
        problem: null,
      },
    ],
    says: isPinned
      ? null
      : {
          addresses: ["192.0.2.17", "2001:db8::17"],
          openssh: "OpenSSH_9.2p1 Debian-2+deb12u3",
          script: "0.1.0",
          machine: "e6f0c2a1b7d94c6f8a1d6f3f4f0a9b21",
          written: iso(-0.5 * hour),
          next: iso(20 * hour),
          problem: state.kind === "failing" ? "Vault refused to sign: permission denied (role web)" : null,
          problemSince: state.kind === "failing" ? iso(-5 * hour) : null,
          otherWays: ["sshd takes passwords", "root has 2 keys in /root/.ssh/authorized_keys"],
          unreadable: [],
        },
    ...fresh,
  };
}

export const sampleVerdict = (host: HostDetail, kind: ConsoleVerdict["kind"]): ConsoleVerdict => ({
  kind,
  found:
    kind === "none"
      ? []
      : [
          ...host.keys.slice(0, 2).map(({ kind: of, sha256 }) => ({ kind: of, fingerprint: sha256, known: true })),
          ...(kind === "different" ? [{ kind: "RSA", fingerprint: sha256Of("Eve"), known: false }] : []),
        ],
  missing: kind === "same" ? host.keys.slice(2).map(({ sha256 }) => sha256) : [],
});

const caKey = (what: string) => ({ line: publicKeyOf(what), kind: "ED25519", fingerprint: sha256Of(what) });

export const sampleTrust: TrustView = {
  hostCas: [caKey("the host CA")],
  userCas: [caKey("the user CA"), caKey("the next user CA")],
  lines: fleetLines,
  fresh,
  address: "https://directory.example.org",
  mounts: { hostCa: "host-ssh", userCa: "user-ssh" },
  person: undefined,
  canSignIn: true,
};
