/** Vault's API as an operator's work needs it: paths are read, listed, written and deleted as they are; refusals are the catalogue's. */
import * as z from "zod";
import type { VaultSettings } from "../settings/vault.js";
import { connect } from "./connection.js";
import { requireToken } from "./token.js";

export interface VaultApi {
  readonly address: string;
  /** What is at a path; undefined where nothing is. @throws VAULT_PERMISSION_DENIED, VAULT_ANSWER_UNEXPECTED, … */
  read<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined>;
  /** The names below a path; none where nothing is. */
  list(path: string): Promise<readonly string[]>;
  /** What is answered to a body, such as what a look-up found; undefined where the answer is empty. */
  write<T>(path: string, body: Readonly<Record<string, unknown>>, schema: z.ZodType<T>): Promise<T | undefined>;
  /** Nothing happens where nothing is. */
  delete(path: string): Promise<void>;
}

const keys = z.object({ data: z.object({ keys: z.array(z.string()) }) });

/** No request is made before the first question. @throws VAULT_TOKEN_MISSING */
export function openVaultApi(settings: VaultSettings): VaultApi {
  requireToken(settings);
  const { client, ask, askFor, read } = connect(settings);
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
    async write(path, body, schema) {
      const answer = await ask(path, client.write(path, body));
      return answer === undefined || answer === "" ? undefined : read(path, schema, answer);
    },
    async delete(path) {
      await askFor(path, client.delete(path), [404]);
    },
  };
}
