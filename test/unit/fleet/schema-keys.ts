/** The keys of the fleet file, as its JSON schema has them. */
import type { JsonSchema } from "../../../src/fleet/json-schema.js";

/** Every key with its place, through lists and what may be one of several; names that a file chooses are left out. */
export function keysOf(schema: JsonSchema, path = ""): [path: string, schema: JsonSchema][] {
  const below = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([key, each]): [string, JsonSchema][] => [
      [`${path}${key}`, each],
      ...keysOf(each, `${path}${key}.`),
    ]),
    ...[...(schema.anyOf ?? []), ...[schema.items, below].filter((each) => each !== undefined)].flatMap((each) =>
      keysOf(each, path),
    ),
  ];
}
