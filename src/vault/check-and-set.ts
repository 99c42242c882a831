import * as z from "zod";
import { isFailure } from "../errors/catalogue.js";
import type { VaultApi } from "./api.js";

/**
 * Writes an entry of a key-value store where nobody has written it since.
 * @param version that it had; 0 where it was not there
 * @returns whether it was written
 */
export async function writeIfUnchanged(api: VaultApi, path: string, data: object, version: number): Promise<boolean> {
  try {
    await api.write(path, { options: { cas: version }, data }, z.unknown());
    return true;
  } catch (error) {
    if (isFailure(error, "VAULT_ANSWER_UNEXPECTED") && error.message.includes("check-and-set")) return false;
    throw error;
  }
}
