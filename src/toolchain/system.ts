import { readFile } from "node:fs/promises";

/** What decides whether a missing program can be installed here. */
export interface System {
  /** Debian, Ubuntu, or another that takes Debian's packages. */
  readonly debian: boolean;
  readonly root: boolean;
}

/** The assignments of an os-release file (os-release(5)); comments and anything else are passed over. */
export function parseOsRelease(text: string): Readonly<Record<string, string>> {
  const entries = text.split("\n").flatMap((line): [string, string][] => {
    const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trim()) ?? [];
    if (name === undefined || value === undefined) return [];
    const [, , quoted] = /^(["'])(.*)\1$/.exec(value) ?? [];
    return [[name, (quoted ?? value).replace(/\\(.)/g, "$1")]];
  });
  return Object.fromEntries(entries);
}

/** Whether the system of this os-release file takes Debian's packages. */
export function isDebian(osRelease: string): boolean {
  const { ID = "", ID_LIKE = "" } = parseOsRelease(osRelease);
  return [ID, ...ID_LIKE.split(/\s+/)].some((id) => id === "debian" || id === "ubuntu");
}

export async function readSystem(file = "/etc/os-release"): Promise<System> {
  const text = await readFile(file, "utf8").catch(() => "");
  return { debian: isDebian(text), root: process.getuid?.() === 0 };
}
