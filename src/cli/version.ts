import { existsSync, readFileSync } from "node:fs";

/** What package.json says; it is above the sources, and above what is built from them. */
export function version(): string {
  let folder = new URL("../", import.meta.url);
  while (!existsSync(new URL("package.json", folder))) folder = new URL("../", folder);
  return (JSON.parse(readFileSync(new URL("package.json", folder), "utf8")) as { version: string }).version;
}
