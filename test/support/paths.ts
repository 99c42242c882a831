import type { AppliedFleet } from "./applied-fleet.js";

/**
 * What a token may do of all that the server has: of each path, with any name in it. So it shows what the wildcards of a policy happen to
 * match as well.
 * @param usual a token without the policy, whose rights are left out
 * @returns lines such as "identity/lookup/entity: update", sorted
 */
export async function mayOfAllPaths(
  { must, server }: Pick<AppliedFleet, "must" | "server">,
  token: string,
  usual: string,
): Promise<readonly string[]> {
  const { paths: all } = (await server.ask("sys/internal/specs/openapi")).body as unknown as { paths: object };
  const paths = Object.keys(all).map((path) => path.slice(1).replaceAll(/\{[^}]+\}/g, "any"));
  const may = async (by: string) =>
    (await must("sys/capabilities", { body: { token: by, paths } })).data as Readonly<Record<string, readonly string[]>>;
  const [less, whole] = await Promise.all([may(usual), may(token)]);
  // Vault writes those that are listed with a slash at the end.
  const more = paths.filter((path) => String(whole[path]) !== String(less[path]));
  const real = more.filter((path) => !path.endsWith("/") || whole[path]?.includes("list") === true);
  const told = real.map((path) => `${path.replace(/\/$/, "")}: ${[...(whole[path] ?? [])].sort().join(", ")}`);
  return [...new Set(told)].sort();
}
