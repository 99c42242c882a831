/**
 * Who may read: whoever is in a group of the fleet, and whoever asks from a network that the fleet file names. A person's program sends
 * an identity token, which opens nothing in Vault; a script may send a token of Vault; a browser has a session.
 */
import { createHash } from "node:crypto";
import { createLocalJWKSet, errors, jwtVerify, type JSONWebKeySet } from "jose";
import * as z from "zod";
import { fail, isFailure } from "../../errors/catalogue.js";
import { directoryRole, groupOf, policyOf } from "../../fleet/vault-names.js";
import { printable } from "../../ground/printable.js";
import { whoIs, type Me } from "../../people/me.js";
import type { VaultSettings } from "../../settings/vault.js";
import { openVaultApi, type VaultApi } from "../../vault/api.js";

export interface Person {
  readonly name: string;
}

export interface Readers {
  /** @param token an identity token. @throws DIRECTORY_TOKEN_REFUSED; what Vault refuses, where its keys cannot be read */
  byIdentity(token: string): Promise<Person>;
  /** @param token a token of Vault @param count is told before Vault is asked, and may refuse. @throws as `byIdentity`, and what that refuses */
  byVaultToken(token: string, count: () => Promise<void>): Promise<Person>;
}

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) });
const configuration = z.object({ issuer: z.string() });

/** Of a token that Vault was asked about, in milliseconds. */
const remembered = { good: 30_000, bad: 5000 };
/** Vault's keys are read anew when they are older, or when a token names one that is not among them. */
const keysAre = { good: 300_000, tooNew: 10_000 };
const most = 1000;

/** As the role of the tokens has it: stacks/fleet/directory.ts. */
const claims = z.object({ name: z.string(), groups: z.array(z.string()) });

/**
 * Whoever is in a group of the fleet, and another directory. To be signed in is not enough: whoever the provider knows can do that.
 * Their policies are known by their names, which nobody else's have.
 */
export const mayRead = ({ policies }: Pick<Me, "policies">): boolean =>
  policies.some((policy) => policy === policyOf.directory || policy.startsWith(policyOf.people("")));

const refuse = (reason: string) => fail("DIRECTORY_TOKEN_REFUSED", { reason });

export function openReaders(api: () => VaultApi, settings: VaultSettings): Readers {
  let keys: { readonly at: number; readonly issuer: string; readonly set: JSONWebKeySet } | undefined;
  const asked = new Map<string, { readonly until: number; readonly answer: Promise<Person> }>();

  async function readKeys(than: number): Promise<NonNullable<typeof keys>> {
    if (keys !== undefined && Date.now() - keys.at < than) return keys;
    try {
      const [set, about] = await Promise.all([
        api().read("identity/oidc/.well-known/keys", keySet),
        api().read("identity/oidc/.well-known/openid-configuration", configuration),
      ]);
      if (set === undefined || about === undefined) throw refuse("Vault has no keys for identity tokens");
      return (keys = { at: Date.now(), issuer: about.issuer, set });
    } catch (error) {
      if (keys !== undefined && isFailure(error)) return keys; // Vault is away: they are good for a while longer
      throw error;
    }
  }

  async function verify(token: string, than: number): Promise<Person> {
    const { set, issuer } = await readKeys(than);
    const { payload } = await jwtVerify(token, createLocalJWKSet(set), {
      issuer,
      audience: directoryRole,
      algorithms: ["ES256"],
      requiredClaims: ["exp", "sub"],
      clockTolerance: 5,
    });
    const { name, groups } = claims.parse(payload);
    if (!groups.some((group) => group.startsWith(groupOf("")))) throw refuse("whoever has it is in no group of the fleet");
    return { name: printable(name).slice(0, 128) };
  }

  async function ask(token: string, count: () => Promise<void>): Promise<Person> {
    await count();
    const me = await whoIs(openVaultApi({ ...settings, token, tokenSource: "X-Vault-Token" }));
    if (me === undefined) throw refuse("Vault does not know it, or no longer");
    if (!mayRead(me)) throw refuse("whoever has it is in no group of the fleet");
    return { name: printable(me.name).slice(0, 128) };
  }

  return {
    async byIdentity(token) {
      try {
        return await verify(token, keysAre.good).catch((error: unknown) => {
          if (error instanceof errors.JWKSNoMatchingKey) return verify(token, keysAre.tooNew);
          throw error;
        });
      } catch (error) {
        if (error instanceof errors.JWTExpired) throw refuse("it has expired");
        if (error instanceof errors.JOSEError || error instanceof z.ZodError)
          throw refuse("it is not an identity token that Vault made for the directory");
        throw error;
      }
    },
    byVaultToken(token, count) {
      const id = createHash("sha256").update(token).digest("base64");
      const before = asked.get(id);
      if (before !== undefined && before.until > Date.now()) return before.answer;
      const answer = ask(token, count);
      asked.delete(id);
      asked.set(id, { until: Date.now() + remembered.good, answer });
      const [oldest] = asked.keys();
      if (asked.size > most && oldest !== undefined) asked.delete(oldest);
      answer.catch((error: unknown) => {
        if (isFailure(error, "DIRECTORY_TOKEN_REFUSED")) asked.set(id, { until: Date.now() + remembered.bad, answer });
        else asked.delete(id);
      });
      return answer;
    },
  };
}
