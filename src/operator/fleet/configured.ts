/** The configuration that was synthesised, read back: which resources there are, and what each says. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

type Attributes = Readonly<Record<string, unknown>>;

export interface Resource {
  /** Such as "vault_mount.host-ca". */
  readonly address: string;
  readonly type: string;
  readonly attributes: Attributes;
}

export interface Configured {
  readonly resources: readonly Resource[];
  /** Of the data sources, by address. */
  readonly data: ReadonlyMap<string, Attributes>;
}

const section = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({});
const configuration = z.object({ resource: section, data: section });

/** @param dir where it was written */
export async function readConfigured(dir: string): Promise<Configured> {
  const { resource, data } = configuration.parse(JSON.parse(await readFile(join(dir, "cdk.tf.json"), "utf8")));
  const listed = (of: z.infer<typeof section>) =>
    Object.entries(of).flatMap(([type, all]) =>
      Object.entries(all).map(([name, attributes]) => ({ address: `${type}.${name}`, type, attributes })),
    );
  return {
    resources: listed(resource),
    data: new Map(listed(data).map(({ address, attributes }) => [`data.${address}`, attributes])),
  };
}

/**
 * Attributes with the references in them replaced by what they refer to, as far as the configuration says it. What only Vault
 * knows of a mount, its accessor, is replaced by the mount's path.
 */
export function referencesIn({ resources, data }: Configured, attributes: Attributes): Attributes {
  const of = (address: string) => data.get(address) ?? resources.find((each) => each.address === address)?.attributes;
  const resolved = (value: string) =>
    value.replaceAll(/\$\{((?:data\.)?\w+\.[\w-]+)\.(\w+)\}/g, (whole, address: string, key: string) => {
      const found = of(address)?.[key === "accessor" ? "path" : key];
      return typeof found === "string" ? found : whole;
    });
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [key, typeof value === "string" ? resolved(value) : value]),
  );
}
