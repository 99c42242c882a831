/** A user with a password, in the fleet's userpass mount. */
import { randomBytes } from "node:crypto";
import * as z from "zod";
import { fail } from "../../errors/catalogue.js";
import type { VaultApi } from "../../vault/api.js";
import type { Place } from "./place.js";

const userAt = ({ mount }: Place, name: string) => `auth/${mount}/users/${name}`;
const loginOf = ({ mount }: Place, name: string) => `auth/${mount}/login/${name}`;

/** 256 bits: nobody is to type it. */
export const randomPassword = (): string => randomBytes(32).toString("base64url");

export const hasUser = async (api: VaultApi, place: Place, name: string): Promise<boolean> =>
  (await api.read(userAt(place, name), z.unknown())) !== undefined;

/** Without any policy: what a person may do comes from the groups. */
export const makeUser = (api: VaultApi, place: Place, name: string, password: string) =>
  api.write(userAt(place, name), { password }, z.unknown());

export const setPassword = (api: VaultApi, place: Place, name: string, password: string) =>
  api.write(`${userAt(place, name)}/password`, { password }, z.unknown());

export const deleteUser = (api: VaultApi, place: Place, name: string) => api.delete(userAt(place, name));

/** Ends the tokens of all sign-ins so far. */
export const endSignIns = (api: VaultApi, place: Place, name: string) =>
  api.write(`sys/leases/revoke-prefix/${loginOf(place, name)}`, {}, z.unknown());

/** Several wrong passwords have any password refused for a while: it ends here. */
export const unlock = (api: VaultApi, { accessor }: Place, name: string) =>
  api.write(`sys/locked-users/${accessor}/unlock/${name}`, {}, z.unknown());

const begun = z.object({
  auth: z.object({ client_token: z.string(), mfa_requirement: z.unknown() }),
});

/**
 * Begins a sign-in, and does not end it: with the password alone, Vault makes the person's entity, and gives no token.
 * @throws PEOPLE_SECOND_FACTOR_MISSING: it gave one
 */
export async function beginSignIn(api: VaultApi, place: Place, name: string, password: string): Promise<void> {
  const path = loginOf(place, name);
  const answer = await api.writeAnonymously(path, { password }, begun);
  if (answer === undefined) throw fail("VAULT_ANSWER_UNEXPECTED", { path, what: "nothing was answered" });
  const { client_token: token, mfa_requirement: asked } = answer.auth;
  if (token !== "" || asked === null || asked === undefined) throw fail("PEOPLE_SECOND_FACTOR_MISSING", { mount: place.mount });
}
