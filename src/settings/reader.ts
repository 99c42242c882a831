/** How every reader of the environment takes a variable: the first that is set and not empty, checked. */
import { readFile } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import * as z from "zod";
import { fail, reasonOf } from "../errors/catalogue.js";

export type Env = Readonly<Record<string, string | undefined>>;

export interface Reading<T> {
  /** The variable that was set. */
  readonly name: string;
  readonly value: T;
}

/**
 * The first of these variables that is set, and what it says; undefined where none is.
 * @param secret whether its value must not be shown
 * @throws SETTING_INVALID
 */
export function readNamed<T>(
  env: Env,
  names: readonly string[],
  schema: z.ZodType<T>,
  { secret = false } = {},
): Reading<T> | undefined {
  const name = names.find((candidate) => env[candidate] !== undefined && env[candidate] !== "");
  if (name === undefined) return undefined;
  const parsed = schema.safeParse(env[name]);
  if (parsed.success) return { name, value: parsed.data };
  const problem = parsed.error.issues[0]?.message ?? "not valid";
  throw fail("SETTING_INVALID", { name, value: secret ? "(not shown)" : (env[name] ?? ""), problem });
}

/** Its value alone. @throws SETTING_INVALID */
export const read = <T>(env: Env, names: readonly string[], schema: z.ZodType<T>): T | undefined =>
  readNamed(env, names, schema)?.value;

export const httpAddress = z
  .url({ protocol: /^https?$/, error: "not an http or https address" })
  .refine((text) => !/\/\/[^/]*@/.test(text), "an address must not hold a password")
  .transform((text) => text.replace(/\/+$/, ""));

export const absolutePath = z.string().refine(isAbsolute, "not an absolute path");

/** A file as a person names it: from the folder that they stand in. */
export const file = z.string().transform((path) => resolve(path));

/** The text of a file that a variable names. @throws SETTING_INVALID, naming the variable */
export async function readNamedFile(name: string, path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: unknown) => {
    throw fail("SETTING_INVALID", { name, value: path, problem: reasonOf(error) }, error);
  });
}

/** What can stand in an HTTP header, such as a token. */
export const headerValue = z.string().regex(/^[\x21-\x7e]+$/, "holds characters that a header cannot have");

/** True or false, as Go's strconv.ParseBool reads it: so do the vault and bao commands. */
export const goBoolean = z
  .string()
  .regex(/^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/, "neither true nor false")
  .transform((text) => /^[1tT]/.test(text));
