import type { Env } from "./reader.js";

/** What tells other programs to go to an address directly, and everywhere else as before. */
export function withoutProxy(address: string, env: Env = process.env): Readonly<Record<"NO_PROXY" | "no_proxy", string>> {
  const listed = env["NO_PROXY"] ?? env["no_proxy"] ?? "";
  const all = [listed, new URL(address).hostname].filter((each) => each !== "").join(",");
  return { NO_PROXY: all, no_proxy: all };
}
