/** Signing in at Vault: what is sent without a token, and what comes back. A refusal is an answer here; what it means depends on the method. */
import * as z from "zod";
import { fail } from "../errors/catalogue.js";
import type { VaultSettings } from "../settings/vault.js";
import { connect } from "./connection.js";
import { refusalOf, refused } from "./refusals.js";

/** A token, as it was given out. */
export interface Auth {
  readonly token: string;
  readonly accessor: string;
  /** How long it is valid, in seconds; 0: for ever. */
  readonly seconds: number;
}

/** One way to prove a second factor. */
export interface FactorMethod {
  readonly id: string;
  /** Such as "totp", "duo". */
  readonly type: string;
  /** Whether a code is sent along; otherwise the person is asked elsewhere, such as on a phone. */
  readonly usesCode: boolean;
}

/** What is missing for a token: of each list, one has to be proved. */
export interface SecondFactor {
  readonly request: string;
  readonly wanted: readonly (readonly FactorMethod[])[];
}

/** By what was sent, and not for a fault of the server. */
export interface Refused {
  readonly kind: "refused";
  readonly status: number;
  readonly reason: string;
}

export type SignInAnswer =
  | { readonly kind: "token"; readonly auth: Auth }
  | { readonly kind: "second-factor"; readonly factor: SecondFactor }
  | Refused;

const method = z.object({ id: z.string(), type: z.string().default(""), uses_passcode: z.boolean().default(false) });
const answer = z.object({
  auth: z.object({
    client_token: z.string().default(""),
    accessor: z.string().default(""),
    lease_duration: z.number().int().min(0).default(0),
    mfa_requirement: z
      .object({ mfa_request_id: z.string(), mfa_constraints: z.record(z.string(), z.object({ any: z.array(method) })) })
      .nullish(),
  }),
});
const address = z.object({ data: z.object({ auth_url: z.string().default("") }) });
const wrapped = z.object({ data: z.unknown() });
const madeAt = z.object({ data: z.object({ creation_path: z.string() }) });

const seal = z.object({ sealed: z.boolean(), initialized: z.boolean() });

export interface SignInApi {
  readonly address: string;
  /** Whether somebody can sign in at all, before they type a password. @throws VAULT_UNREACHABLE, VAULT_TLS_FAILED, VAULT_SEALED, VAULT_NOT_INITIALISED, … */
  checkReady(): Promise<void>;
  /** @param path such as "auth/ssh-trust/people/login/alice" */
  begin(path: string, body: Readonly<Record<string, unknown>>): Promise<SignInAnswer>;
  /** @param codes by the id of a method; empty for one that uses none. They are good for one try. */
  prove(factor: SecondFactor, codes: Readonly<Record<string, readonly string[]>>): Promise<SignInAnswer>;
  /** Where a browser has to go; "" where the role does not allow that redirection. */
  browserAddress(
    mount: string,
    body: Readonly<Record<string, string>>,
  ): Promise<{ readonly kind: "address"; readonly address: string } | Refused>;
  /** What a browser brought back. */
  finishInBrowser(mount: string, query: Readonly<Record<string, string>>): Promise<SignInAnswer>;
  /** Where what was wrapped was made, without opening it; undefined where it is not, or no longer, to be opened. */
  lookUpWrapped(token: string): Promise<string | undefined>;
  /** Opens what was wrapped, which can be done once; undefined where it is not, or no longer, to be opened. */
  unwrap<T>(token: string, schema: z.ZodType<T>): Promise<T | undefined>;
}

/** No request is made before the first question; a token in the settings is not sent. */
export function openSignIn(settings: VaultSettings): SignInApi {
  const at = connect({ ...settings, token: undefined });

  async function answerOf(path: string, asked: Promise<unknown>): Promise<SignInAnswer> {
    const found = await orRefused(path, asked);
    if ("refusal" in found) return found.refusal;
    const { auth } = at.read(path, answer, found.answer);
    const { mfa_requirement: missing } = auth;
    if (auth.client_token === "" && missing !== undefined && missing !== null)
      return {
        kind: "second-factor",
        factor: {
          request: missing.mfa_request_id,
          wanted: Object.values(missing.mfa_constraints).map(({ any }) =>
            any.map(({ id, type, uses_passcode: usesCode }) => ({ id, type, usesCode })),
          ),
        },
      };
    const token = at.read(path, z.object({ client_token: z.string().regex(/^[\x21-\x7e]+$/) }), auth).client_token;
    return { kind: "token", auth: { token, accessor: auth.accessor, seconds: auth.lease_duration } };
  }

  return {
    address: settings.address,
    async checkReady() {
      const path = "sys/seal-status";
      const state = at.read(path, seal, await at.ask(path, at.outside.read(path)));
      if (!state.initialized) throw fail("VAULT_NOT_INITIALISED", { address: settings.address });
      if (state.sealed) throw fail("VAULT_SEALED", { address: settings.address });
    },
    begin: (path, body) => answerOf(path, at.anonymous.write(path, body)),
    prove: ({ request }, codes) => {
      const path = "sys/mfa/validate";
      return answerOf(path, at.anonymous.write(path, { mfa_request_id: request, mfa_payload: codes }));
    },
    async browserAddress(mount, body) {
      const path = `auth/${mount}/oidc/auth_url`;
      const found = await orRefused(path, at.anonymous.write(path, body));
      if ("refusal" in found) return found.refusal;
      return { kind: "address", address: at.read(path, address, found.answer).data.auth_url };
    },
    finishInBrowser(mount, query) {
      const path = `auth/${mount}/oidc/callback`;
      return answerOf(path, at.anonymous.read(`${path}?${new URLSearchParams(query).toString()}`));
    },
    async lookUpWrapped(token) {
      const path = "sys/wrapping/lookup";
      const found = await unlessGone(path, at.anonymous.write(path, { token }));
      return found === undefined ? undefined : at.read(path, madeAt, found).data.creation_path;
    },
    async unwrap(token, schema) {
      const path = "sys/wrapping/unwrap";
      const found = await unlessGone(path, connect({ ...settings, token }).client.write(path, {}));
      return found === undefined ? undefined : at.read(path, wrapped.extend({ data: schema }), found).data;
    },
  };

  /** @throws what is no refusal of what was sent, such as VAULT_BUSY */
  async function orRefused(path: string, asked: Promise<unknown>) {
    try {
      return { answer: await asked };
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined || refusal.status === 429 || refusal.status >= 500 || !refusal.byVault)
        throw refused(error, settings.address, path);
      return { refusal: { kind: "refused" as const, status: refusal.status, reason: refusal.reasons.join("; ") } };
    }
  }

  async function unlessGone(path: string, asked: Promise<unknown>): Promise<unknown> {
    return asked.catch((error: unknown) => {
      const { status, byVault = false } = refusalOf(error) ?? {};
      if (byVault && (status === 400 || status === 403)) return undefined;
      throw refused(error, settings.address, path);
    });
  }
}
