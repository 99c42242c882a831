/** Vault's API as an operator's work needs it: paths are read, listed, written and deleted as they are; refusals are the catalogue's. */
import * as z from "zod";
import { fail } from "../errors/catalogue.js";
import { printable } from "../ground/printable.js";
import type { VaultSettings } from "../settings/vault.js";
import { connect, serverTime } from "./connection.js";
import { requireToken } from "./token.js";

export interface VaultApi {
  readonly address: string;
  /** What is at a path; undefined where nothing is. @throws VAULT_PERMISSION_DENIED, VAULT_ANSWER_UNEXPECTED, … */
  read<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined>;
  /** The names below a path; none where nothing is. */
  list(path: string): Promise<readonly string[]>;
  /** What is told of what is below a path; undefined where nothing is. */
  describe<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined>;
  /** What is answered to a body, such as what a look-up found; undefined where the answer is empty. */
  write<T>(path: string, body: Readonly<Record<string, unknown>>, schema: z.ZodType<T>): Promise<T | undefined>;
  /** The same without the token, as whoever signs in. */
  writeAnonymously<T>(path: string, body: Readonly<Record<string, unknown>>, schema: z.ZodType<T>): Promise<T | undefined>;
  /**
   * Has the answer to a body wrapped: it stays with the server, and whoever unwraps it first has it.
   * @param seconds how long it can be unwrapped
   * @throws VAULT_ANSWER_UNEXPECTED, also where the server answers in the clear
   */
  wrap(path: string, body: Readonly<Record<string, unknown>>, seconds: number): Promise<Wrapped>;
  /** The server's clock, to a second. */
  now(): Promise<Date>;
  /** Nothing happens where nothing is. */
  delete(path: string): Promise<void>;
}

/** https://developer.hashicorp.com/vault/docs/concepts/response-wrapping */
export interface Wrapped {
  /** A secret: it opens the answer, once. */
  readonly token: string;
  /** What was asked for, as the server says: whoever unwraps can compare it. */
  readonly path: string;
  /** When it can no longer be opened, by the server's clock. */
  readonly until: Date;
}

const wrapped = z.object({
  wrap_info: z.object({
    token: z.string().regex(/^[\x21-\x7e]+$/),
    ttl: z.number().int().positive(),
    creation_time: z.string().pipe(z.coerce.date()),
    creation_path: z.string(),
  }),
});
const keys = z.object({ data: z.object({ keys: z.array(z.string()) }) });

/** No request is made before the first question. @throws VAULT_TOKEN_MISSING */
export function openVaultApi(settings: VaultSettings): VaultApi {
  requireToken(settings);
  const connection = connect(settings);
  const { client, anonymous, ask, askFor, read } = connection;
  async function written<T>(by: typeof client, path: string, body: Readonly<Record<string, unknown>>, schema: z.ZodType<T>) {
    const answer = await ask(path, by.write(path, body));
    if (answer === undefined || answer === "") return undefined;
    // Where nothing is expected, too: a proxy's own page does not mean that anything was done.
    return read(path, schema, read(path, z.looseObject({}), answer));
  }
  return {
    address: settings.address,
    async read(path, schema) {
      const answer = await askFor(path, client.read(path), [404]);
      return answer === undefined ? undefined : read(path, schema, answer);
    },
    async list(path) {
      const answer = await askFor(path, client.list(path), [404]);
      return answer === undefined ? [] : read(path, keys, answer).data.keys;
    },
    async describe(path, schema) {
      const answer = await askFor(path, client.list(path), [404]);
      return answer === undefined ? undefined : read(path, schema, answer);
    },
    write: (path, body, schema) => written(client, path, body, schema),
    writeAnonymously: (path, body, schema) => written(anonymous, path, body, schema),
    async wrap(path, body, seconds) {
      const headers = { "X-Vault-Wrap-TTL": `${String(seconds)}s` };
      const answer = await ask(path, client.write(path, body, { headers }));
      const { token, ttl, creation_time: made, creation_path: of } = read(path, wrapped, answer).wrap_info;
      // A namespace may stand before it.
      if (of !== path && !of.endsWith(`/${path}`))
        throw fail("VAULT_ANSWER_UNEXPECTED", { path, what: `it wrapped the answer for "${printable(of)}"` });
      return { token, path: of, until: new Date(made.getTime() + ttl * 1000) };
    },
    now: () => serverTime(connection),
    async delete(path) {
      await askFor(path, client.delete(path), [404]);
    },
  };
}
