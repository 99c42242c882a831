/**
 * An identity for a machine: an entity that holds its names, and a token that stands for it. A templated role then signs
 * those names and no other, whoever asks with that token.
 */
import * as z from "zod";
import { fail } from "../errors/catalogue.js";
import type { VaultSettings } from "../settings/vault.js";
import { connect } from "./connection.js";
import { requireToken } from "./token.js";

export interface Machine {
  /** The entity's and its alias's name, such as "cloud-web". */
  readonly name: string;
  /** What templates find: `{{identity.entity.metadata.<key>}}`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The token role that tokens are made by: it says which policies they have, and that they end with no parent. */
  readonly tokenRole: string;
}

const mounts = z.object({ data: z.record(z.string(), z.object({ accessor: z.string() }).loose()) });
const entity = z.object({
  data: z.object({ id: z.string().min(1), metadata: z.record(z.string(), z.string()).nullish() }),
});
/** Says in an entity's metadata that it is this project's. */
const mark = { made_by: "ssh-trust" } as const;
const created = z.object({ auth: z.object({ client_token: z.string().min(1) }) });

/**
 * Makes a new entity, and a token for it. One of that name that this project made before goes, and what its tokens could
 * goes with it: they must not come to stand for the new machine.
 * @returns the token, a secret
 * @throws VAULT_NOT_OURS, VAULT_PERMISSION_DENIED, …
 */
export async function issueMachineToken(settings: VaultSettings, machine: Machine): Promise<string> {
  requireToken(settings);
  const { client, ask, read } = connect(settings);
  const at = `identity/entity/name/${machine.name}`;
  await removeMachine(settings, machine.name);
  await ask(at, client.write(at, { metadata: { ...machine.metadata, ...mark } }));
  const { id } = read(at, entity, await ask(at, client.read(at))).data;
  const accessor = read("sys/auth", mounts, await ask("sys/auth", client.read("sys/auth"))).data["token/"]?.accessor ?? "";
  const alias = "identity/entity-alias";
  await ask(alias, client.write(alias, { name: machine.name, canonical_id: id, mount_accessor: accessor }));
  const create = `auth/token/create/${machine.tokenRole}`;
  const body = { entity_alias: machine.name, display_name: machine.name };
  return read(create, created, await ask(create, client.write(create, body))).auth.client_token;
}

/**
 * Takes the identity away, if there is one; what was signed for it stays valid until it ends. Its tokens sign nothing from
 * then on.
 * @throws VAULT_NOT_OURS for an entity of that name that somebody else made; VAULT_PERMISSION_DENIED, …
 */
export async function removeMachine(settings: VaultSettings, name: string): Promise<void> {
  const { client, ask, askFor, read } = connect(settings);
  const at = `identity/entity/name/${name}`;
  const there = await askFor(at, client.read(at), [404]);
  if (there === undefined) return;
  const { metadata } = read(at, entity, there).data;
  if (metadata?.["made_by"] !== mark.made_by) {
    const how = { say: "look at it first; where nobody needs it, remove it", run: `vault delete ${at}` };
    throw fail("VAULT_NOT_OURS", { what: `the entity "${name}"`, kind: "entity", how });
  }
  await ask(at, client.delete(at));
}
