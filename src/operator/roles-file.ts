/** A file of roles: which CAs Vault shall have, and what each may sign. JSON, with the names of `Stacks`. */
import { readFile } from "node:fs/promises";
import * as z from "zod";
import { fail, reasonOf } from "../errors/catalogue.js";
import { problemOf, type Stacks } from "../roles.js";

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

const tokens = z.strictObject({ name, period: seconds, aliases: z.string().min(1, "is empty") });

const rolesFile = z.strictObject({
  protect: z.boolean().default(true),
  cas: z.array(role).default([]),
  machines: z.array(z.strictObject({ stack: name, role, tokens })).default([]),
});

/**
 * @param file a path
 * @throws ROLES_FILE_INVALID: it cannot be read, is no JSON, has another form, or a role in it may not be
 */
export async function readRolesFile(file: string): Promise<Stacks> {
  const invalid = (problem: string, cause?: unknown) => fail("ROLES_FILE_INVALID", { file, problem }, cause);
  let data: unknown;
  try {
    data = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw invalid(reasonOf(error).replaceAll(/\s+/g, " "), error);
  }
  const parsed = rolesFile.safeParse(data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid([issue?.path.join(".") ?? "", issue?.message ?? ""].filter((part) => part !== "").join(": "));
  }
  const problem = problemOfAll(parsed.data);
  if (problem !== undefined) throw invalid(problem);
  return parsed.data;
}

function problemOfAll({ cas, machines }: Stacks): string | undefined {
  if (cas.length + machines.length === 0) return 'it names no role, neither in "cas" nor in "machines"';
  const named = [...cas.map((each) => [each.mount, each] as const), ...machines.map((each) => [each.stack, each.role] as const)];
  const seen = new Set<string>();
  for (const [stack, each] of named) {
    const problem = problemOf(each);
    if (problem !== undefined) return `the role "${each.name}" of "${each.mount}": ${problem}`;
    if (seen.has(stack)) return `two stacks are called "${stack}"`;
    seen.add(stack);
  }
  return undefined;
}
