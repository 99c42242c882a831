/**
 * An identity for a machine: an entity that holds its names, and a token that stands for it. A templated role then signs
 * those names and no other, whoever asks with that token.
 */
import { z } from "zod";
import type { VaultSettings } from "../settings.js";
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
const entity = z.object({ data: z.object({ id: z.string().min(1) }) });
const created = z.object({ auth: z.object({ client_token: z.string().min(1) }) });

/**
 * Makes the entity what it should be, and a token for it.
 * @returns the token, a secret
 * @throws VAULT_PERMISSION_DENIED, …
 */
export async function issueMachineToken(settings: VaultSettings, machine: Machine): Promise<string> {
  requireToken(settings);
  const { client, ask, read } = connect(settings);
  const at = `identity/entity/name/${machine.name}`;
  await ask(at, client.write(at, { metadata: { ...machine.metadata } }));
  const { id } = read(at, entity, await ask(at, client.read(at))).data;
  const accessor = read("sys/auth", mounts, await ask("sys/auth", client.read("sys/auth"))).data["token/"]?.accessor ?? "";
  const alias = "identity/entity-alias";
  await ask(alias, client.write(alias, { name: machine.name, canonical_id: id, mount_accessor: accessor }));
  const create = `auth/token/create/${machine.tokenRole}`;
  const body = { entity_alias: machine.name, display_name: machine.name };
  return read(create, created, await ask(create, client.write(create, body))).auth.client_token;
}

/** Takes the identity away; what was signed for it stays valid until it ends. Its tokens sign nothing from then on. */
export async function removeMachine(settings: VaultSettings, name: string): Promise<void> {
  const { client, ask } = connect(settings);
  const at = `identity/entity/name/${name}`;
  await ask(at, client.delete(at));
}
