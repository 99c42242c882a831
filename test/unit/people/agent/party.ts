/** A fleet, its hosts and Alice, all in this process: keys and certificates are real, and no server has a part in it. */
import type { StoredFleet } from "../../../../src/fleet/stored.js";
import { parseFleet } from "../../../../src/fleet/parse-fleet.js";
import type { AccessRule } from "../../../../src/fleet/fleet.js";
import type { Certificates } from "../../../../src/people/agent/certificates.js";
import type { HeldCertificate } from "../../../../src/people/agent/kept-certificates.js";
import { openDecisions, type Decisions } from "../../../../src/people/agent/decisions.js";
import { openConversation } from "../../../../src/people/agent/conversation.js";
import type { Member } from "../../../../src/people/agent/member.js";
import type { Me } from "../../../../src/people/me.js";
import type { AgentClient } from "../../../../src/ssh/agent/client.js";
import type { Conversation } from "../../../../src/ssh/agent/serve.js";
import { readSessionBind, type SessionBind } from "../../../../src/ssh/agent/session-bind.js";
import { uint32 } from "../../../../src/ssh/agent/protocol.js";
import { wireString } from "../../../../src/ssh/wire.js";
import { buildCertificate, ed25519Signer, strings, type Parts, type Signer } from "../../../programs/build-certificate.js";
import { blobOf, keyLine } from "../../../programs/support.js";

const text = `vault: https://vault.example.org:8200
domains: [example.org]
hosts:
  web: { names: "web-*.example.org", also: [www.example.org], accounts: [root, deploy, ops] }
  db: { names: "db-*.example.org", accounts: [root, ops] }
  jump: { names: "jump-*.example.org", accounts: [ops] }
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
  - { name: platform-jump, who: platform, on: jump, as: [ops], for: 1m, with: [port-forwarding, agent-forwarding], forward-to: [web, jump] }
  - { name: dba-db, who: dba, on: db, as: [ops], for: 1m, with: [pty], reserve: 1h }
`;

export const hostCa = ed25519Signer();
export const stored: StoredFleet = {
  schema: 1,
  fleet: parseFleet(text, "ssh-trust.yaml"),
  cas: { host: [keyLine("ssh-ed25519", hostCa.blob)], user: [keyLine("ssh-ed25519", ed25519Signer().blob)] },
};
export const alice: Me = {
  name: "alice",
  entity: "1",
  policies: ["default", "ssh-trust-people-platform"],
  until: undefined,
  renewable: false,
  life: 0,
};

