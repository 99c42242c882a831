import * as z from "zod";
import { fail } from "../errors/catalogue.js";
import type { VaultApi } from "./api.js";

const mountAnswer = z.object({ data: z.object({ accessor: z.string().min(1) }) });

/**
 * The accessor of a mount below auth/, by the path that any token may ask which can use the mount: registrars may not read the table of
 * all mounts.
 */
export async function accessorOf(api: VaultApi, authMount: string): Promise<string> {
  const path = `sys/internal/ui/mounts/auth/${authMount}`;
  const found = await api.read(path, mountAnswer);
  if (found === undefined) throw fail("VAULT_ANSWER_UNEXPECTED", { path, what: "there is no such mount" });
  return found.data.accessor;
}
