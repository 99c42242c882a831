/** A file of roles: which CAs Vault shall have, and what each may sign. JSON, with the names of `SshRole`. */
import { readFile } from "node:fs/promises";
import * as z from "zod";
import { fail, reasonOf } from "../errors/catalogue.js";
import { problemOf, type SshRole, type Stacks } from "../roles.js";

/** It becomes a path of Vault's API, a folder, and a name in Terraform. */
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, "is not a name: letters, digits, - and _, at most 63");
const seconds = z.number().int("is not in whole seconds").positive("is not positive");

const role = z.strictObject({
  mount: name,
  name,
  certificates: z.enum(["host", "user"], 'is neither "host" nor "user"'),
  principals: z.array(z.string()),
  ttl: seconds,
  maxTtl: seconds,
  extensions: z.record(z.string(), z.string()).default({}),
});

const rolesFile = z.strictObject({
  protect: z.boolean().default(true),
  cas: z.array(role).min(1, "names no role"),
});

/**
 * @param file a path
 * @throws ROLES_FILE_MISSING; ROLES_FILE_INVALID: it is no JSON, has another form, or a role in it may not be
 */
export async function readRolesFile(file: string): Promise<Stacks> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw fail("ROLES_FILE_MISSING", { file, reason: reasonOf(error) }, error);
  });
  const parsed = rolesFile.safeParse(jsonOf(text, file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const problem = [issue?.path.join(".") ?? "", issue?.message ?? ""].filter((part) => part !== "").join(": ");
    throw fail("ROLES_FILE_INVALID", { file, problem });
  }
  const problem = problemOfAll(parsed.data.cas);
  if (problem !== undefined) throw fail("ROLES_FILE_INVALID", { file, problem });
  return parsed.data;
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw fail("ROLES_FILE_INVALID", { file, problem: reasonOf(error).replaceAll(/\s+/g, " ") }, error);
  }
}

function problemOfAll(cas: readonly SshRole[]): string | undefined {
  for (const each of cas) {
    const problem = problemOf(each);
    if (problem !== undefined) return `the role "${each.name}" of "${each.mount}": ${problem}`;
  }
  const twice = cas.find(({ mount }, index) => cas.findIndex((other) => other.mount === mount) < index);
  return twice === undefined ? undefined : `two roles have the mount "${twice.mount}": each CA has one here`;
}