export const ruleOf = (name: string): AccessRule => {
  const rule = stored.fleet.access.find((each) => each.name === name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  return rule;
};

export interface Host {
  readonly signer: Signer;
  /** Its certificate in its wire form. */
  readonly certificate: Buffer;
}

export const numbersOf = ({ blob }: Signer): Buffer => blob.subarray(4 + "ssh-ed25519".length);
const seconds = (fromNow: number) => BigInt(Math.floor(Date.now() / 1000) + fromNow);

/** A host of the group web, good but for what is changed. */
export function hostOf(changes: Partial<Parts> = {}, signer = ed25519Signer()): Host {
  const line = buildCertificate({
    key: numbersOf(signer),
    keyId: "web:token-web-1:web-1.example.org",
    principals: strings("web-1.example.org"),
    validAfter: seconds(-60),
    validBefore: seconds(3600),
    ca: hostCa.blob,
    sign: hostCa.sign,
    ...changes,
  });
  return { signer, certificate: blobOf(line) };
}
export const db = (): Host => hostOf({ keyId: "db:x", principals: strings("db-1.example.org") });
export const jump = (): Host => hostOf({ keyId: "jump:x", principals: strings("jump-1.example.org") });
export const fromNow = seconds;

export interface Bound {
  readonly sessionId?: Buffer;
  readonly forwarded?: boolean;
  /** The host's plain key is shown. */
  readonly plain?: boolean;
  readonly signature?: Buffer;
}

let sessions = 0;
export const newSession = (): Buffer => Buffer.alloc(32, (sessions += 1));

/** What follows the extension's name. */
export function bindContents({ signer, certificate }: Host, bound: Bound = {}): Buffer {
  const { sessionId = newSession(), forwarded = false, plain = false, signature = signer.sign(sessionId) } = bound;
  return Buffer.concat([strings(plain ? signer.blob : certificate, sessionId, signature), Buffer.of(forwarded ? 1 : 0)]);
}

export const bindOf = (host: Host, bound: Bound = {}): SessionBind =>
  readSessionBind(bindContents(host, bound), (problem) => new Error(problem));

export interface ProofOf {
  readonly sessionId: Buffer;
  readonly key: Buffer;
  readonly user?: string;
  readonly service?: string;
  readonly method?: string;
  readonly algorithm?: string;
  /** Undefined: a plain "publickey". */
  readonly hostKey?: Buffer | undefined;
  readonly type?: number;
  readonly flag?: number;
  readonly tail?: Buffer;
}

/** What a client has signed to log in. */
export function proofOf({ sessionId, key, hostKey, ...changed }: ProofOf): Buffer {
  const { user = "deploy", service = "ssh-connection", type = 50, flag = 1, tail = Buffer.alloc(0) } = changed;
  const { method = hostKey === undefined ? "publickey" : "publickey-hostbound-v00@openssh.com" } = changed;
  const { algorithm = "ssh-ed25519-cert-v01@openssh.com" } = changed;
  const before = Buffer.concat([strings(sessionId), Buffer.of(type), strings(user, service, method), Buffer.of(flag)]);
  return Buffer.concat([
    before,
    strings(algorithm, key),
    hostKey === undefined ? tail : Buffer.concat([wireString(hostKey), tail]),
  ]);
}

export const signContents = (key: Buffer, data: Buffer, flags = 0): Buffer => Buffer.concat([strings(key, data), uint32(flags)]);

export const signature = Buffer.from("the signature");
/** An ssh-agent that signs whatever it is given. */
export const holderClient = (): AgentClient => ({
  closed: false,
  add: () => Promise.resolve(),
  list: () => Promise.resolve([]),
  sign: () => Promise.resolve(signature),
  remove: () => Promise.resolve(),
  removeAll: () => Promise.resolve(),
  [Symbol.dispose]: () => undefined,
});

/** One certificate for each rule, made once. */
export function certificatesOf(client = holderClient()): Certificates {
  const all = new Map<string, HeldCertificate>();
  return {
    for: (rule) => {
      const signer = ed25519Signer();
      const blob = blobOf(buildCertificate({ certType: 1, key: numbersOf(signer), keyId: `${rule.name}:alice` }));
      const made: HeldCertificate = {
        ...{ rule, kind: "usual", blob, keyId: `${rule.name}:alice`, until: Date.now() + 60_000, holder: client },
      };
      const held = all.get(rule.name) ?? made;
      all.set(rule.name, held);
      return Promise.resolve({ held, how: "new" });
    },
    fillReserves: () => Promise.resolve([]),
    retain: () => undefined,
    prune: () => undefined,
    end: () => undefined,
    held: [],
    signatures: 0,
  };
}

export type MemberChanges = Partial<Member>;
export const memberOf = (me: Me = alice, changed: MemberChanges = {}): Member => ({
  address: "https://vault.example.org:8200",
  known: { me, stored },
  problem: undefined,
  until: undefined,
  certificates: certificatesOf(),
  learn: () => Promise.resolve(),
  prolong: () => undefined,
  ...changed,
});

export interface Party {
  readonly open: () => Conversation;
  readonly decisions: Decisions;
  /** "kind: text" of each decision. */
  readonly told: () => readonly string[];
}

export function partyOf(...members: readonly Member[]): Party {
  const all = members.length === 0 ? [memberOf()] : members;
  const decisions = openDecisions(() => undefined);
  return {
    open: () => openConversation({ members: { current: () => Promise.resolve(all), last: all, signatures: 0 }, decisions }),
    decisions,
    told: () => decisions.last.map(({ kind, text: said }) => `${kind}: ${said}`),
  };
}
