/** Names in Terraform take no dot. An underscore, which a domain may have, is never beside one. */
export const asId = (name: string): string => name.replaceAll("_", "__").replaceAll(".", "_");

export const idOf = (kind: string, name: string): string => `${kind}_${asId(name)}`;

/** Names that somebody else chooses, such as a provider's groups: hexadecimal where a character is no name's. */
export const foreignIdOf = (kind: string, name: string): string =>
  `${kind}_${name.replaceAll(/[^a-z0-9-]/gu, (each) => `_${each.codePointAt(0)?.toString(16) ?? ""}_`)}`;

/** The accessor of an auth mount of this stack, or of one that is there already. */
export const accessorOf = (id: string, kind: "vault_auth_backend" | "data.vault_auth_backend" = "vault_auth_backend"): string =>
  `\${${kind}.${id}.accessor}`;
