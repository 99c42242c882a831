/** Versions of hosts' entries, as the directory keeps them: a version never changes, and is read once. */
import { readVersions, versionsOf, type EntryVersion } from "../../host/history.js";
import type { VaultApi } from "../../vault/api.js";

/** Hosts whose versions are kept. */
const most = 300;

export interface Histories {
  /**
   * The versions of a host's entry, the oldest first.
   * @param latest the newest one, as it was read: it is not read again, and nothing is asked while it is the newest
   */
  of(name: string, latest: EntryVersion): Promise<readonly EntryVersion[]>;
  /** The same without asking Vault; undefined where they are not kept, or not up to this one. */
  kept(name: string, latest: EntryVersion): readonly EntryVersion[] | undefined;
}

interface Kept {
  readonly latest: number;
  readonly versions: Promise<readonly EntryVersion[]>;
  /** As soon as they have been read. */
  read?: readonly EntryVersion[];
}

export function keepHistories(api: () => VaultApi): Histories {
  const kept = new Map<string, Kept>();
  return {
    async of(name, latest) {
      const before = kept.get(name);
      kept.delete(name); // the one that was used last is forgotten last
      const mine: Kept =
        before?.latest === latest.version
          ? before
          : { latest: latest.version, versions: renew(api(), name, latest, before?.versions ?? Promise.resolve([])) };
      kept.set(name, mine);
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
      try {
        return (mine.read = await mine.versions);
      } catch (error) {
        if (kept.get(name) === mine) {
          // What was read before stays good.
          if (before?.read === undefined) kept.delete(name);
          else kept.set(name, before);
        }
        throw error;
      }
    },
    kept(name, latest) {
      if (latest.version === 1) return [latest];
      const mine = kept.get(name);
      return mine?.latest === latest.version ? mine.read : undefined;
    },
  };
}

async function renew(
  api: VaultApi,
  name: string,
  latest: EntryVersion,
  before: Promise<readonly EntryVersion[]>,
): Promise<readonly EntryVersion[]> {
  if (latest.version === 1) return [latest];
  const known = new Map([...(await before.catch(() => [])), latest].map((each) => [each.version, each]));
  const numbers = await versionsOf(api, name);
  const read = await readVersions(
    api,
    name,
    numbers.filter((number) => !known.has(number)),
  );
  const all = [...[...known.values()].filter(({ version }) => numbers.includes(version)), ...read];
  return all.sort((a, b) => a.version - b.version);
}
