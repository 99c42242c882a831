/** A fleet as it lies in Vault's store, for everyone who is signed in: what a client must know. */
import * as z from "zod";
import { defaults } from "./defaults.js";
import { secondsOf } from "./durations.js";
import { groupMethods, permissions, type Fleet, type Permission } from "./fleet.js";

const names = z.array(z.string());
const seconds = z.number().int().positive();
/** Entries of before it was there. */
const forget = seconds.default(secondsOf(defaults.hostForget) ?? 0);
const permission = z.enum(Object.keys(permissions) as [Permission, ...Permission[]]);

const own = { path: z.string(), ours: z.literal(true), session: seconds };
const claims = {
  issuer: z.string(),
  userClaim: z.string(),
  groupsClaim: z.string(),
  algorithms: names,
  ca: z.string().optional(),
};
const method = z.union([
  z.object({ method: z.enum([...groupMethods, "userpass"]), path: z.string(), ours: z.literal(false) }),
  z.object({ method: z.literal("userpass"), ...own }),
  z.object({ method: z.literal("oidc"), ...own, ...claims, clientId: z.string(), scopes: names }),
  z.object({ method: z.literal("jwt"), ...own, ...claims, audience: z.string(), claims: z.record(z.string(), names) }),
  z.object({
    method: z.literal("ldap"),
    ...own,
    url: z.string(),
    userDn: z.string(),
    userAttribute: z.string(),
    groupDn: z.string(),
    groupFilter: z.string(),
    groupAttribute: z.string(),
    bindDn: z.string().optional(),
    ca: z.string().optional(),
  }),
]);

const fleet = z.object({
  vault: z.string(),
  namespace: z.string().optional(),
  domains: names,
  hosts: z.array(
    z.object({
      name: z.string(),
      names,
      domain: z.string(),
      also: names,
      accounts: names,
      for: seconds,
      forget,
      jwt: z
        .object({ mount: z.string(), claim: z.string(), audience: z.string(), claims: z.record(z.string(), names) })
        .optional(),
    }),
  ),
  people: z.array(
    z.object({
      name: z.string(),
      members: z.array(z.object({ method: z.enum(groupMethods), group: z.string() })),
      identityGroups: names,
    }),
  ),
  access: z.array(
    z.object({
      name: z.string(),
      who: z.string(),
      on: z.string(),
      as: names,
      for: seconds,
      with: z.array(permission),
      forwardTo: names,
      reserve: seconds.optional(),
    }),
  ),
  session: seconds,
  signIn: z.array(method),
  mounts: z.object({ hostCa: z.string(), userCa: z.string() }),
  directory: z.object({ address: z.string(), openTo: names }).optional(),
  limits: z.object({ signIn: z.number(), sign: z.number(), store: z.number() }),
});

const keys = names.min(1);
const stored = z.object({ schema: z.literal(1), fleet, cas: z.object({ host: keys, user: keys }) });

export interface StoredFleet {
  readonly schema: 1;
  /** Without the place of Terraform's state, which is the operator's alone. */
  readonly fleet: Fleet;
  /** Public keys of the CAs, each as one line: the one that signs comes first. */
  readonly cas: { readonly host: readonly string[]; readonly user: readonly string[] };
}

/** What is to be stored. */
export const toStore = (fleet: Fleet, cas: StoredFleet["cas"]): StoredFleet => ({
  schema: 1,
  fleet: { ...fleet, state: undefined },
  cas,
});

/** What was stored; undefined for what this version cannot read. */
export function readStored(value: unknown): StoredFleet | undefined {
  const parsed = stored.safeParse(value);
  if (!parsed.success) return undefined;
  const { fleet: found, cas } = parsed.data;
  return { schema: 1, cas, fleet: { ...found, state: undefined } as Fleet };
}
