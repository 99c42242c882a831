/** Whom a token stands for, as Vault says. */
import * as z from "zod";
import { fail, isFailure } from "../errors/catalogue.js";
import type { AccessRule, Fleet } from "../fleet/fleet.js";
import { policyOf } from "../fleet/vault-names.js";
import type { VaultApi } from "../vault/api.js";

const lookup = z.object({
  data: z.object({
    display_name: z.string().default(""),
    path: z.string().default(""),
    entity_id: z.string().default(""),
    policies: z.array(z.string()).nullish(),
    identity_policies: z.array(z.string()).nullish(),
    ttl: z.number().default(0),
    expire_time: z.string().nullish(),
    meta: z.record(z.string(), z.string()).nullish(),
    renewable: z.boolean().default(false),
    creation_ttl: z.number().default(0),
  }),
});

export interface Me {
  /** What the person signed in as; of a token that nobody signed in for, its display name. */
  readonly name: string;
  /** Of Vault's identities; undefined for a token that stands for nobody. */
  readonly entity: string | undefined;
  readonly policies: readonly string[];
  /** When the token ends, by this machine's clock; undefined: never. */
  readonly until: Date | undefined;
  readonly renewable: boolean;
  /** How long the token was valid when it was made or renewed, in seconds; 0: for ever. */
  readonly life: number;
}

/** @returns undefined where the server does not take the token. @throws what Vault refuses, VAULT_UNREACHABLE, … */
export async function whoIs(api: VaultApi): Promise<Me | undefined> {
  const path = "auth/token/lookup-self";
  const found = await api.read(path, lookup).catch((error: unknown) => {
    if (isFailure(error, "VAULT_PERMISSION_DENIED") || isFailure(error, "VAULT_TOKEN_REFUSED")) return "refused" as const;
    throw error;
  });
  if (found === "refused") return undefined;
  if (found === undefined) throw fail("VAULT_ANSWER_UNEXPECTED", { path, what: "nothing is there" });
  const { data } = found;
  return {
    name: data.meta?.["username"] ?? nameIn(data.display_name, data.path),
    entity: data.entity_id === "" ? undefined : data.entity_id,
    policies: [...(data.policies ?? []), ...(data.identity_policies ?? [])],
    until: (data.expire_time ?? "") === "" ? undefined : new Date(Date.now() + data.ttl * 1000),
    renewable: data.renewable,
    life: data.creation_ttl,
  };
}

/** With a provider, Vault calls alice "ssh-trust-oidc-alice", by the mount's path. @param path where she signed in, below it */
function nameIn(displayName: string, path: string): string {
  const mount = /^auth\/(.+?)\/(?:oidc\/callback|login(?:\/.*)?)$/.exec(path)?.[1];
  const before = `${mount?.replaceAll("/", "-") ?? ""}-`;
  return displayName.startsWith(before) && displayName !== before ? displayName.slice(before.length) : displayName;
}

/** The rules by which somebody may have keys signed, in the file's order: Vault put them into the rule's group of people. */
export const rulesOf = ({ access }: Pick<Fleet, "access">, { policies }: Pick<Me, "policies">): readonly AccessRule[] =>
  access.filter(({ who }) => policies.includes(policyOf.people(who)));
