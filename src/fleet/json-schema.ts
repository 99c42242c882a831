/** The JSON schema of the fleet file, for editors: completion, what a key is for, what is wrong as it is typed. */
import * as z from "zod";
import type { Path } from "./mistakes.js";
import { fleetFile } from "./schema/fleet-file.js";

/** What is used here of a JSON schema. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

let made: JsonSchema | undefined;

/**
 * The JSON schema of the fleet file: draft-07, which every editor's YAML support reads. It has the shape alone: names that belong
 * together, parseFleet checks. It is made once; do not change it.
 * @example
 * ```ts
 * import { fleetJsonSchema } from "ssh-trust";
 *
 * const { required, properties } = fleetJsonSchema();
 * console.log(required); // [ 'vault', 'domains', 'hosts' ]
 * console.log(properties?.["session"]?.default); // 10h
 * ```
 */
export function fleetJsonSchema(): JsonSchema {
  made ??= z.toJSONSchema(fleetFile, { target: "draft-7", io: "input" }) as JsonSchema;
  return made;
}

/** What may stand at a path: several where a value may be of several kinds. */
export function schemaAt(schema: JsonSchema, path: Path): readonly JsonSchema[] {
  const here = [schema, ...(schema.anyOf ?? []).flatMap((each) => schemaAt(each, []))];
  const [step, ...rest] = path;
  if (step === undefined) return here;
  return here.flatMap(({ properties, additionalProperties, items }) => {
    const named =
      typeof step === "string" && properties !== undefined && Object.hasOwn(properties, step) ? properties[step] : undefined;
    const open = typeof additionalProperties === "object" ? additionalProperties : undefined;
    const next = typeof step === "number" ? items : (named ?? open);
    return next === undefined ? [] : schemaAt(next, rest);
  });
}
