/**
 * Vault's policies, in their own language (HCL).
 * https://developer.hashicorp.com/vault/docs/concepts/policies
 */

export type Capability = "create" | "read" | "update" | "patch" | "delete" | "list" | "sudo" | "deny";

export interface Grant {
  readonly path: string;
  readonly may: readonly Capability[];
  /** Further lines, such as what a request may say. */
  readonly only?: readonly string[];
}

/** @param why what it is for, in a sentence */
export const policy = (why: string, grants: readonly Grant[]): string =>
  [`# ${why} Made by ssh-trust apply.`, ...grants.map(grantText)].join("\n") + "\n";

function grantText({ path, may, only = [] }: Grant): string {
  const capabilities = `capabilities = [${may.map((each) => `"${each}"`).join(", ")}]`;
  if (only.length === 0) return `path "${path}" { ${capabilities} }`;
  return [`path "${path}" {`, `  ${capabilities}`, ...only.map((line) => `  ${line}`), "}"].join("\n");
}
